"""The recipients' pages, and the four addresses their script speaks to."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from anonymity.encoding import from_b64u, to_b64u
from anonymity.errors import CannotOpen
from anonymity.fingerprint import fingerprint
from anonymity.submission import LONGEST_REPLY
from portal.authz.permissions import Permission
from portal.concerns.delivery import answer, attempt, delivery
from portal.concerns.desk.service import LONGEST_KEYS, add_item, keep_keys, own_key_ids
from portal.concerns.queries import find_live_key, find_posts, list_people_of_keys, post_of
from portal.core.db import Session
from portal.core.errors import NotFound
from portal.core.text import Bilingual, Locale
from portal.directory.queries import list_bodies
from portal.mailbox.queries import get_case_for_key, list_cases, list_grants, list_items, list_keys
from portal.mailbox.rules import week_of
from portal.web.dependencies import Read, SignedVisit, Write, requires
from portal.web.fields import read_raw
from portal.web.rendering import render

router = APIRouter(prefix="/my", dependencies=[requires(Permission.CONCERNS_DESK)])

KeyBytes = Annotated[bytes, Depends(read_raw(LONGEST_KEYS))]
ItemBytes = Annotated[bytes, Depends(read_raw(LONGEST_REPLY))]
CASE_BYTES = 16


@router.get("/keys")
def keys(visit: SignedVisit, session: Read) -> Response:
    """Where a reader makes their keys, or sees the fingerprint of the ones they have."""
    key = find_live_key(session, visit.actor.person_id)
    return render(
        visit,
        "concerns/keys.html",
        scripts=key is None,
        key=key,
        fingerprint=" ".join(fingerprint(key.key_id, visit.locale.value)) if key else "",
        fingerprint_other=" ".join(fingerprint(key.key_id, visit.locale.other.value)) if key else "",
    )


@router.post("/keys")
def make_keys(visit: SignedVisit, octets: KeyBytes, session: Write) -> Response:
    """Keep the public half and the sealed keyring that a device made."""
    return attempt(lambda: keep_keys(session, visit.actor, octets, today=visit.today), found=lambda _key: answer(201))


@router.get("/keys/ring")
def ring(visit: SignedVisit, session: Read) -> Response:
    """The actor's own sealed keyring."""
    key = find_live_key(session, visit.actor.person_id)
    if key is None:
        return answer(404)
    card = {"recipient": key.recipient, "sign": to_b64u(key.sign), "v": 1}
    return answer(200, {"card": card, "keyring": to_b64u(key.keyring)})


@router.get("/concerns")
def concerns(visit: SignedVisit, session: Read) -> Response:
    """The threads that the actor holds a grant in: a week and a state, nothing more is known here."""
    own = own_key_ids(session, visit.actor)
    cut = list_cases(session, own, cursor=visit.request.query_params.get("after"))
    names = {body.id: Bilingual(body.name_cy, body.name_en) for body in list_bodies(session)}
    return render(
        visit,
        "concerns/desk.html",
        scripts=bool(own),
        has_keys=bool(own),
        lines=[
            (to_b64u(line.case_id), names[line.body_id], week_of(line.opened_day), line.state) for line in cut.items
        ],
        next_cursor=cut.next_cursor,
        chosen=None,
    )


@router.get("/concerns/{case}/thread")
def thread(visit: SignedVisit, session: Read, case: str) -> Response:
    """One sealed thread, with the actor's own grants."""

    def look_up() -> dict[str, Any]:
        own = own_key_ids(session, visit.actor)
        found = get_case_for_key(session, case_bytes(case), own)
        content = delivery(found, list_grants(session, found.case_id, own), list_items(session, found.case_id))
        return content | {"readers": _readers(session, visit.locale, found.case_id, visit)}

    return attempt(look_up, found=lambda content: answer(200, content))


@router.post("/concerns/{case}/items")
def items(visit: SignedVisit, octets: ItemBytes, session: Write, case: str) -> Response:
    """Take a reader's sealed answer."""
    return attempt(
        lambda: add_item(session, visit.actor, case_bytes(case), octets, today=visit.today),
        found=lambda _nothing: answer(201),
    )


def case_bytes(case: str) -> bytes:
    """A thread's id from an address; NotFound for nonsense."""
    try:
        return from_b64u(case, CASE_BYTES)
    except CannotOpen:
        raise NotFound from None


def _readers(session: Session, locale: Locale, case_id: bytes, visit: SignedVisit) -> list[dict[str, str]]:
    """The thread's readers as everybody in it may know them: by post, and by name where they agreed to be shown."""
    people = list_people_of_keys(session, list_keys(session, case_id))
    posts = find_posts(session, [person.id for _key, person in people.values()], today=visit.today)
    lines = []
    for key_id, (key, person) in people.items():
        holding = posts.get(person.id)
        title = post_of(holding).get(locale) if holding else ""
        shown = person.display_name if holding is not None and holding.shown_by_name else ""
        own = person.id == visit.actor.person_id
        name = " – ".join(part for part in (person.display_name if own else shown, title) if part)
        lines.append(
            {
                "key": to_b64u(key_id),
                "sign": to_b64u(key.sign),
                "name": name or " ".join(fingerprint(key_id, locale.value)),
            }
        )
    return lines
