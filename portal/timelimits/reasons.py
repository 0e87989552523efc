"""Why a date is what it is, one sentence at a time, in the order in which it was counted."""

from datetime import date

from portal.core.text import Message, msg, nmsg
from portal.timelimits.calendar import ONE_DAY, WorkingDays
from portal.timelimits.events import EventKind


def received(day: date) -> Message:
    return msg("Received on {date}", date=day)


def started(kind: EventKind, day: date) -> Message:
    """The month began later than the day of receipt (Article 12A(2)(b) and (c))."""
    if kind is EventKind.FEE_PAID:
        return msg("The fee was paid on {date}, so the time starts on that day", date=day)
    return msg("Proof of identity was received on {date}, so the time starts on that day", date=day)


def not_started(kind: EventKind, day: date) -> Message:
    """The month has not begun."""
    if kind is EventKind.FEE_ASKED:
        return msg("The fee was asked for on {date} and the time starts when it is paid", date=day)
    return msg("Proof of identity was asked for on {date} and the time starts when it is received", date=day)


def earliest() -> Message:
    return msg("Until then, the date shown is the earliest it can be")


def month_later(day: date) -> Message:
    return msg("One month later is {date}", date=day)


def three_months_later(extended_on: date, day: date) -> tuple[Message, Message]:
    return (
        msg("The time was extended on {date}", date=extended_on),
        msg("Three months from the start is {date}", date=day),
    )


def thirty_days_later(day: date) -> Message:
    return msg("30 days later is {date}", date=day)


def moved(calendar: WorkingDays, day: date) -> tuple[Message, ...]:
    """Why the date moved on from a day nobody works; nothing for a working day."""
    why = calendar.why_not(day)
    if why is None:
        return ()
    to = calendar.roll(day)
    first = msg(
        "{date} is not a working day ({reason}), so the date moves to {next_date}", date=day, reason=why, next_date=to
    )
    between = (day + ONE_DAY * step for step in range(1, (to - day).days))
    return first, *(
        msg("{date} is not a working day either ({reason})", date=other, reason=name)
        for other in between
        if (name := calendar.holiday(other)) is not None
    )


def paused(asked: date, answered: date, *, by_answer: bool) -> tuple[Message, ...]:
    """One closed pause; answered on the same day it stops nothing (the ICO's way of counting)."""
    if asked == answered:
        return (msg("A question was asked and settled on {date}, so the clock did not stop", date=asked),)
    days = (answered - asked).days
    stopped = msg("The clock stopped on {date}, when a question was asked", date=asked)
    if by_answer:
        return stopped, nmsg(
            "It started again on {date}, when the answer came: {n} day",
            "It started again on {date}, when the answer came: {n} days",
            days,
            date=answered,
        )
    return stopped, nmsg(
        "It started again on {date}, without an answer: {n} day",
        "It started again on {date}, without an answer: {n} days",
        days,
        date=answered,
    )


def added(days: int, day: date) -> Message:
    return nmsg("Adding {n} day gives {date}", "Adding {n} days gives {date}", days, date=day)


def stopped_since(day: date) -> tuple[Message, Message]:
    return (
        msg("The clock has been stopped since {date}, when a question was asked", date=day),
        msg("The date moves on by a day for every day until the answer comes"),
    )


def agreed(working_days: int, promised_on: date, *, kept: bool) -> tuple[Message, Message]:
    """A right that a body agreed with its unions, with a promise of its own, which can only come before the month."""
    promise = nmsg(
        "Your employer agreed this right with the unions, and promises an answer within {n} working day",
        "Your employer agreed this right with the unions, and promises an answer within {n} working days",
        working_days,
    )
    if kept:
        return promise, msg("That is {date}. It is what was agreed, and not a time limit in law", date=promised_on)
    return promise, msg("That would be later, on {date}: the date that you were told first holds", date=promised_on)


def longer(working_days: int, target_on: date) -> tuple[Message, Message]:
    """The person takes longer for their side: that moves the portal's own target, and nothing else."""
    return (
        nmsg(
            "You take {n} working day longer for your side than we offered",
            "You take {n} working days longer for your side than we offered",
            working_days,
        ),
        msg("With that, our own target is: {date}. The date above stays as it is", date=target_on),
    )


def second_look(day: date, working_days: int, due_on: date) -> tuple[Message, Message, Message]:
    """Looking again after an answer: a time that the portal promises, not the law."""
    return (
        msg("The request was answered, and reopened on {date}", date=day),
        nmsg(
            "We promise to look again within {n} working day",
            "We promise to look again within {n} working days",
            working_days,
        ),
        msg("That is {date}. This is our own promise and not a time limit in law", date=due_on),
    )


def before_the_duty(begins_on: date) -> Message:
    """A complaint from before section 164A: the same days, as the portal's own promise."""
    return msg("The law asks for this from {date} on. For an earlier complaint it is our own promise", date=begins_on)


def outcome_of_complaint(
    day: date, again: date | None, working_days: int, target_on: date, due_on: date
) -> tuple[Message, ...]:
    """The outcome of a complaint: the law says without undue delay, and the days are the portal's own."""
    first = received(day) if again is None else msg("The complaint was taken up again on {date}", date=again)
    return (
        first,
        msg("The law says that the outcome comes without undue delay. It names no day, and nothing can stop the time"),
        nmsg(
            "Our own target is {n} working day: {date}",
            "Our own target is {n} working days: {date}",
            working_days,
            date=target_on,
        ),
        msg("Our own limit is three months: {date}. If it passes, that is told upwards in the body", date=due_on),
    )
