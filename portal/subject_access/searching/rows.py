"""Searches and places as the officer's pages list them."""

from typing import Any

from sqlalchemy.orm import Session

from portal.core.text import Bilingual
from portal.directory.models import Person
from portal.subject_access.searching.models import SearchPlace, SearchTask
from portal.subject_access.searching.queries import name_of
from portal.subject_access.searching.rules import PLACES, RESULTS, TASKS


def task_row(session: Session, task: SearchTask) -> dict[str, Any]:
    """One search."""
    return {
        "id": task.id,
        "place": name_of(session, session.get_one(SearchPlace, task.place_id)),
        "who": _name(session, task.person_id),
        "instead_of": _name(session, task.first_person_id),
        "second": _name(session, task.second_person_id),
        "state": TASKS[task.state],
        "code": task.state.value,
        "is_confirmed": task.second_person_id is None or task.confirmed_at is not None,
        "result": RESULTS[task.result] if task.result else None,
        "number": task.found_number,
        "due_on": task.due_on,
        "items": [Bilingual(item["cy"], item["en"]) for item in task.items],
    }


def _name(session: Session, person_id: str | None) -> str:
    person = session.get(Person, person_id) if person_id else None
    return person.display_name if person else ""


def place_row(session: Session, place: SearchPlace) -> dict[str, Any]:
    """One place."""
    return {
        "id": place.id,
        "name": name_of(session, place),
        "kind": PLACES[place.kind],
        "owner": _name(session, place.owner_person_id),
        "deputy": _name(session, place.deputy_person_id),
    }
