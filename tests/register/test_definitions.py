"""The tables of fields: whole, in both languages, and each place of the model in exactly one field."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from portal.register.definitions import definitions, field_at, groups, never_withheld
from portal.register.parts import Both, Part
from portal.register.record import Record
from portal.register.terms import DiffClass, Stage, Standard
from tests.locales.grammar import lint_text

BOTH_STANDARDS = pytest.mark.parametrize("standard", Standard)


def leaves(model: type[Part], before: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        inner = [part for part in parts_in(field.annotation) if part is not Both]
        if not inner:
            yield before + name
        for part in inner:
            yield from leaves(part, f"{before}{name}.")


def parts_in(annotation: Any) -> Iterator[type[Part]]:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation
    for inner in get_args(annotation):
        yield from parts_in(inner)


def test_the_second_standard_has_the_170_fields_in_nineteen_groups() -> None:
    assert (len(definitions(Standard.SECOND)), len(groups(Standard.SECOND))) == (170, 19)


def test_every_place_of_the_model_belongs_to_a_field() -> None:
    assert [path for path in leaves(Record) if field_at(Standard.SECOND, path) is None] == []


@BOTH_STANDARDS
def test_no_place_belongs_to_two_fields_and_every_place_exists(standard: Standard) -> None:
    paths = [path for field in definitions(standard).values() for path in field.paths]
    known = list(leaves(Record))
    assert [path for path, count in Counter(paths).items() if count > 1] == []
    assert [path for path in paths if not any(f"{leaf}.".startswith(f"{path}.") for leaf in known)] == []


@BOTH_STANDARDS
def test_every_field_is_of_a_group_and_is_stored_kept_or_worked_out(standard: Standard) -> None:
    for field in definitions(standard).values():
        assert field.group in groups(standard)
        assert bool(field.paths) + field.derived + bool(field.kept_in and not field.paths) == 1, field.key


@BOTH_STANDARDS
def test_labels_stand_in_both_languages_and_pass_the_gate(standard: Standard) -> None:
    labels = [*groups(standard).values(), *(field.label for field in definitions(standard).values())]
    assert all(label.cy and label.en for label in labels)
    assert [(problem, label.cy) for label in labels for problem in lint_text(label.cy)] == []
    told = Counter(field.label.cy for field in definitions(standard).values())
    assert [label for label, count in told.items() if count > 1] == []


def test_the_first_standard_is_part_of_the_second() -> None:
    newer = definitions(Standard.SECOND)
    for key, field in definitions(Standard.FIRST).items():
        assert set(field.paths) <= set(newer[key].paths)
        assert (field.diff_class, field.audience, field.bilingual) == (
            newer[key].diff_class,
            newer[key].audience,
            newer[key].bilingual,
        )


def test_a_place_finds_its_field_by_its_longest_beginning() -> None:
    found = field_at(Standard.SECOND, "oversight.training.users")
    assert found is not None and found.key == "training_coverage"
    assert field_at(Standard.SECOND, "no.such.place") is None
    assert field_at(Standard.FIRST, "purpose.benefits") is None


def test_what_is_always_shown() -> None:
    shown = {key for key, field in definitions(Standard.SECOND).items() if never_withheld(field)}
    assert {"name", "one_sentence", "sro_role", "appeals_and_review", "opt_out_possible", "affected_groups"} <= shown
    assert not {"maintenance", "risks", "third_parties", "third_parties.contract_end / exit_plan"} & shown


def test_no_whole_is_withheld_of_which_a_part_is_always_shown() -> None:
    told = definitions(Standard.SECOND)
    shown = {key for key, field in told.items() if never_withheld(field)}
    assert {key.partition(".")[0] for key in shown} & told.keys() <= shown
    assert {"consultations", "data_items", "assessments"} <= shown, "no employer withholds what a union said"


def test_some_fields_as_the_table_has_them() -> None:
    told = definitions(Standard.SECOND)
    assert told["summary_plain"].atrs == "1.2" and told["summary_plain"].diff_class is DiffClass.MATERIAL
    assert told["go_live_date / retired_date"].paths == {"in_use_since": Stage.LIVE, "retired_on": Stage.RETIRED}
    assert told["named_reviewers_pool"].kept_in == "role_holdings" and told["phase"].derived
    assert not told["off_switch"].is_open and told["models.performance"].unless == "tool.off_the_shelf"
