"""What a poster or a sticker says: the same in Welsh and in English, side by side, neither larger."""

from collections.abc import Callable
from dataclasses import dataclass

from portal.core.text import Bilingual, Locale, Message, msg, pmsg
from portal.i18n.catalogue import Catalogue
from portal.register.posters.places import Place
from portal.register.posters.qr import address_of, spoken
from portal.register.queries import PublishedSystem
from portal.register.rules import IN_USE, SystemState

STICKERS = 10
"""On one sheet of A4: two columns of five, as sheets of labels of 99.1 × 57 mm have them."""

MUCH_TEXT = 260
"""From so many letters on, a poster is set in smaller type, so that it stays on one page."""

ROOM_ON_A_STICKER = 160
"""Up to so many letters of name, place and sentence, a sticker says what the system does."""


@dataclass(frozen=True, slots=True)
class Half:
    """One language of a poster, finished."""

    lang: str
    here: str
    where: str
    name: str
    sentence_title: str
    sentence: str
    rights_title: str
    rights: tuple[str, ...]
    look_again: str
    scan: str
    picture: str
    picture_text: str
    address: str
    code_label: str
    responsible: str
    told: str
    body: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A poster or a sticker in both languages, Welsh first."""

    halves: tuple[Half, ...]
    short_code: str
    is_dense: bool
    is_brief: bool


def make_sheet(system: PublishedSystem, place: Place | None, *, public_url: str, pseudo: bool = False) -> Sheet:
    """Everything that is printed about one system at one place, or anywhere."""
    halves = tuple(_half(system, place, locale, public_url, pseudo) for locale in (Locale.CY, Locale.EN))
    most = max(len(half.name + half.sentence + half.where + half.responsible + half.body) for half in halves)
    on_sticker = max(len(half.name + half.where + half.sentence) for half in halves)
    return Sheet(halves, system.short_code, is_dense=most > MUCH_TEXT, is_brief=on_sticker <= ROOM_ON_A_STICKER)


def _half(system: PublishedSystem, place: Place | None, locale: Locale, public_url: str, pseudo: bool) -> Half:
    say: Callable[[Message], str] = Catalogue.for_locale(locale, pseudo=pseudo).say
    record, address = system.record, spoken(address_of(public_url, locale, system.short_code))
    post = Bilingual(record.responsible.cy, record.responsible.en).get(locale)
    return Half(
        lang=locale.value,
        here=say(_here(system.state)),
        where=say(msg("Place: {place}", place=place.name)) if place else "",
        name=system.name.get(locale),
        sentence_title=say(msg("What it does")),
        sentence=record.one_sentence.get(locale),
        rights_title=say(msg("What you may do")),
        rights=tuple(say(right) for right in _RIGHTS),
        look_again=say(_LOOK_AGAIN),
        scan=say(msg("Scan this with a phone, or type the address:")),
        picture=f"/{locale.value}/s/{system.short_code}/qr.svg",
        picture_text=say(msg("QR code of the address: {address}", address=address)),
        address=address,
        code_label=say(pmsg("on a poster", "Code")),
        responsible=say(msg("Responsible: {post}", post=post)),
        told=say(msg("As the register says on {date}, version {n}", date=system.published_on, n=system.number)),
        body=system.body.get(locale),
    )


def _here(state: SystemState) -> Message:
    if state in IN_USE:
        return msg("A computer system is used in the work here")
    if state in {SystemState.SUSPENDED, SystemState.RETIRED}:
        return msg("A computer system is no longer used in the work here, or is switched off for now")
    return msg("A computer system is planned for the work here")


_LOOK_AGAIN = msg("You may ask a person to look again.")

_RIGHTS = (
    msg("Read what it decides, what it only advises on, and what it never does."),
    msg("Ask for what it holds about you."),
    msg("Ask a person to look again at a decision that it made or influenced."),
    msg("Raise a concern, with or without your name."),
)
