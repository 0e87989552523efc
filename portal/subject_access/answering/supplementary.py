"""What Article 15(1) wants told besides the data, drawn up from the register in the language of the answer.

It is a draft in plain text, one paragraph after another; a line that begins with ``# `` is a heading. Where the
register does not say something, the draft says so and holds the mark ``GAP``: nobody can propose it before somebody has
filled the gap in. The rights and the three routes are part of the letter itself.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.core.text import Locale, Message, Words, msg, pmsg
from portal.core.vault import Vault
from portal.i18n.catalogue import say
from portal.register.parts import Both
from portal.register.queries import get_system_by_id
from portal.register.record import DataItem, DecisionPoint, Record, Supplier
from portal.register.rules import Automation
from portal.register.value_view import COUNTRIES
from portal.register.words import words as words_of
from portal.subject_access.answering.rules import GAP
from portal.subject_access.searching.models import SearchPlace, SearchTask
from portal.subject_access.searching.queries import list_tasks, name_of, open_words
from portal.subject_access.searching.rules import RESULTS, Result, TaskState

WITH_DATA = (Result.FOUND, Result.TOO_MUCH)
HOME = "GB"

WHY = msg("Why we use the data: {text}")
LAW = msg("The law that we rely on: {text}")
WHICH = msg("Which data: {text}")
WHO = msg("Who receives the data: {text}")
SEEN = msg("Who sees the data at work: {text}")
HOW_LONG = msg("How long we keep it: {text}")
FROM = msg("Where it came from: {text}")
WHERE = msg("Where the data is kept: {text}")
SAFEGUARDS = msg("What protects it there: {text}")
NO_DECISION = msg("Automated decisions: none is made about you with this data.")
DECISION = msg("Decision: {text}")
HOW = msg("How it is decided: {text}")
FACTORS = msg("What counts most: {text}")
EFFECT = msg("What it means for you: {text}")
HUMAN = msg("Where a person comes in: {text}")
NOT_SAID = msg("{gap} the register does not say", gap=GAP)
ONLY_HERE = msg("nobody outside us")


@dataclass(frozen=True, slots=True)
class _Voice:
    """Puts sentences and bilingual texts into one language."""

    lang: Locale

    def say(self, message: Message, text: str | None = None) -> str:
        if text is None:
            return say(message, self.lang)
        return say(Message(message.msgid, {"text": text}), self.lang)

    def pick(self, text: Both) -> str:
        return " ".join((text.get(self.lang) or text.get(self.lang.other)).split())

    def or_gap(self, text: str) -> str:
        return text or self.say(NOT_SAID)


def draft_about(session: Session, case: Case, lang: Locale, vault: Vault) -> Words:
    """The whole draft: what was searched, and about each place where something was found what the law wants told."""
    tasks = list_tasks(session, case)
    voice = _Voice(lang)
    blocks = ["# " + say(msg("What we searched"), lang), *_searched(session, tasks, lang, vault, with_words=False)]
    for task in tasks:
        if task.state is TaskState.ANSWERED and task.result in WITH_DATA:
            blocks += _about_place(session, session.get_one(SearchPlace, task.place_id), voice)
    return Words("\n\n".join(blocks))


def draft_searched(session: Session, case: Case, lang: Locale, vault: Vault) -> Words:
    """What was searched, how, and what came of it: the heart of a letter that nothing is held."""
    lines = list(_searched(session, list_tasks(session, case), lang, vault, with_words=True))
    return Words("\n\n".join(lines) or say(NOT_SAID, lang))


def _searched(
    session: Session, tasks: Iterable[SearchTask], lang: Locale, vault: Vault, *, with_words: bool
) -> Iterator[str]:
    for task in tasks:
        name = name_of(session, session.get_one(SearchPlace, task.place_id)).get(lang)
        result = RESULTS[task.result] if task.result is not None else None
        if task.state is TaskState.WAIVED:
            result = pmsg("result of a search", "Not searched: that would not have been reasonable or proportionate")
        if result is None:
            continue
        line = f"{name}: {say(result, lang)}"
        how = open_words(task, "searched", vault) if with_words else None
        yield line + (f"\n{how.reveal()}" if how else "")


def _about_place(session: Session, place: SearchPlace, voice: _Voice) -> Sequence[str]:
    heading = "# " + name_of(session, place).get(voice.lang)
    if place.system_id is None:
        told = [voice.say(part, voice.say(NOT_SAID)) for part in (WHY, WHICH, WHO, HOW_LONG, FROM)]
        return [heading, *told, voice.say(NO_DECISION)]
    record = get_system_by_id(session, place.system_id).record
    return [heading, *_about_record(record, voice)]


def _about_record(record: Record, voice: _Voice) -> Iterator[str]:
    why = [voice.pick(record.one_sentence), voice.pick(record.purpose.detailed_description)]
    yield voice.say(WHY, voice.or_gap(" ".join(filter(None, why))))
    basis = [_joined(voice.pick(one.article), voice.pick(one.text)) for one in record.purpose.legal_basis]
    if basis:
        yield voice.say(LAW, "; ".join(basis))
    yield voice.say(WHICH, voice.or_gap("; ".join(_kind_of_data(item, voice) for item in record.data_items)))
    yield voice.say(WHO, _recipients(record, voice))
    seen = _each(record.data_items, lambda item: voice.pick(item.seen_by), voice, gap=False)
    if seen:
        yield voice.say(SEEN, seen)
    yield voice.say(HOW_LONG, _each(record.data_items, lambda item: voice.pick(item.kept), voice))
    yield voice.say(FROM, _each(record.data_items, lambda item: voice.pick(item.source), voice))
    yield from _decisions(record.decision_points, voice)
    yield from _transfers(record, voice)


def _kind_of_data(item: DataItem, voice: _Voice) -> str:
    return f"{voice.pick(item.label)} ({voice.say(words_of(item.category))})"


def _each(items: Sequence[DataItem], told: Callable[[DataItem], str], voice: _Voice, *, gap: bool = True) -> str:
    """One answer for every item of data; where all have the same, it is said once."""
    said = [(voice.pick(item.label), told(item)) for item in items]
    if not any(answer for _label, answer in said):
        return voice.say(NOT_SAID) if gap else ""
    answers = {answer for _label, answer in said}
    if len(answers) == 1:
        return answers.pop()
    return "; ".join(f"{label}: {answer or voice.say(NOT_SAID)}" for label, answer in said if answer or gap)


def _recipients(record: Record, voice: _Voice) -> str:
    """By name: suppliers, joint controllers, and those with whom data is shared."""
    named = [_supplier(one, voice) for one in record.suppliers]
    named += [
        _joined(voice.pick(one.name), voice.pick(one.answers_for)) for one in record.accountability.joint_controllers
    ]
    shared = voice.pick(record.operational_data.sharing_agreements)
    if shared:
        named.append(shared)
    if not named and record.third_party_involved is False:
        return voice.say(ONLY_HERE)
    return voice.or_gap("; ".join(named))


def _supplier(supplier: Supplier, voice: _Voice) -> str:
    name = f"{supplier.name} ({supplier.product})" if supplier.product else supplier.name
    return _joined(name, voice.pick(supplier.role))


def _joined(name: str, more: str) -> str:
    return f"{name}: {more}" if more else name


def _decisions(points: Sequence[DecisionPoint], voice: _Voice) -> Iterator[str]:
    """The logic and the consequences of what is decided automatically, point by point."""
    automated = [point for point in points if point.automation is not Automation.INFORMS]
    if not automated:
        yield voice.say(NO_DECISION)
    for point in automated:
        yield voice.say(DECISION, f"{voice.pick(point.title)}. {voice.say(words_of(point.automation))}")
        yield voice.say(HOW, voice.or_gap(voice.pick(point.what_happens)))
        if point.main_factors:
            yield voice.say(FACTORS, "; ".join(voice.pick(factor) for factor in point.main_factors))
        yield voice.say(EFFECT, voice.say(words_of(point.effect)))
        yield voice.say(HUMAN, voice.or_gap(voice.pick(point.human_point)))


def _transfers(record: Record, voice: _Voice) -> Iterator[str]:
    """Where suppliers keep the data; outside the United Kingdom, what protects it is for somebody to write."""
    named: dict[str, None] = {}
    for supplier in record.suppliers:
        named[supplier.hosting_country or ""] = None
    if not named:
        named[HOME if record.third_party_involved is False else ""] = None
    yield voice.say(WHERE, "; ".join(_country(code, voice) for code in named))
    if set(named) - {HOME, ""}:
        yield voice.say(SAFEGUARDS, voice.say(NOT_SAID))


def _country(code: str, voice: _Voice) -> str:
    if not code:
        return voice.say(NOT_SAID)
    return voice.say(COUNTRIES[code]) if code in COUNTRIES else code


def headings(text: str) -> Iterator[tuple[bool, str]]:
    """The paragraphs of a letter, each with whether it is a heading, for pages and the pack."""
    for block in text.split("\n\n"):
        if block.strip():
            is_heading = block.startswith("# ")
            yield is_heading, block.removeprefix("# ").strip()
