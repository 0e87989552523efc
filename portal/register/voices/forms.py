"""The forms of both sides as data, and what was typed on them."""

from collections.abc import Sequence
from datetime import date, timedelta

from portal.core.text import Message, msg, pmsg
from portal.register.asking import Ask, both, read_id
from portal.register.lifecycle.forms import read_both
from portal.register.parts import Both
from portal.register.positions import SAID_BY_UNIONS
from portal.register.record import DecisionPoint
from portal.register.rules import Position
from portal.register.talks import LONGEST_NOTE, OFFER_KINDS, OfferKind
from portal.register.terms import TalkStage
from portal.register.voices.offers import NewOffer, NewRight
from portal.register.voices.rules import (
    ENTRY_KINDS,
    LEAST_DAYS,
    LONGEST_LINE,
    LONGEST_LINK,
    LONGEST_TEXT,
    EntryKind,
)
from portal.register.voices.service import NewEntry, NewStatement, NewTalk
from portal.register.words import words
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, day, text

ONE_LANGUAGE = pmsg("error", "Write this in Welsh, in English or in both")
LINK = pmsg("error", "Enter an address that begins with this: {prefix}", prefix="https://")
MOST_REVIEW_DAYS = 60
REVIEW_DAYS = pmsg("error", "Enter a number of working days from 1 to {most}", most=MOST_REVIEW_DAYS)
CHOOSE = pmsg("error", "Choose one of these")
ENTER_DAY = pmsg("error", "Enter a day")


def statement_asks(points: Sequence[DecisionPoint]) -> list[Ask]:
    """Where the branch stands, why, and what it makes of each decision."""
    asks = [
        Ask(
            "radios",
            "position",
            msg("Where does your branch stand?"),
            options=[(one.value, words(one)) for one in SAID_BY_UNIONS],
        ),
        *both(
            "text", msg("What the branch says, in Welsh"), msg("What the branch says, in English"), most=LONGEST_TEXT
        ),
    ]
    for point in points:
        for lang, label in (
            ("cy", msg("What this decision does, in your view, in Welsh: {name}", name=point.title.bilingual)),
            ("en", msg("What this decision does, in your view, in English: {name}", name=point.title.bilingual)),
        ):
            asks.append(Ask("area", f"effect-{point.key}_{lang}", label, lang=lang, most=LONGEST_NOTE, optional=True))
    return asks


def response_asks() -> list[Ask]:
    return both(
        "text", msg("The employer’s answer, in Welsh"), msg("The employer’s answer, in English"), most=LONGEST_TEXT
    )


def talk_asks() -> list[Ask]:
    """What a consultation is about, and how long the branches have."""
    stages = [(stage.value, words(stage)) for stage in TalkStage]
    return [
        Ask("radios", "stage", msg("What is the consultation about?"), options=stages),
        *both("summary", msg("What is proposed, in Welsh"), msg("What is proposed, in English"), most=LONGEST_NOTE),
        Ask("date", "answers_by", msg("Last day for the branches’ answers"), msg("At least fourteen days from today")),
    ]


def entry_asks() -> list[Ask]:
    """A paper, a meeting or a note."""
    kinds = [(kind.value, ENTRY_KINDS[kind]) for kind in EntryKind]
    return [
        Ask("radios", "kind", msg("What is it?"), options=kinds),
        Ask("date", "happened_on", msg("Day of the paper, meeting or note")),
        *both("text", msg("What it says, in Welsh"), msg("What it says, in English"), most=LONGEST_TEXT),
        Ask("text", "link_cy", msg("Link to the paper in Welsh"), most=LONGEST_LINK, optional=True),
        Ask("text", "link_en", msg("Link to the paper in English"), most=LONGEST_LINK, optional=True),
    ]


def condition_asks() -> list[Ask]:
    return [
        *both("text", msg("The condition, in Welsh"), msg("The condition, in English"), most=LONGEST_NOTE),
        Ask("date", "due_on", msg("By when it is to be met")),
    ]


