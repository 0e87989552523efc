"""Reading the administrators' forms."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from portal.administration.listing import Draft
from portal.administration.service import Newcomer, Works
from portal.core.ids import new_id
from portal.core.text import Bilingual, pmsg
from portal.directory.helping import HelpText
from portal.directory.matters import Procedure
from portal.directory.rules import (
    BODY_ROLES,
    SYSTEM_ROLES,
    EngagementKind,
    HelpKind,
    Prescribed,
    RoleName,
    read_networks,
)
from portal.directory.service import Contacts, RoleOffer
from portal.identity.rules import InvitationPurpose
from portal.web import forms
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id

NAME_MAX, POST_MAX, CONTACT_MAX, NETWORKS_MAX, PROCEDURE_MAX = 120, 200, 2000, 2000, 2000
HELP_MAX, LINK_MAX = 600, 300
LINK = re.compile(r"https://[^\s/\"<>]+(/[^\s\"<>]*)?")
HELP_FIELDS = (
    "kind", "name_cy", "name_en", "for_cy", "for_en", "contact_cy", "contact_en", "link", "prescribed", "source",
    "checked",
)  # fmt: skip
BOTH_LANGUAGES = pmsg("error", "Write this in both languages")


@dataclass(frozen=True, slots=True)
class Offered:
    """What the page offered to choose from: workplaces, staff groups and systems, by id or slug."""

    workplaces: Collection[str] = ()
    staff_groups: Collection[str] = ()
    systems: Collection[str] = ()


@dataclass(slots=True)
class Invitation:
    """Who is invited, and how the link travels."""

    newcomer: Newcomer
    purpose: InvitationPurpose
    problems: Problems = field(default_factory=Problems)


def read_name(fields: FieldBag, problems: Problems) -> str:
    return forms.text(fields, "name", problems, most=NAME_MAX, required=pmsg("error", "Enter the person’s name"))


def read_purpose(fields: FieldBag, problems: Problems) -> InvitationPurpose:
    asked = forms.choice(
        fields,
        "purpose",
        problems,
        allowed=[purpose.value for purpose in InvitationPurpose],
        required=pmsg("error", "Choose how to send the invitation"),
    )
    return InvitationPurpose(asked or InvitationPurpose.MAIL.value)


def read_invitation(fields: FieldBag, offered: Offered) -> Invitation:
    """A newcomer; where they work is asked of a body's people only, and is all or nothing."""
    problems = Problems()
    name = read_name(fields, problems)
    email = forms.email(fields, "email", problems, required=pmsg("error", "Enter an email address"))
    works = _read_works(fields, offered, problems)
    purpose = read_purpose(fields, problems)
    return Invitation(Newcomer(name, email, works), purpose, problems)


def _read_works(fields: FieldBag, offered: Offered, problems: Problems) -> Works | None:
    asked = [fields.one(name) for name in ("workplace", "staff_group", "kind")]
    if not any(asked):
        return None
    workplace = forms.choice(
        fields, "workplace", problems, allowed=offered.workplaces, required=pmsg("error", "Choose a workplace")
    )
    group = forms.choice(
        fields, "staff_group", problems, allowed=offered.staff_groups, required=pmsg("error", "Choose a staff group")
    )
    kind = forms.choice(
        fields,
        "kind",
        problems,
        allowed=[kind.value for kind in EngagementKind],
        required=pmsg("error", "Choose a kind of contract"),
    )
    return Works(workplace, group, EngagementKind(kind)) if workplace and group and kind else None


def read_role(fields: FieldBag, offered: Offered, problems: Problems, *, body_id: str) -> RoleOffer | None:
    """A role of the body. Only those of ``SYSTEM_ROLES`` may name a system; a post is written in both languages."""
    role = forms.choice(
        fields, "role", problems, allowed=[role.value for role in BODY_ROLES], required=pmsg("error", "Choose a role")
    )
    system = forms.choice(fields, "system", problems, allowed=offered.systems)
    if system and role not in {wanted.value for wanted in SYSTEM_ROLES}:
        problems["system"] = pmsg("error", "Only a responsible manager or a holder of the off-switch is for one system")
    post = _read_pair(fields, "post", problems, most=POST_MAX)
    if problems:
        return None
    return RoleOffer(
        RoleName(role),
        body_id=body_id,
        system_slug=system or None,
        post=post,
        is_deputy="deputy" in fields.many("options"),
        shown_by_name="shown_by_name" in fields.many("options"),
    )


