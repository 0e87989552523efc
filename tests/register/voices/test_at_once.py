"""Two signatures of one branch that arrive at the same moment, in both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from time import sleep

import pytest
from sqlalchemy import select

from portal.core.db import Database
from portal.core.ids import new_id
from portal.core.vault import Vault
from portal.directory.intake import import_directory, read_directory
from portal.directory.models import Person, UnionBranch
from portal.identity import service as identity
from portal.identity.queries import get_actor_of
from portal.identity.rules import AccountKind
from portal.register.importing import import_register
from portal.register.intake import read_register
from portal.register.lifecycle.telling import Post
from portal.register.models import System
from portal.register.parts import Both
from portal.register.positions import UnionStatement
from portal.register.rules import Position
from portal.register.voices import service
from portal.register.voices.service import NewStatement
from tests.register.conftest import DEMO

A_MOMENT = 0.2
"""So long the first keeps the second waiting; were the second slower to come, it would find the same."""


@pytest.mark.parametrize(("is_same_form", "numbers"), [(True, [1]), (False, [1, 2])])
def test_two_at_once_are_two_numbers_and_one_form_is_one_statement(
    either_database: Database, vault: Vault, now: datetime, is_same_form: bool, numbers: list[int]
) -> None:
    post = Post(vault, "https://porth.example", now)
    with either_database.writing() as session:
        import_directory(session, read_directory((DEMO / "directory.csv").read_bytes()), now=now)
        import_register(session, read_register((DEMO / "register.json").read_bytes()), now=now)
        person = session.scalars(select(Person).where(Person.email == "gwenno.alun@unison.example")).one()
        identity.open_account(session, person, AccountKind.REPRESENTATIVE, now=now)
        branch_id = session.scalars(select(UnionBranch.id).where(UnionBranch.slug == "unison-cledwen")).one()
        actor = get_actor_of(session, person.id, today=now.date())
    first, second = new_id(), new_id()

    def sign(statement_id: str, wait: float) -> None:
        new = NewStatement(statement_id, Position.AGREED, Both())
        with either_database.writing() as session:
            system = session.scalars(select(System).where(System.short_code == "K7RT3M")).one()
            service.sign(session, actor, system, branch_id, new, post=post, tells=False)
            sleep(wait)

    with ThreadPoolExecutor() as pool:
        asked = (first, first if is_same_form else second)
        for done in [pool.submit(sign, one, A_MOMENT) for one in asked]:
            done.result()
    with either_database.reading() as session:
        assert sorted(session.scalars(select(UnionStatement.number))) == numbers
