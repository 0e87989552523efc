"""What stands around a concern: the law's kinds inform and never gate, the employer's own words, and other places."""

from datetime import date

import pytest
from sqlalchemy import delete, select

from portal.core.text import Bilingual
from portal.directory.matters import Procedure, set_procedure
from portal.directory.models import Body, BodyProcedure
from tests.concerns.test_form import filled, open_form
from tests.demonstrated import BODY, OTHER_BODY, Demonstrated
from tests.visitors import Visitor

KINDS = ("aflonyddu rhywiol (ers 6 Ebrill 2026)", "camweinyddiad cyfiawnder", "niwed i’r amgylchedd")
NONE = "Nid yw’r cyflogwr hwn wedi awdurdodi’r porth"
TODAY = date(2026, 11, 22)


def seen(world: Demonstrated, visitor: Visitor, slug: str = BODY) -> list[str]:
    """The three pages on which somebody decides: about what, with script, without script."""
    about = "matter:other"
    pages = [visitor.post("/cy/concern", {"body": slug}).text]
    pages += [visitor.post(f"/cy/concern/{name}", {"body": slug, "about": about}).text for name in ("write", "form")]
    return pages


def test_the_seven_kinds_and_other_places_stand_where_somebody_decides(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    for page in seen(demonstrated, visitor):
        assert all(kind in page for kind in KINDS)
        assert "Archwilio Cymru" in page or '<a href="/cy/help-elsewhere" rel="noreferrer">' in page
        assert 'name="kind"' not in page, "nobody is asked which of them it is"
    open_form(demonstrated, visitor, "matter:other")
    assert (
        visitor.client.post("/cy/concern/form", data=filled(visitor, text="Nid yw’n ddim o’r rhain")).status_code == 200
    )


@pytest.mark.parametrize("slug", [BODY, OTHER_BODY])
def test_the_employers_own_words_are_shown_or_plainly_that_there_are_none(
    demonstrated: Demonstrated, visitor: Visitor, slug: str
) -> None:
    with demonstrated.database.writing() as session:
        session.execute(delete(BodyProcedure))
    assert all(NONE in page for page in seen(demonstrated, visitor, slug))
    told = Procedure(
        True,
        Bilingual("Y weithdrefn Codi Llais.", "The Speaking Up procedure."),
        TODAY,
        Bilingual("Y Bwrdd", "The Board"),
    )
    with demonstrated.database.writing() as session:
        body_id = session.scalars(select(Body.id).where(Body.slug == slug)).one()
        set_procedure(session, body_id, told, today=TODAY)
    for page in seen(demonstrated, visitor, slug):
        assert "Y weithdrefn Codi Llais." in page and "Y Bwrdd" in page and NONE not in page