def read_contacts(fields: FieldBag, problems: Problems) -> Contacts:
    """Whom to ask, in both languages or in neither."""
    return Contacts(
        accessibility=_read_pair(fields, "accessibility", problems, most=CONTACT_MAX),
        data_protection=_read_pair(fields, "data_protection", problems, most=CONTACT_MAX),
        welsh_language=_read_pair(fields, "welsh_language", problems, most=CONTACT_MAX),
    )


def read_own_networks(fields: FieldBag, problems: Problems) -> str:
    """Address ranges, one a line, as they were typed; a line that is none is told."""
    typed = forms.text(fields, "networks", problems, most=NETWORKS_MAX)
    _networks, wrong = read_networks(typed)
    if wrong:
        problems["networks"] = pmsg(
            "error", "This is not an address range: {line}. Write it like 10.20.0.0/16 or 192.0.2.7", line=wrong[0]
        )
    return typed


def read_help(fields: FieldBag, problems: Problems) -> Draft | None:
    """A line of the list of other help: whom, for what and how to reach them, in both languages."""
    kind = forms.choice(
        fields, "kind", problems, allowed=set(HelpKind), required=pmsg("error", "Choose what sort of place it is")
    )
    name, what = _both(fields, "name", problems, most=POST_MAX), _both(fields, "for", problems, most=HELP_MAX)
    contact = _read_pair(fields, "contact", problems, most=HELP_MAX)
    link = forms.text(fields, "link", problems, most=LINK_MAX)
    if link and not LINK.fullmatch(link):
        problems["link"] = pmsg("error", "Enter a whole, secure web address, as the browser shows it")
    mark = forms.choice(
        fields,
        "prescribed",
        problems,
        allowed=set(Prescribed),
        required=pmsg("error", "Choose whether it is a prescribed person"),
    )
    source = forms.text(fields, "source", problems, most=LINK_MAX)
    if problems:
        return None
    text = HelpText(HelpKind(kind), name, what, contact, link, Prescribed(mark), source)
    return Draft(form_id(fields) or new_id(), text, fields.one("checked") == "yes")


def _both(fields: FieldBag, name: str, problems: Problems, *, most: int) -> Bilingual:
    """A text that has to be there in both languages."""
    halves = [
        forms.text(fields, f"{name}_{half}", problems, most=most, required=BOTH_LANGUAGES) for half in ("cy", "en")
    ]
    return Bilingual(*halves)


def read_procedure(fields: FieldBag, problems: Problems, *, today: date) -> Procedure | None:
    """Whether the portal is an authorised procedure; if it is, with everything that has to stand beside it."""
    answer = forms.choice(
        fields, "is_authorised", problems, allowed=("yes", "no"), required=pmsg("error", "Choose yes or no")
    )
    if answer == "no":
        return Procedure(is_authorised=False)
    words = _both(fields, "words", problems, most=PROCEDURE_MAX)
    since = forms.day(
        fields, "since", problems, required=pmsg("error", "Enter the day of the decision"), not_after=today
    )
    signed = _both(fields, "signed_by", problems, most=POST_MAX)
    return None if problems else Procedure(is_authorised=True, words=words, since=since, signed_by=signed)


def _read_pair(fields: FieldBag, name: str, problems: Problems, *, most: int) -> Bilingual:
    values: Mapping[str, str] = {
        half: forms.text(fields, f"{name}_{half}", problems, most=most) for half in ("cy", "en")
    }
    for half, other in (("cy", "en"), ("en", "cy")):
        if values[other] and not values[half]:
            problems[f"{name}_{half}"] = BOTH_LANGUAGES
    return Bilingual(values["cy"], values["en"])
