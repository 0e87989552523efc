"""The form is made of the standard: every field has its place, its words and its own boxes."""

from hypothesis import HealthCheck, given, settings

from portal.core.text import Locale
from portal.i18n.catalogue import Catalogue
from portal.register.definitions import definitions
from portal.register.editing.labels import HINTS, OWN_LABELS
from portal.register.editing.shape import NOT_ASKED, STANDARD, Kind, list_at, sections
from portal.register.editing.tag_words import TAG_WORDS
from portal.register.editing.typed import pairs_of, put, read_answers, touched
from portal.register.record import Record
from portal.register.term_words import yes_or_no
from portal.register.words import words
from portal.web.fields import MOST_FIELDS, FieldBag
from portal.web.forms import Problems
from tests.register.records import records

EVERY = [ask for section in sections().values() for ask in section.asks]
EVERY += [ask for section in sections().values() for rows in section.lists for ask in rows.asks]


def test_every_place_of_the_standard_is_asked_for_once_or_left_out_by_name() -> None:
    asked = {ask.path for ask in EVERY} | {rows.path for section in sections().values() for rows in section.lists}
    for field in definitions(STANDARD).values():
        for path in field.paths:
            left_out = any(path == out or path.startswith(f"{out}.") for out in NOT_ASKED) or path.endswith(".key")
            within = any(ask.within == path or ask.path.startswith(f"{path}.") for ask in EVERY)
            assert left_out or within or path in asked, path
    assert len({ask.path for ask in EVERY}) == len(EVERY)


def test_labels_and_hints_name_places_that_exist() -> None:
    known = {ask.path for ask in EVERY}
    assert set(OWN_LABELS) <= known
    assert set(HINTS) <= known


def test_every_choice_and_every_yes_has_its_words() -> None:
    for ask in EVERY:
        for term in ask.terms or ():
            assert TAG_WORDS[type(term)][term] if type(term) in TAG_WORDS else words(term)
        if ask.kind is Kind.YES_NO:
            assert yes_or_no(ask.path.rpartition(".")[2], answer=True)


def test_no_form_has_more_boxes_than_a_request_may_bring() -> None:
    for section in sections().values():
        most = sum(len(ask.terms or ()) + 3 for ask in section.asks)
        assert most < MOST_FIELDS, section.key


def test_labels_of_one_form_are_told_apart() -> None:
    english = Catalogue.for_locale(Locale.EN)
    for section in sections().values():
        for asks in (section.asks, *(rows.asks for rows in section.lists)):
            said = [
                english.say(own) if (own := OWN_LABELS.get(ask.path)) else ask.field.label.en + ask.name for ask in asks
            ]
            assert len(set(said)) == len(said), section.key


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(record=records())
def test_a_form_that_nobody_touched_changes_nothing(record: Record) -> None:
    for section in sections().values():
        pairs = pairs_of(record, section.asks)
        problems = Problems()
        found = read_answers(section.asks, FieldBag(pairs), problems)
        assert not problems
        asks = touched(section.asks, list(FieldBag(pairs).pairs()), pairs)
        assert Record.model_validate(put(record.model_dump(), asks, found, without=set())) == record


def test_a_list_is_found_by_its_path_and_nothing_else_is() -> None:
    assert list_at("risks") is not None
    assert list_at("consultation.positions") is None
    assert list_at("nonsense") is None
