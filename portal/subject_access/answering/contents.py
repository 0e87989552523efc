"""What goes into a pack: the letter, the files with what each is, and what was held back and why, in plain words."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.core.text import Bilingual, Locale, Message, msg
from portal.core.vault import Vault
from portal.directory.queries import get_body
from portal.documents.kinds import FileKind
from portal.i18n.sorting import fold
from portal.register.queries import get_system_by_id
from portal.subject_access.answering.models import SignOff
from portal.subject_access.answering.queries import open_words
from portal.subject_access.material import queries as material
from portal.subject_access.material.models import Material
from portal.subject_access.material.queries import HeldBack, Outgoing
from portal.subject_access.material.rules import Decision, Exemption, ReporterAnswer
from portal.subject_access.searching.models import SearchPlace, SearchTask
from portal.subject_access.searching.queries import name_of

LONGEST_NAME = 40
PLAIN: Mapping[Exemption, Message] = {
    Exemption.NOT_ABOUT_THEM: msg("This is not about you, so the right to a copy does not reach it."),
    Exemption.OTHER_PEOPLE: msg(
        "This is about other people, and it would not be fair to them to give it to you without their agreement."
    ),
    Exemption.PRIVILEGE: msg("This is legal advice, or was made for legal proceedings. The law keeps it confidential."),
    Exemption.CRIME_AND_TAX: msg("Giving this would make it harder to prevent or detect crime, or to collect tax."),
    Exemption.RISK_ASSESSMENT: msg("This belongs to an assessment of the risk of crime or of tax evasion."),
    Exemption.PUBLIC_PROTECTION: msg(
        "Giving this would make it harder to protect the public, for example by an audit."
    ),
    Exemption.MANAGEMENT_PLANNING: msg("This is about plans of the whole organisation that are not settled yet."),
    Exemption.NEGOTIATIONS: msg("This shows what we intend in negotiations with you that are not over."),
    Exemption.REFERENCES: msg("This is a reference that was given in confidence."),
    Exemption.EXAM_MARKS: msg("These are marks that have not been announced yet. You can ask again when they are."),
    Exemption.HEALTH: msg("A health professional has to say first that giving this would not cause serious harm."),
}
"""What the person who asks is told. The officer's own notes of reasons never go out: they may say who is protected."""


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file of the pack: its name there, what it is, where it was found, and where its sealed bytes lie."""

    name: str
    kind: FileKind
    what: str
    place: Bilingual | None
    period_from: date | None
    period_to: date | None
    cut_because: tuple[Exemption, ...]
    pictured: int
    size: int
    sha256: bytes
    blob_id: str
    context: str


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that a pack is made of; the same contents make the same ``fingerprint``."""

    reference: str
    body: Bilingual
    lang: Locale
    words: str
    about: str
    glossary: tuple[tuple[str, str], ...]
    proposed_at: datetime
    files: tuple[PackFile, ...]
    held_back: tuple[tuple[Exemption, int], ...]

    @property
    def fingerprint(self) -> bytes:
        told = {
            "case": self.reference,
            "lang": self.lang.value,
            "letter": [self.words, self.about, [list(pair) for pair in self.glossary]],
            "files": [[one.name, one.what, one.sha256.hex(), list(one.cut_because)] for one in self.files],
            "held_back": [list(pair) for pair in self.held_back],
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).digest()


def gather(session: Session, case: Case, sign_off: SignOff, vault: Vault) -> Contents:
    """The contents as they are now."""
    body = get_body(session, case.body_id)
    going = material.outgoing(session, case)
    partly = {held.item.id: held.exemptions for held in going.held_back if held.decision is Decision.PART}
    return Contents(
        reference=case.reference,
        body=Bilingual(body.name_cy, body.name_en),
        lang=Locale(sign_off.lang),
        words=open_words(sign_off, "words", vault).reveal(),
        about=open_words(sign_off, "supplementary", vault).reveal(),
        glossary=read_glossary(open_words(sign_off, "glossary", vault).reveal()),
        proposed_at=sign_off.proposed_at,
        files=tuple(_file(session, one, partly.get(one.item.id, ()), vault) for one in going.copies),
        held_back=_count_held_back(going.held_back),
    )


def _count_held_back(held_back: tuple[HeldBack, ...]) -> tuple[tuple[Exemption, int], ...]:
    """How much was withheld whole, by reason and no closer: not where it lies, nor what it is.

    What comes from somebody who raised a concern is not counted: that there is anything would tell. What is not about
    the person is not theirs, so nothing of theirs is withheld with it.
    """
    counted = Counter(
        held.exemptions[0]
        for held in held_back
        if held.decision is Decision.WITHHOLD and held.exemptions and held.item.reporter is not ReporterAnswer.YES
    )
    del counted[Exemption.NOT_ABOUT_THEM]
    return tuple((exemption, counted[exemption]) for exemption in Exemption if counted[exemption])


def _file(session: Session, one: Outgoing, cut_because: tuple[Exemption, ...], vault: Vault) -> PackFile:
    said = material.open_words(one.item, "said", vault)
    place = _place(session, one.item)
    return PackFile(
        name=_clean_name(one.item.number, place, one.name(vault)),
        kind=one.copy.kind,
        what=said.reveal() if said else "",
        place=place,
        period_from=one.item.period_from,
        period_to=one.item.period_to,
        cut_because=cut_because,
        pictured=len(one.copy.pictured),
        size=one.copy.size,
        sha256=one.copy.sha256,
        blob_id=one.blob_id,
        context=one.context,
    )


def _place(session: Session, item: Material) -> Bilingual | None:
    """Where it was found: the place of its search, or the system that somebody named."""
    task = session.get(SearchTask, item.task_id) if item.task_id else None
    if task is not None:
        return name_of(session, session.get_one(SearchPlace, task.place_id))
    return get_system_by_id(session, item.system_id).name if item.system_id else None


def _clean_name(number: int, place: Bilingual | None, name: str) -> str:
    """Number, place and ending, in letters that every device can write. The name that a file came with may name
    somebody, so it stays behind."""
    stem, dot, ending = name.rpartition(".")
    plain = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in fold(place.en if place else ""))
    slug = "-".join(filter(None, plain[:LONGEST_NAME].split("-")))
    tail = "".join(sign for sign in ending.lower() if sign.isascii() and sign.isalnum())[:5] if dot and stem else ""
    return f"{number:03d}" + (f"-{slug}" if slug else "") + (f".{tail}" if tail else "")


def read_glossary(typed: str) -> tuple[tuple[str, str], ...]:
    """Lines like ``SB2 = second break``: a code of the files and what it means."""
    pairs = (line.partition("=") for line in typed.split("\n"))
    return tuple((code.strip(), means.strip()) for code, _sign, means in pairs if code.strip() and means.strip())
