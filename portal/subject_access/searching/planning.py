"""The plan of a search: which places may hold something of this person, by what the register says of the systems."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.affairs import affair_of, world_about
from portal.cases.models import Case
from portal.cases.queries import facts_of
from portal.cases.routing.exclusions import bans, may_search
from portal.cases.routing.searching import Place, Searcher, who_searches
from portal.cases.turn import Desk
from portal.core import ids
from portal.core.text import Locale, Message
from portal.directory.models import Person
from portal.directory.queries import find_person_by_email, list_engagements, list_role_holders
from portal.directory.rules import RoleName
from portal.register.affecting import affecting, works_of
from portal.register.models import System
from portal.register.queries import get_system_by_id
from portal.register.rules import IN_USE
from portal.subject_access.asking.leaving import known_as, list_wishes, open_wish
from portal.subject_access.asking.naming import is_named, may_be_meant
from portal.subject_access.asking.queries import list_asked_systems
from portal.subject_access.models import SubjectAccessRequest
from portal.subject_access.queries import open_words
from portal.subject_access.searching.models import SearchPlace, SearchTask
from portal.subject_access.searching.queries import list_places, list_tasks
from portal.subject_access.searching.rules import (
    NAMED_IN_WORDS,
    RESPONSIBLE,
    PlaceKind,
    TaskState,
)

ONE_DAY = timedelta(days=1)


def make_plan(session: Session, case: Case, request: SubjectAccessRequest, *, desk: Desk) -> Sequence[SearchTask]:
    """Add a planned task for each place that has none yet; tasks that are there stay as they are."""
    known = {task.place_id for task in list_tasks(session, case)}
    for place in _places(session, case, request, desk):
        if place.id not in known:
            add_task(session, case, place, desk=desk)
    session.flush()
    return list_tasks(session, case)


def add_task(session: Session, case: Case, place: SearchPlace, *, desk: Desk) -> SearchTask:
    """One planned task, with who is to search."""
    found = searcher_of(session, case, place, desk=desk)
    task = SearchTask(
        id=ids.new_id(),
        case_id=case.id,
        place_id=place.id,
        state=TaskState.PLANNED,
        items=_items(session, place),
        person_id=found.person_id,
        first_person_id=found.first,
        second_person_id=found.second,
        chased=0,
    )
    session.add(task)
    return task


def searcher_of(session: Session, case: Case, place: SearchPlace, *, desk: Desk) -> Searcher:
    """Who is to search a place for this case today, as the rule book says."""
    people = {person for person in (place.owner_person_id, place.deputy_person_id) if person is not None}
    found = doubts(session, case, people, desk=desk)
    affair = affair_of(session, case)
    world = world_about(session, affair, today=desk.today, near=people)
    return who_searches(
        world,
        bans(world, affair),
        Place(place.owner_person_id, place.deputy_person_id, place.is_own_mailbox),
        accused={one for one, why in found.items() if why is NAMED_IN_WORDS},
        close=set(found),
    )


def may_be_given(session: Session, case: Case, person: Person, *, desk: Desk) -> bool:
    """Whether an officer may give somebody a search: of the body, and the rule book lets them."""
    affair = affair_of(session, case)
    world = world_about(session, affair, today=desk.today, near={person.id})
    return person.body_id == case.body_id and may_search(person.id, bans(world, affair), accused=frozenset())


def barred_from(session: Session, case: Case) -> frozenset[str]:
    """Who never searches for a case: the requester, and everybody left out of it."""
    facts = facts_of(session, case)
    return facts.excluded | frozenset(filter(None, [facts.requester_person_id]))


def doubts(session: Session, case: Case, people: Collection[str], *, desk: Desk) -> Mapping[str, Message]:
    """Those of these people whom the request may be about, and why: an officer looks before they search."""
    found: dict[str, Message] = {}
    request = session.get(SubjectAccessRequest, case.id)
    told = [open_words(request, column, desk.vault) for column in ("wanted", "recognition")] if request else []
    texts = [words.reveal() for words in told if words]
    wishes = [
        words.reveal()
        for wish in list_wishes(session, case)
        if wish.taken_back_at is None and wish.let_in_at is None and (words := open_wish(wish, "words", desk.vault))
    ]
    for person in session.scalars(select(Person).where(Person.id.in_(people))):
        known = known_as(person)
        if any(is_named(text, known) for text in texts) or any(may_be_meant(text, known) for text in wishes):
            found[person.id] = NAMED_IN_WORDS
    return dict.fromkeys(_responsible(session, case, desk) & set(people), RESPONSIBLE) | found


def _responsible(session: Session, case: Case, desk: Desk) -> frozenset[str]:
    """The responsible managers of the systems that were asked about by name."""
    asked = {one.system_id for one in list_asked_systems(session, case)} | set(filter(None, [case.system_id]))
    role = RoleName.RESPONSIBLE_MANAGER
    return frozenset(
        person.id
        for system_id in asked
        for _holding, person in list_role_holders(
            session, role=role, body_id=case.body_id, today=desk.today, system_id=system_id
        )
    )


def _places(session: Session, case: Case, request: SubjectAccessRequest, desk: Desk) -> Iterable[SearchPlace]:
    """The systems that match the person and every other place of the body; a wish for systems alone is those alone."""
    asked = list_asked_systems(session, case)
    ticked = {one.system_id for one in asked} or set(filter(None, [case.system_id]))
    named = bool(ticked) and not request.is_everything and all(one.is_alone for one in asked)
    systems = sorted(ticked if named else ticked | _systems(session, case, desk))
    by_system = {place.system_id: place for place in list_places(session, case.body_id, today=desk.today)}
    for system_id in systems:
        yield by_system.get(system_id) or place_of_system(session, case.body_id, system_id)
    if not named:
        yield from [place for place in list_places(session, case.body_id, today=desk.today) if place.system_id is None]


def _systems(session: Session, case: Case, desk: Desk) -> frozenset[str]:
    """Systems that affect the person now or did on the last day of an engagement; all in use if nobody is known."""
    if case.requester_person_id is None:
        in_use = select(System.id).where(System.body_id == case.body_id, System.state.in_(sorted(IN_USE)))
        return frozenset(session.scalars(in_use))
    ended = [one.ended_on - ONE_DAY for one in list_engagements(session, case.requester_person_id) if one.ended_on]
    days = {desk.today, *(day for day in ended if day < desk.today)}
    found: set[str] = set()
    for day in days:
        works = [
            (work, names)
            for work, names in works_of(session, case.requester_person_id, today=day)
            if work.body_id == case.body_id
        ]
        found |= {hit.match.system_id for hit in affecting(session, works, Locale.EN)}
    return frozenset(found)


def place_of_system(session: Session, body_id: str, system_id: str) -> SearchPlace:
    """The place of a system, made when it is first needed. Its owner is whom the register names by email address."""
    place = SearchPlace(
        id=ids.new_id(),
        body_id=body_id,
        kind=PlaceKind.SYSTEM,
        system_id=system_id,
        owner_person_id=_named_owner(session, body_id, system_id),
    )
    session.add(place)
    session.flush()
    return place


def _named_owner(session: Session, body_id: str, system_id: str) -> str | None:
    for item in get_system_by_id(session, system_id).whole.data_items:
        for text in (item.search_owner.en, item.search_owner.cy):
            for word in (text or "").replace("<", " ").replace(">", " ").replace(",", " ").split():
                person = find_person_by_email(session, word) if "@" in word else None
                if person is not None and person.body_id == body_id:
                    return person.id
    return None


def _items(session: Session, place: SearchPlace) -> list[dict[str, Any]]:
    """What the register says that a system holds, with where it is held and who searches it."""
    if place.system_id is None:
        return []
    return [
        {
            "cy": item.label.bilingual.cy,
            "en": item.label.bilingual.en,
            "held": {"cy": item.where_held.bilingual.cy, "en": item.where_held.bilingual.en},
            "owner": {"cy": item.search_owner.bilingual.cy, "en": item.search_owner.bilingual.en},
        }
        for item in get_system_by_id(session, place.system_id).whole.data_items
    ]
