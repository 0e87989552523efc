"""The pages of a reader's keys: their own, and those of the people of their side."""

import json
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from markupsafe import Markup
from starlette.responses import Response

from anonymity.encoding import from_b64u, to_b64u
from anonymity.errors import CannotOpen
from anonymity.fingerprint import KEY_ID_BYTES, fingerprint
from portal.authz.permissions import Permission
from portal.concerns.delivery import answer, attempt
from portal.concerns.desk import keyrings, sides
from portal.concerns.desk.service import LONGEST_KEYS, keep_keys
from portal.concerns.models import RecipientKey, RecipientPasskey
from portal.concerns.queries import find_live_key
from portal.core.db import Session
from portal.core.errors import NotFound, Refused
from portal.core.text import pmsg
from portal.directory.models import Person
from portal.web.anonymous import Fields, Read, Write
from portal.web.dependencies import SignedIn, SignedVisit, requires
from portal.web.fields import read_raw
from portal.web.forms import Problems
from portal.web.rendering import redirect, render

router = APIRouter(prefix="/my/keys", dependencies=[requires(Permission.CONCERNS_DESK)])

KeyBytes = Annotated[bytes, Depends(read_raw(LONGEST_KEYS))]
NOT_COMPARED = pmsg("error", "Compare the six words with your colleague first, then tick the box")


@router.get("")
def keys(visit: SignedVisit, session: Read) -> Response:
    """Where a reader makes their keys, or sees what they have and whom they may confirm."""
    return _page(visit, session)


@router.post("")
def make_keys(visit: SignedVisit, octets: KeyBytes, session: Write) -> Response:
    """Keep the public half and the sealed keyring that a device made."""
    had = find_live_key(session, visit.actor.person_id)

    def keep() -> RecipientKey:
        key = keep_keys(session, visit.actor, octets, today=visit.today)
        if had is None:
            _announce(visit, session, "concerns.key_made")
        return key

    return attempt(keep, found=lambda _key: answer(201))


@router.post("/new")
def replace_keys(visit: SignedVisit, octets: KeyBytes, session: Write) -> Response:
    """End the live key and keep a new one, announced to its owner and their side."""

    def replace() -> None:
        keyrings.replace_keys(session, visit.actor, octets, today=visit.today)
        _announce(visit, session, "concerns.key_replaced")

    return attempt(replace, found=lambda _nothing: answer(201))


@router.post("/words")
def change_words(visit: SignedVisit, octets: KeyBytes, session: Write) -> Response:
    """The same keys under other recovery words."""
    return attempt(lambda: keyrings.change_words(session, visit.actor, octets), found=lambda _key: answer(201))


@router.post("/passkeys")
def add_passkey(visit: SignedVisit, octets: KeyBytes, session: Write) -> Response:
    """The same keys, sealed to a passkey besides."""
    add: Callable[[], RecipientPasskey] = lambda: keyrings.add_passkey(  # noqa: E731 - one step of the box
        session, visit.actor, octets, today=visit.today
    )
    return attempt(add, found=lambda _passkey: answer(201))


@router.post("/passkeys/remove")
def remove_passkey(visit: SignedVisit, session: Write, fields: Fields) -> Response:
    """Forget one passkey: what was sealed to it opens nothing here any more."""
    keyrings.remove_passkey(session, visit.actor, fields.one("passkey"))
    return redirect(visit, "/my/keys")


@router.get("/ring")
def ring(visit: SignedVisit, session: Read) -> Response:
    """The actor's own keyring, sealed to their words and to each of their passkeys."""
    key = find_live_key(session, visit.actor.person_id)
    if key is None:
        return answer(404)
    passkeys = [
        {"credential": to_b64u(one.credential), "keyring": to_b64u(one.keyring)}
        for one in keyrings.list_passkeys(session, key)
    ]
    card = {"recipient": key.recipient, "sign": to_b64u(key.sign), "v": 1}
    return answer(200, {"card": card, "keyring": to_b64u(key.keyring), "passkeys": passkeys})


@router.post("/confirm")
def confirm(visit: SignedVisit, session: Write, fields: Fields) -> Response:
    """A colleague's six words were compared aloud with these."""
    try:
        key_id = from_b64u(fields.one("key"), KEY_ID_BYTES)
    except CannotOpen:
        raise NotFound from None
    name = f"compared-{to_b64u(key_id)}"
    if fields.one("compared") != "yes":
        sides.get_colleague(session, visit.actor, key_id, today=visit.today)
        return _page(visit, session, problems=Problems({name: NOT_COMPARED}))
    try:
        sides.confirm_key(session, visit.actor, key_id, today=visit.today, now=visit.now)
    except Refused:
        return _page(visit, session, problems=Problems({name: sides.OWN_IS_NEW}))
    return redirect(visit, "/my/keys")


def _announce(visit: SignedIn, session: Session, event: str) -> None:
    sides.announce_key(
        session,
        visit.actor,
        event=event,
        vault=visit.vault,
        address=visit.settings.public_url.rstrip("/"),
        today=visit.today,
        now=visit.now,
    )


def _page(visit: SignedIn, session: Session, *, problems: Problems | None = None) -> Response:
    key = find_live_key(session, visit.actor.person_id)
    passkeys = keyrings.list_passkeys(session, key) if key else []
    return render(
        visit,
        "concerns/keys.html",
        problems=problems,
        scripts=True,
        key=key,
        is_confirmed=key is not None and sides.is_own_confirmed(visit.actor, key),
        fingerprint=_words(visit, key) if key else "",
        fingerprint_other=" ".join(fingerprint(key.key_id, visit.locale.other.value)) if key else "",
        passkey_name=f"Porth: {session.get_one(Person, visit.actor.person_id).email}",
        passkeys=passkeys,
        handles=handles(passkeys),
        colleagues=[
            (to_b64u(one.key.key_id), one, _words(visit, one.key))
            for one in (sides.list_colleagues(session, visit.actor, today=visit.today) if key else [])
        ],
    )


def handles(passkeys: list[RecipientPasskey]) -> Markup:
    """What a browser needs to ask for these passkeys, in a script element that no browser runs; nothing is secret."""
    listed: list[dict[str, Any]] = [
        {
            "credential": to_b64u(one.credential),
            "salt": to_b64u(one.salt),
            "transports": one.transports.split(",") if one.transports else [],
        }
        for one in passkeys
    ]
    return Markup(json.dumps(listed).replace("<", "\\u003c"))  # noqa: S704 - base64url and known words


def _words(visit: SignedIn, key: RecipientKey) -> str:
    return " ".join(fingerprint(key.key_id, visit.locale.value))
