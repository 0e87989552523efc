"""No letter tells anything to whoever it is not for: no words, no reference, and no case to those left out of it."""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import timedelta
from io import StringIO
from random import Random
from string import Formatter

import pytest
from sqlalchemy import select

from portal.cases.models import Case, Exclusion
from portal.cases.rules import ExclusionSource
from portal.core.text import Locale
from portal.directory.models import Person
from portal.notifications.letters import FOLDER
from portal.notifications.models import OutboxLetter
from portal.notifications.service import open_content, open_letter
from portal.sweep import DUTIES
from tests.demonstrated import Demonstrated

TEMPLATES = sorted({path.name.partition(".")[0] for path in FOLDER.glob("*.txt")})
PUBLISHED = {"name_cy", "name_en", "headline_cy", "headline_en", "why_cy", "why_en", "text_cy", "text_en", "list_cy"}
PUBLISHED |= {"list_en", "page_cy", "page_en", "code", "body", "date_cy", "date_en"}
"""What everybody may read on the register: names of systems and employers, and what an employer tells its staff."""
OF_ONESELF = {"name", "inviter", "token", "address"}
COUNTED = {"asked", "soon", "late", "due", "count", "id", "band_cy", "band_en", "quarter", "number"}
"""Numbers, days, and the portal's own random names of things."""
SIGNED_FOR = {"account_invitation", "account_password_changed", "account_reset"}
"""Letters to oneself about one's own account: they begin with one's name."""
REFERENCE = re.compile(r"\b[A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
OF_CASES = ("access_", "answer_", "case_", "complaint_", "representative_", "review_", "search_")
DAYS = (8, 40)
ROOMS = ("portal.subject_access", "portal.decision_review", "portal.complaints", "portal.cases")


def placeholders(template: str, locale: Locale) -> set[str]:
    text = (FOLDER / f"{template}.{locale.value}.txt").read_text(encoding="utf-8")
    return {name for _said, name, _spec, _conversion in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_letter_has_room_for_peoples_words_or_for_a_reference(template: str) -> None:
    asked = {name for locale in Locale for name in placeholders(template, locale)}
    assert asked <= PUBLISHED | OF_ONESELF | COUNTED
    if asked & {"name", "inviter", "token"}:
        assert template in SIGNED_FOR


@pytest.mark.parametrize("template", TEMPLATES)
def test_both_languages_ask_for_the_same_and_begin_with_a_subject(template: str) -> None:
    def bare(locale: Locale) -> set[str]:
        return {name.removesuffix(f"_{locale.value}") for name in placeholders(template, locale)}

    assert bare(Locale.CY) == bare(Locale.EN)
    for locale in Locale:
        first = (FOLDER / f"{template}.{locale.value}.txt").read_text(encoding="utf-8").partition("\n")[0]
        assert re.fullmatch(r"Subject: \S.{5,90}", first), first


@pytest.mark.parametrize("template", [one for one in TEMPLATES if one.startswith((*OF_CASES, "concern_", "check_"))])
def test_a_letter_about_a_case_asks_for_nothing_but_the_portals_address(template: str) -> None:
    asked = {name for locale in Locale for name in placeholders(template, locale)}
    assert asked <= {"address", "band_cy", "band_en"} | ({"body"} if template == "concern_urgent" else set())


def sweep_letters(world: Demonstrated) -> Iterator[tuple[str, str]]:
    """To whom each letter of the timed duties about cases goes, as some weeks pass, and which it is."""
    duties = [duty for duty in DUTIES.values() if getattr(duty, "__module__", "").startswith(ROOMS)]
    assert len(duties) > 20
    with redirect_stdout(StringIO()):
        for days in DAYS:
            for duty in duties:
                duty(world.database, world.settings, world.settings.clock.now() + timedelta(days=days))
    with world.database.reading() as session:
        for row in session.scalars(select(OutboxLetter).where(OutboxLetter.sealed.is_not(None))):
            letter = open_letter(row, world.settings.vault)
            assert REFERENCE.search(letter.subject + letter.text) is None
            yield open_content(row, world.settings.vault)[0].email.casefold(), row.template


def leave_out_of_everything(world: Demonstrated, people: list[str]) -> None:
    """As rows alone: what they hold in a case stays, as if it had been forgotten to end it."""
    with world.database.writing() as session:
        known = {(row.case_id, row.person_id) for row in session.scalars(select(Exclusion))}
        for case_id in session.scalars(select(Case.id)).all():
            for person_id in map(world.person, people):
                if (case_id, person_id) not in known:
                    made = {"source": ExclusionSource.REQUESTER, "declared_at": world.settings.clock.now()}
                    session.add(Exclusion(case_id=case_id, person_id=person_id, **made))


def test_nobody_who_was_left_out_gets_a_letter_of_a_case_whatever_they_held(demonstrated: Demonstrated) -> None:
    officers = ["mair.tudur", "rhodri.vaughan", "jonathan.pryce.lewis", "lowri.angharad.bevan", "bethan.islwyn"]
    addresses = [one for one in _addresses(demonstrated) if one.partition("@")[0] in officers]
    left_out = sorted(Random(7).sample(addresses, 3))
    leave_out_of_everything(demonstrated, left_out)
    told: dict[str, set[str]] = defaultdict(set)
    for email, template in sweep_letters(demonstrated):
        if template.startswith(OF_CASES):
            told[email].add(template)
    assert {email: told[email] for email in left_out if told[email]} == {}
    assert all(told[email] for email in addresses if email not in left_out), "those who stay hear"


def _addresses(world: Demonstrated) -> list[str]:
    with world.database.reading() as session:
        return sorted(session.scalars(select(Person.email)))
