"""What a pack holds, in which language, and what it never says."""

from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select, update

from portal.cases.models import Case
from portal.core import ids
from portal.core.text import Locale, Words
from portal.i18n.catalogue import say
from portal.subject_access.after.holds import lift_hold, set_hold
from portal.subject_access.answering import packing
from portal.subject_access.answering.contents import PLAIN, gather
from portal.subject_access.answering.deciding import send_back
from portal.subject_access.answering.duties import remove_dropped_packs
from portal.subject_access.answering.models import Pack, SignOff
from portal.subject_access.answering.packing import Job, build, build_waiting
from portal.subject_access.answering.pages_of_pack import index_page, letter_page
from portal.subject_access.answering.rules import BUILDER_LEASE, PackState
from portal.subject_access.letters import ROUTES
from portal.subject_access.material.models import MaterialCopy
from portal.subject_access.material.rules import Decision, Exemption, ReporterAnswer
from tests.pages.walk import Validator
from tests.subject_access.answering.answers import (
    LETTER,
    RELEASE,
    add_item,
    in_language,
    prepared,
    proposed,
    unpacked,
)
from tests.subject_access.conftest import World, sent

SECRET = "Gwen a gwynodd amdanoch"


def packed(world: World, lang: Locale) -> dict[str, str]:
    """The pages of a pack with something cut, something withheld, and something about somebody who raised a concern."""
    with world.database.writing() as session:
        case = prepared(world, session)
        add_item(world, session, case, b"a,b\n", name=f"{SECRET}.csv", said="Nodiadau", decision=Decision.PART,
                 exemption=Exemption.OTHER_PEOPLE)  # fmt: skip
        for reporter in ReporterAnswer:
            add_item(world, session, case, b"c", decision=Decision.WITHHOLD, exemption=Exemption.PRIVILEGE,
                     said=SECRET, reporter=reporter)  # fmt: skip
        one = replace_material_checks(world, session, case, lang)
        contents = gather(session, case, one, world.settings.vault)
        return {"index": index_page(contents), "letter": letter_page(contents)}


def replace_material_checks(world: World, session: object, case: Case, lang: Locale) -> SignOff:
    """A proposal as it stands in the table: what stands against one has tests of its own."""
    from portal.subject_access.answering.proposing import _row

    one = _row(world["rhodri"].account_id, case, in_language(RELEASE, lang), sent(), world.desk)
    session.add(one)  # type: ignore[attr-defined]
    session.flush()  # type: ignore[attr-defined]
    return one


@pytest.mark.parametrize("lang", list(Locale))
def test_the_index_explains_every_file_in_the_language_of_the_answer(world: World, lang: Locale) -> None:
    pages = packed(world, lang)
    text = unescape(pages["index"])
    assert f'<html lang="{lang}">' in text
    assert all(said in text for said in ("Eich rota", "001.csv", "SB2", "ail egwyl"))
    assert text.count(say(PLAIN[Exemption.PRIVILEGE], lang)) == 1
    assert text.count("001.csv") == 2
    assert all(say(route, lang) in text for route in ROUTES)
    letter = unescape(pages["letter"])
    assert "<h2>Rota</h2>" in letter and LETTER.reveal() in letter


def test_no_page_of_a_pack_says_who_raised_a_concern_or_what_was_held_back(world: World) -> None:
    pages = packed(world, Locale.CY)
    assert SECRET not in pages["index"] + pages["letter"]
    assert ": 1</li>" in pages["index"], "the item that comes from somebody who raised a concern is not counted"


def test_a_pack_is_whole_sealed_and_the_same_when_it_is_made_again(world: World) -> None:
    files = (b"dydd,awr\n" * 30_000, bytes(range(256)) * 500)
    with world.database.writing() as session:
        proposed(world, session, prepared(world, session, *files))
    hashes = []
    for _ in range(2):
        assert build_waiting(world.database, world.settings, world.desk.now) == 1
        with world.database.writing() as session:
            pack = session.scalars(select(Pack)).one()
            found = unpacked(world, pack)
            assert (found["ffeiliau/001.csv"], found["ffeiliau/002.csv"]) == files
            assert (pack.done_items, pack.all_items) == (2, 2)
            hashes.append((pack.sha256, pack.fingerprint))
            blob = (world.settings.blob_folder / str(pack.blob_id)).read_bytes()
            assert b"dydd,awr" not in blob and blob[:2] != b"PK"
            pack.state = PackState.WAITING
    assert hashes[0] == hashes[1]


def test_a_file_that_is_not_what_was_decided_on_stops_the_pack(world: World) -> None:
    with world.database.writing() as session:
        proposed(world, session, prepared(world, session))
        session.execute(update(MaterialCopy).values(sha256=bytes(32)))
    before = set(world.settings.blob_folder.iterdir())
    assert build_waiting(world.database, world.settings, world.desk.now) == 0
    with world.database.reading() as session:
        assert session.scalars(select(Pack)).one().state is PackState.FAILED
    assert set(world.settings.blob_folder.iterdir()) == before


def test_a_builder_that_was_thought_dead_stops_when_it_comes_back(world: World) -> None:
    with world.database.writing() as session:
        proposed(world, session, prepared(world, session))
    with world.blobs.living() as holder:
        slow = packing._take(world.database, world.blobs, holder, world.desk.now, ())
        assert slow is not None
        assert build_waiting(world.database, world.settings, world.desk.now + BUILDER_LEASE) == 1
    assert build(world.database, world.settings, Job(slow.pack_id, slow.holder)) is False
    with world.database.reading() as session:
        pack = session.scalars(select(Pack)).one()
        assert pack.state is PackState.READY
        unpacked(world, pack)


def test_the_pack_of_an_answer_that_was_sent_back_is_deleted(world: World) -> None:
    with world.database.writing() as session:
        one = proposed(world, session, prepared(world, session))
    build_waiting(world.database, world.settings, world.desk.now)
    with world.database.writing() as session:
        case = session.scalars(select(Case)).one()
        blob_id = session.scalars(select(Pack.blob_id)).one()
        send_back(session, world["bethan"], case, session.get_one(SignOff, one.id), LETTER, sent(), desk=world.desk)
        until = world.after(30).today
        held = set_hold(session, world["rhodri"], case, LETTER, until, ids.new_id(), desk=world.desk)
    assert remove_dropped_packs(world.database, world.settings, world.desk.now) == 0
    assert (world.settings.blob_folder / str(blob_id)).exists(), "a hold keeps everything of the request"
    with world.database.writing() as session:
        case = session.scalars(select(Case)).one()
        lift_hold(session, world["rhodri"], case, held.id, desk=world.desk)
    assert remove_dropped_packs(world.database, world.settings, world.desk.now) == 1
    assert not (world.settings.blob_folder / str(blob_id)).exists()
    assert remove_dropped_packs(world.database, world.settings, world.desk.now + timedelta(days=1)) == 0


@pytest.mark.parametrize("words", ["Llinell\nArall", "# Pennawd yn unig"])
def test_what_was_typed_is_text_and_never_markup(world: World, words: str) -> None:
    with world.database.writing() as session:
        case = prepared(world, session)
        proposal = replace(RELEASE, words=Words(words + "\n\n<script>alert(1)</script>"))
        one = proposed(world, session, case, proposal)
        page = letter_page(gather(session, case, one, world.settings.vault))
    assert "<script>" not in page


def test_the_pages_of_a_pack_are_valid(world: World) -> None:
    validator = Validator()
    try:
        found = [one for lang in Locale for page in packed(world, lang).values() for one in validator.findings(page)]
    finally:
        validator.close()
    assert found == []