def act_asks() -> list[Ask]:
    """Who meets a condition and, once it is done, what was done."""
    owner = both(
        "owner",
        msg("Post that sees to it, in Welsh"),
        msg("Post that sees to it, in English"),
        most=LONGEST_LINE,
        kind="text",
    )
    done = both("done", msg("What was done, in Welsh"), msg("What was done, in English"), most=LONGEST_NOTE)
    hint = msg("Leave this empty until it is done. The union then says whether the condition is met")
    return [*owner, *(Ask(one.kind, one.name, one.label, hint, one.lang, one.most, optional=True) for one in done)]


def offer_asks(branches: Sequence[tuple[str, Message]]) -> list[Ask]:
    """What was offered to whom, by whom and when."""
    kinds = [(kind.value, OFFER_KINDS[kind]) for kind in OfferKind]
    to_whom = [("all", msg("To every recognised branch")), *branches]
    return [
        Ask("radios", "kind", msg("What is it?"), options=kinds),
        Ask("radios", "branch", msg("To whom?"), options=to_whom),
        *both("what", msg("What is offered, in Welsh"), msg("What is offered, in English"), most=LONGEST_NOTE),
        *both("who", msg("Who gives it, in Welsh"), msg("Who gives it, in English"), most=LONGEST_LINE, kind="text"),
        Ask("date", "offered_on", msg("Day it was offered")),
    ]


def right_asks() -> list[Ask]:
    """What was agreed, where, with whom and since when."""
    return [
        *both(
            "agreement",
            msg("Name of the agreement, in Welsh"),
            msg("Name of the agreement, in English"),
            most=LONGEST_LINE,
            kind="text",
        ),
        *both(
            "text",
            msg("What staff have a right to, in Welsh"),
            msg("What staff have a right to, in English"),
            most=LONGEST_NOTE,
        ),
        *both("partner", msg("Agreed with, in Welsh"), msg("Agreed with, in English"), most=LONGEST_LINE, kind="text"),
        Ask("date", "since", msg("Since when")),
        Ask("text", "link", msg("Link to the agreement"), most=LONGEST_LINK, optional=True),
        Ask(
            "text",
            "review_days",
            msg("If it is a right to a review by a person: within how many working days"),
            most=2,
            optional=True,
        ),
    ]


def read_statement(fields: FieldBag, problems: Problems, points: Sequence[DecisionPoint]) -> NewStatement | None:
    """A statement: in one language or in both, as the union decides."""
    position = choice(fields, "position", problems, allowed=[one.value for one in SAID_BY_UNIONS], required=CHOOSE)
    needs_words = position != Position.AGREED.value
    said = read_one_or_both(fields, "text", problems, most=LONGEST_TEXT, required=needs_words)
    effects = {
        point.key: read_one_or_both(fields, f"effect-{point.key}", problems, most=LONGEST_NOTE, required=False)
        for point in points
    }
    made = read_id(fields, problems)
    return None if problems else NewStatement(made, Position(position), said, effects)


def read_talk(fields: FieldBag, problems: Problems, *, today: date) -> NewTalk | None:
    """A consultation that leaves at least a fortnight."""
    stage = choice(fields, "stage", problems, allowed=[one.value for one in TalkStage], required=CHOOSE)
    summary = read_both(fields, "summary", problems, most=LONGEST_NOTE)
    earliest = today + timedelta(days=LEAST_DAYS)
    answers_by = day(fields, "answers_by", problems, required=ENTER_DAY, not_before=earliest)
    made = read_id(fields, problems)
    return None if problems or answers_by is None else NewTalk(made, TalkStage(stage), summary, answers_by)


