"""The gates: what has to be there before a step, and the list of what is missing. Pure, and without any override.

Who cannot wait takes the emergency route, which is a state of its own with its reason shown and an end
(``rules.EMERGENCY_DAYS``); coming out of it into ordinary use passes the same gate as everybody else.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from portal.core.text import Message, msg, nmsg
from portal.register.lifecycle.gate_facts import Facts, Missing, Question, Trained, UnionFacts, Where
from portal.register.lifecycle.rules import NOTICE_DAYS, Check
from portal.register.rules import AssessmentKind
from portal.register.words import words

LEAST_REVIEWERS = 2
ASSESSMENTS = (AssessmentKind.DPIA, AssessmentKind.EQUALITY, AssessmentKind.WELSH, AssessmentKind.HEALTH_SAFETY)
"""The least that is assessed before a system is used on anybody."""

Item = Callable[[Facts], Iterator[Missing]]


def gate(facts: Facts) -> list[Missing]:
    """Everything that keeps a system from being put into use; empty means that the way is open."""
    return missing(Check.GO_LIVE, facts)


def missing(check: Check, facts: Facts) -> list[Missing]:
    """Everything that keeps a step with this check from being taken."""
    items = CHECKS[check]
    if check is Check.RESUME and not facts.was_in_use:
        items = CHECKS[Check.GO_LIVE]
    return [found for item in items for found in item(facts)]


def _described(facts: Facts) -> Iterator[Missing]:
    if not facts.is_described:
        yield Missing(
            msg("The entry does not say its name, its purpose, whom it affects and which post is responsible"),
            Where.ENTRY,
        )


def _readiness(facts: Facts) -> Iterator[Missing]:
    for question in Question:
        if question not in facts.answered:
            yield Missing(UNANSWERED[question], Where.READINESS)


def _people(facts: Facts) -> Iterator[Missing]:
    if not facts.has_manager:
        yield Missing(msg("Nobody is named as the responsible manager"), Where.ROLES)
    if not facts.has_deputy:
        yield Missing(msg("Nobody is named as the responsible manager’s deputy"), Where.ROLES)


def _reviewers(facts: Facts) -> Iterator[Missing]:
    if facts.reviewers < LEAST_REVIEWERS:
        yield Missing(
            nmsg(
                "At least two reviewers are needed. There is {n} now",
                "At least two reviewers are needed. There are {n} now",
                facts.reviewers,
            ),
            Where.ROLES,
        )


def _record(facts: Facts) -> Iterator[Missing]:
    if not facts.decision_points:
        yield Missing(msg("The entry names no decision point"), Where.ENTRY)
    if not facts.data_items:
        yield Missing(msg("The entry names no item of data"), Where.ENTRY)
    for label in facts.without_searcher:
        yield Missing(msg("Nobody is named to search for this item of data: {item}", item=label), Where.ENTRY)
    if facts.lacking:
        yield Missing(
            nmsg(
                "The entry lacks {n} other part that a system in use needs",
                "The entry lacks {n} other parts that a system in use needs",
                facts.lacking,
            ),
            Where.ENTRY,
        )


def _published(facts: Facts) -> Iterator[Missing]:
    if not facts.is_published:
        yield Missing(msg("The entry is not published: staff cannot read it yet"), Where.ENTRY)


def _languages(facts: Facts) -> Iterator[Missing]:
    yield from _published(facts)
    if facts.unapproved.get("cy"):
        yield Missing(
            nmsg(
                "The Welsh of {n} text in the draft is not approved",
                "The Welsh of {n} texts in the draft is not approved",
                facts.unapproved["cy"],
            ),
            Where.ENTRY,
        )
    if facts.unapproved.get("en"):
        yield Missing(
            nmsg(
                "The English of {n} text in the draft is not approved",
                "The English of {n} texts in the draft is not approved",
                facts.unapproved["en"],
            ),
            Where.ENTRY,
        )


def _assessments(facts: Facts) -> Iterator[Missing]:
    for kind in ASSESSMENTS:
        until = facts.done_until.get(kind)
        if kind not in facts.done_until:
            yield Missing(msg("This assessment has not been made: {assessment}", assessment=words(kind)), Where.ENTRY)
        elif until is not None and until < facts.today:
            yield Missing(
                msg(
                    "This assessment is out of date: {assessment}. It had to be looked at again by {date}",
                    assessment=words(kind),
                    date=until,
                ),
                Where.ENTRY,
            )


def _positions(facts: Facts) -> Iterator[Missing]:
    if not facts.unions and not facts.is_staff_asked:
        yield Missing(
            msg(
                "This employer recognises no union branch. The entry does not say in both languages how staff were "
                "consulted instead, and on which day that ended"
            ),
            Where.ENTRY,
        )
    for union in facts.unions:
        if not union.is_recorded(facts.today):
            yield Missing(_why_not_recorded(union, facts.today), Where.UNIONS)


def _why_not_recorded(union: UnionFacts, today: date) -> Message:
    """What is next to be done about a branch that has signed nothing; there is no way around it."""
    until = union.waits_until
    if union.says_not_asked:
        return msg("This union branch says that it was not asked: {union}", union=union.name)
    if until is None:
        return msg("This union branch has signed nothing and has not been asked: {union}", union=union.name)
    if until >= today:
        return msg(
            "This union branch has signed nothing yet: {union}. It can answer until {date}",
            union=union.name,
            date=until,
        )
    return msg("No position of this union branch is recorded, and silence is not agreement: {union}", union=union.name)


def _consultation_ended(facts: Facts) -> Iterator[Missing]:
    ends_on = facts.consultation_ends_on
    if ends_on is not None and facts.today <= ends_on and not all(union.has_answered for union in facts.unions):
        yield Missing(msg("The unions can answer until {date}", date=ends_on), Where.UNIONS)


def _training(facts: Facts) -> Iterator[Missing]:
    for group in Trained:
        percent = facts.trained.get(group)
        if percent is None:
            yield Missing(UNMEASURED[group], Where.ENTRY)
        elif percent < facts.training_percent:
            frame = UNTRAINED[group]
            values = {"percent": percent, "least": facts.training_percent}
            yield Missing(Message(frame.msgid, values), Where.ENTRY)


def _jobs(facts: Facts) -> Iterator[Missing]:
    if not facts.has_jobs_statement:
        yield Missing(msg("There is no statement on what it means for jobs, hours and grades"), Where.ENTRY)


def _exit(facts: Facts) -> Iterator[Missing]:
    for supplier in facts.suppliers_without_exit:
        yield Missing(
            msg("There is no day on which the contract ends, or no plan for that day: {supplier}", supplier=supplier),
            Where.ENTRY,
        )


def _contracts(facts: Facts) -> Iterator[Missing]:
    for supplier in facts.contracts_over:
        yield Missing(msg("The day on which the contract ends has passed: {supplier}", supplier=supplier), Where.ENTRY)


def _mended(facts: Facts) -> Iterator[Missing]:
    for happened_on in facts.unmended_on:
        yield Missing(
            msg("Nobody has written what was put right after the serious incident of {date}", date=happened_on),
            Where.INCIDENTS,
        )


def _last_day(facts: Facts) -> Iterator[Missing]:
    if facts.is_endless:
        yield Missing(msg("The trial has no last day. Set one first"), Where.STEPS)


def _no_last_day(facts: Facts) -> Iterator[Missing]:
    if facts.has_end:
        yield Missing(msg("The trial has a last day already"), Where.STEPS)


def _notice(facts: Facts) -> Iterator[Missing]:
    if facts.notice_on is None:
        yield Missing(
            nmsg(
                "Staff have not been told. They must be told at least {n} day before",
                "Staff have not been told. They must be told at least {n} days before",
                NOTICE_DAYS,
            ),
            Where.NOTICE,
        )
        return
    first = max(facts.notice_on + timedelta(days=NOTICE_DAYS), facts.begins_on or facts.notice_on)
    if facts.today < first:
        yield Missing(
            msg("Staff were told on {date}. The first day it can begin is {first}", date=facts.notice_on, first=first),
            Where.NOTICE,
        )


def _off_switch(facts: Facts) -> Iterator[Missing]:
    if not facts.has_off_switch:
        yield Missing(msg("The entry does not say who can switch it off, how, and how long that takes"), Where.ENTRY)


def _first_emergency(facts: Facts) -> Iterator[Missing]:
    if facts.emergencies:
        yield Missing(msg("It has been used in an emergency before. That is possible once"), Where.STEPS)


def _new_version(facts: Facts) -> Iterator[Missing]:
    if facts.changed_on is None:
        yield Missing(msg("No new version has been published since the change was proposed"), Where.ENTRY)
    elif facts.is_material and facts.today < facts.changed_on + timedelta(days=NOTICE_DAYS):
        yield Missing(
            msg(
                "The change matters to staff and was published on {date}. The first day it can begin is {first}",
                date=facts.changed_on,
                first=facts.changed_on + timedelta(days=NOTICE_DAYS),
            ),
            Where.ENTRY,
        )


def _change_discussed(facts: Facts) -> Iterator[Missing]:
    if facts.is_material:
        yield from _positions(facts)


CHECKS: Mapping[Check, tuple[Item, ...]] = {
    Check.NONE: (),
    Check.PROPOSAL: (_described,),
    Check.READY: (_readiness,),
    Check.POSITIONS: (_positions, _consultation_ended),
    Check.ASSESSED: (_assessments,),
    Check.TRIAL: (_readiness, _people, _languages, _assessments, _positions, _notice, _off_switch),
    Check.GO_LIVE: (
        _readiness,
        _people,
        _reviewers,
        _record,
        _languages,
        _assessments,
        _positions,
        _training,
        _jobs,
        _exit,
        _contracts,
        _notice,
        _off_switch,
        _mended,
        _last_day,
    ),
    Check.EMERGENCY: (_published, _first_emergency),
    Check.CHANGE: (_new_version, _languages, _change_discussed),
    Check.RESUME: (_mended,),
    Check.REVIEWED: (_mended,),
    Check.ENDLESS: (_no_last_day,),
}

UNANSWERED: Mapping[Question, Message] = {
    Question.NEEDED: msg("The readiness check does not say in both languages why it is needed"),
    Question.ALTERNATIVES: msg("The readiness check does not say in both languages what else was considered"),
    Question.READY: msg("The readiness check does not say in both languages whether the organisation is ready"),
    Question.SECURE: msg("The readiness check does not say in both languages whether it is secure"),
}
UNMEASURED: Mapping[Trained, Message] = {
    Trained.MANAGERS: msg("The entry does not say how many managers have been trained"),
    Trained.REPRESENTATIVES: msg("The entry does not say how many union representatives have been trained"),
    Trained.STAFF: msg("The entry does not say how many of the staff who use it have been trained"),
}
UNTRAINED: Mapping[Trained, Message] = {
    Trained.MANAGERS: msg("{percent}% of managers have been trained; at least {least}% must have been"),
    Trained.REPRESENTATIVES: msg(
        "{percent}% of union representatives have been trained; at least {least}% must have been"
    ),
    Trained.STAFF: msg("{percent}% of the staff who use it have been trained; at least {least}% must have been"),
}
