"""A route in words: before sending, to who sends it; afterwards, to who received it (routing.md, first paragraph).

Two voices. The sender may read that somebody is passed over because they left them out, for they said so themselves.
Who receives it reads in which capacity, and the same words whether somebody before them is away, left out or gone.
What would show who works under whom, or a private interest, has one sentence for all of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.cases.routing.destinations import rungs
from portal.cases.routing.exclusions import Affair, Ban
from portal.cases.routing.given import Because, Given, Route, Why
from portal.cases.routing.people import World
from portal.cases.routing.units import is_small
from portal.core.text import Bilingual, Message, msg

TO_SENDER: Mapping[Why, Message] = {
    Why.HOLDS: msg("They are responsible for this"),
    Why.DEPUTY: msg("They act in place of the person responsible"),
    Why.INDEPENDENT: msg("They stand outside the line of management"),
    Why.AUDIT: msg("They chair the audit committee"),
    Why.HOST: msg("They answer for it at the organisation that runs it"),
    Why.QUEUE: msg("They work on such requests"),
    Why.NAMED_HANDLER: msg("They are named for complaints about the data protection team itself"),
    Why.POOL: msg("They look at decisions again, and stand apart from this one"),
    Why.LENT: msg("They look at decisions again at another organisation, and stand apart from this one"),
    Why.AT_THE_TOP: msg("They answer for information at the top of the organisation"),
    Why.UNION: msg("They represent the union branch that you chose"),
    Why.ON_CALL: msg("They are on call when somebody may be hurt"),
    Why.TRANSLATES: msg("They put it into the other language, in the same confidence"),
}
TO_RECEIVER: Mapping[Why, Message] = {
    Why.HOLDS: msg("It comes to you because you are responsible for what it is about"),
    Why.DEPUTY: msg("It comes to you because you act in place of the person responsible"),
    Why.INDEPENDENT: msg("It comes to you because you stand outside the line of management"),
    Why.AUDIT: msg("It comes to you because you chair the audit committee"),
    Why.HOST: msg("It comes to you because your organisation runs what it is about"),
    Why.QUEUE: msg("It comes to you because you work on such requests"),
    Why.NAMED_HANDLER: msg("It comes to you because you are named for complaints about the data protection team"),
    Why.POOL: msg("It comes to you because you look at decisions again, and stand apart from this one"),
    Why.LENT: msg("It comes to you because your organisation lends reviewers, and you stand apart from this decision"),
    Why.AT_THE_TOP: msg("It comes to you because you answer for information at the top of the organisation"),
    Why.UNION: msg("It comes to you because you represent the branch that was chosen"),
    Why.ON_CALL: msg("It comes to you because you are on call when somebody may be hurt"),
    Why.TRANSLATES: msg("It comes to you because you put such papers into the other language, in the same confidence"),
}
PASSED_OVER: Mapping[Because, Message] = {
    Because.NAMED: msg("You left out the person to whom it would go first"),
    Because.AWAY: msg("The person to whom it would go first is away"),
    Because.CANNOT: msg("The person to whom it would go first must not receive it"),
    Because.VACANT: msg("Nobody holds the post to which it would go first"),
}
LEFT_OUT = msg("You left them out")
TOO_CLOSE = msg("They are too close to it")
SAID: Mapping[Ban, Message] = {
    Ban.NAMED: LEFT_OUT,
    Ban.OWN: msg("It is your own"),
    Ban.SUBJECT: msg("It is about them"),
    Ban.CHAIN: msg("They took part in the decision"),
    Ban.HANDLED: msg("They handled what it is about"),
}
"""What the sender may read of a reason, the plainest first. Every other one is said in the same words."""

LOST = msg("Nobody at this employer may receive it, so it cannot be sent to them. The page names others who can help")
ALL_AWAY = msg("Everybody who could receive it is away, so it waits for the person named first")
SMALL_UNIT = msg(
    "Few people work where it could come from. So it goes to nobody who works there, "
    "and only the day is shown: no workplace, no staff group, no hour"
)
NO_LATER = msg("Putting it into the other language moves no day by which you are answered")
URGENT = msg("You said that somebody may be hurt. People are told at once, and they learn when you sent it")


@dataclass(frozen=True, slots=True)
class Preview:
    """What the sender reads before they send: each a sentence of its own, in their language."""

    goes_to: tuple[Message, ...]
    not_to: tuple[Message, ...]
    notes: tuple[Message, ...]


def preview(world: World, affair: Affair, route: Route, names: Mapping[str, Bilingual]) -> Preview:
    """The route in words. ``names`` are what the sender's own page called people: a post, or a name if it is shown."""
    given = [*route.given, *([route.translator] if route.translator is not None else [])]
    return Preview(
        goes_to=tuple(_goes(one, names) for one in given),
        not_to=tuple(_not_to(world, affair, route, names)),
        notes=tuple(_notes(affair, route)),
    )


def why_to_receiver(given: Given) -> Message:
    """Why it came to somebody, for them to read. It never depends on what keeps somebody else from it."""
    return TO_RECEIVER[given.why]


def why_to_sender(given: Given) -> tuple[Message, ...]:
    """The same for who sent it: in which capacity, and why nobody before them."""
    passed = (PASSED_OVER[given.because],) if given.because is not None else ()
    return (TO_SENDER[given.why], *passed)


def reason_to_sender(reasons: Iterable[Ban]) -> Message:
    """Why somebody does not receive it, as the sender may read it."""
    told = set(reasons)
    return next((said for ban, said in SAID.items() if ban in told), TOO_CLOSE)


def _goes(given: Given, names: Mapping[str, Bilingual]) -> Message:
    name = names.get(given.person_id, given.seat.post)
    capacity, *passed = why_to_sender(given)
    if passed:
        return msg("It goes to: {name}. {why}. {because}", name=name, why=capacity, because=passed[0])
    return msg("It goes to: {name}. {why}", name=name, why=capacity)


def _not_to(world: World, affair: Affair, route: Route, names: Mapping[str, Bilingual]) -> Iterable[Message]:
    """Whom the sender left out, and who would have been asked otherwise; nobody else's affairs."""
    asked = {seat.person_id: seat.post for rung in rungs(world, affair) for seat in rung.seats}
    for person_id in sorted(route.barred):
        reasons = route.barred[person_id]
        name = names.get(person_id) or asked.get(person_id)
        if name is not None and (Ban.NAMED in reasons or person_id in asked):
            yield msg("It will not go to: {name}. {why}", name=name, why=reason_to_sender(reasons))


def _notes(affair: Affair, route: Route) -> Iterable[Message]:
    if route.is_lost:
        yield LOST
    if any(one.is_away for one in route.given):
        yield ALL_AWAY
    if affair.unit is not None and is_small(affair.unit):
        yield SMALL_UNIT
    if route.translator is not None:
        yield NO_LATER
    if affair.is_urgent:
        yield URGENT