def read_entry(fields: FieldBag, problems: Problems, *, is_union: bool, today: date) -> NewEntry | None:
    """A line of the log. The employer writes in both languages."""
    kind = choice(fields, "kind", problems, allowed=[one.value for one in EntryKind], required=CHOOSE)
    happened_on = day(fields, "happened_on", problems, required=ENTER_DAY, not_after=today)
    if is_union:
        said = read_one_or_both(fields, "text", problems, most=LONGEST_TEXT)
    else:
        said = read_both(fields, "text", problems, most=LONGEST_TEXT)
    link = Both(cy=_link(fields, "link_cy", problems), en=_link(fields, "link_en", problems))
    made = read_id(fields, problems)
    return None if problems or happened_on is None else NewEntry(made, EntryKind(kind), happened_on, said, link)


def read_condition(fields: FieldBag, problems: Problems, *, today: date) -> tuple[Both, date | None, str]:
    said = read_one_or_both(fields, "text", problems, most=LONGEST_NOTE)
    due_on = day(fields, "due_on", problems, required=ENTER_DAY, not_before=today)
    return said, due_on, read_id(fields, problems)


def read_response(fields: FieldBag, problems: Problems) -> tuple[Both, str]:
    return read_both(fields, "text", problems, most=LONGEST_TEXT), read_id(fields, problems)


def read_act(fields: FieldBag, problems: Problems) -> tuple[Both, Both]:
    owner = read_both(fields, "owner", problems, most=LONGEST_LINE)
    return owner, read_both(fields, "done", problems, most=LONGEST_NOTE, required=False)


def read_offer(
    fields: FieldBag, problems: Problems, branches: Sequence[tuple[str, str]], *, today: date
) -> NewOffer | None:
    """An offer; ``branches`` are slugs and ids of those that the body recognises."""
    kind = choice(fields, "kind", problems, allowed=[one.value for one in OfferKind], required=CHOOSE)
    to_whom = choice(fields, "branch", problems, allowed=["all", *(slug for slug, _id in branches)], required=CHOOSE)
    what = read_both(fields, "what", problems, most=LONGEST_NOTE)
    who = read_both(fields, "who", problems, most=LONGEST_LINE)
    offered_on = day(fields, "offered_on", problems, required=ENTER_DAY, not_after=today)
    made = read_id(fields, problems)
    if problems or offered_on is None:
        return None
    return NewOffer(made, OfferKind(kind), what, who, offered_on, dict(branches).get(to_whom))


def read_right(fields: FieldBag, problems: Problems, *, today: date) -> NewRight | None:
    """A right that is agreed already: nothing is announced here before its day."""
    agreement = read_both(fields, "agreement", problems, most=LONGEST_LINE)
    said = read_both(fields, "text", problems, most=LONGEST_NOTE)
    partner = read_both(fields, "partner", problems, most=LONGEST_LINE)
    since = day(fields, "since", problems, required=ENTER_DAY, not_after=today)
    link = _link(fields, "link", problems)
    review_days = _review_days(fields, problems)
    made = read_id(fields, problems)
    return None if problems or since is None else NewRight(made, agreement, said, partner, link, since, review_days)


def _review_days(fields: FieldBag, problems: Problems) -> int | None:
    """Working days for a review under the right; nothing where it is no such right."""
    typed = fields.one("review_days")
    if not typed:
        return None
    if not typed.isascii() or not typed.isdigit() or len(typed) > 2 or not 1 <= int(typed) <= MOST_REVIEW_DAYS:
        problems["review_days"] = REVIEW_DAYS
        return None
    return int(typed)


def read_one_or_both(fields: FieldBag, name: str, problems: Problems, *, most: int, required: bool = True) -> Both:
    """What a union writes: one language is enough."""
    told = {lang: text(fields, f"{name}_{lang}", problems, most=most) for lang in ("cy", "en")}
    if required and not (told["cy"] or told["en"]):
        problems[f"{name}_cy"] = ONE_LANGUAGE
    return Both(cy=told["cy"], en=told["en"])


def _link(fields: FieldBag, name: str, problems: Problems) -> str:
    link = text(fields, name, problems, most=LONGEST_LINK)
    if link and (not link.startswith("https://") or any(sign.isspace() for sign in link)):
        problems[name] = LINK
    return link
