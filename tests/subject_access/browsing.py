"""A visitor's moves: through the questions of a request, and through the officer's forms."""

from html import unescape
from typing import Any

from sqlalchemy import select

from portal.cases.models import Case
from portal.subject_access import service
from tests.subject_access.conftest import World, sent
from tests.visitors import Visitor

ANSWERS: tuple[tuple[str, dict[str, str]], ...] = (
    ("body", {"body": "taran"}),
    ("wanted", {"scope": "some", "wanted": "Fy shifftiau & “pwy” <a>"}),
    ("period", {"from-day": "1", "from-month": "1", "from-year": "2026"}),
    ("answer", {"answer_locale": "cy", "answer_format": "download"}),
    ("left_out", {}),
)
NAMELESS = (
    ("who", {"name": "Siân Prys", "email": "", "reach": "01234 567890"}),
    ("recognition", {"recognition": "Rhif staff 1234"}),
)


def carried(visitor: Visitor) -> dict[str, str]:
    return {name: unescape(value) for name, value in visitor.hidden().items()}


def answer(visitor: Visitor, path: str, fields: dict[str, str], **more: str) -> Any:
    return visitor.post(path, {**carried(visitor), **fields, **more})


def walk(visitor: Visitor, path: str, answers: Any = ANSWERS) -> None:
    """To the check page."""
    visitor.get(path)
    base = path.partition("?")[0]
    assert answer(visitor, base, {}).status_code == 200
    for step, fields in answers:
        assert carried(visitor)["step"] == step
        page = answer(visitor, base, fields)
        assert page.status_code == 200, step
        assert page.text.count("<h1") == 1


def sign_in(visitor: Visitor, name: str) -> None:
    visitor.get("/en/my/sign-in")
    assert visitor.sign_in(f"{name}@taran.example").status_code == 303


def open_case(world: World, **changes: Any) -> str:
    with world.database.writing() as session:
        return world.request(session, **changes).reference


def case_of(world: World, reference: str) -> Case:
    with world.database.reading() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        session.expunge(case)
        return case


def act(officer: Visitor, reference: str, name: str, locale: str = "en", **fields: str) -> Any:
    page = officer.get(f"/{locale}/my/desk/access/{reference}/{name}")
    assert page.status_code == 200, name
    return officer.post(f"/{locale}/my/desk/access/{reference}/{name}", {**carried(officer), **fields})


def started(world: World, **changes: Any) -> str:
    reference = open_case(world, **changes)
    with world.database.writing() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        service.start(session, world["rhodri"], case, sent(), desk=world.desk)
    return reference
