"""A reader who silences a thread: begins an epoch that others cannot open, or says inside that nobody else is in."""

from dataclasses import replace

import pytest

from anonymity.errors import CannotOpen
from anonymity.plaintext import Plaintext
from anonymity.readership import add_readers, grant_for, start_epoch
from anonymity.receipt import Lane
from anonymity.seat import Seat
from anonymity.submission import ChangeOfReaders
from anonymity.thread import Thread, Verdict
from tests.anonymity.world import DAY, MANAGER, REPRESENTATIVE, TEXT, Kept, person, said, submitted, texts


def write(kept: Kept, seat: Seat, thread: Thread, text: str) -> None:
    kept.take(seat.write(thread, Plaintext(text), lang="cy", day=DAY, sealed_by=said().sealed_by))


def spoilt(change: ChangeOfReaders) -> ChangeOfReaders:
    """With rubbish for everybody but the manager."""
    grants = (
        one if one.key_id == MANAGER.card.key_id else replace(one, file=_rubbish(one.file)) for one in change.grants
    )
    return replace(change, grants=tuple(grants), reporter=_rubbish(change.reporter or b""))


def _rubbish(file: bytes) -> bytes:
    """Of the right shape: more the server cannot see."""
    return file[:-40] + bytes(40)


def silenced(*, by_rubbish: bool) -> Kept:
    kept = Kept(submitted())
    if by_rubbish:
        kept.take(spoilt(start_epoch(*kept.reader(MANAGER), [person(1), person(2)], said())))
        return kept
    kept.take(spoilt(start_epoch(*kept.reader(MANAGER), [person(1)], said())))
    seat, _ = kept.reader(MANAGER)
    own = grant_for(seat, 1, seat.identities[1], REPRESENTATIVE.card)
    kept.grants[REPRESENTATIVE.card.key_id, 1] = own.file
    return kept


@pytest.mark.parametrize("by_rubbish", [True, False], ids=["by rubbish", "by a list without the others"])
def test_the_reporter_goes_on_without_whoever_silenced_the_thread(by_rubbish: bool) -> None:
    kept = silenced(by_rubbish=by_rubbish)
    for seat, thread in (kept.reporter(), kept.reader(REPRESENTATIVE)):
        assert texts(thread)[0] == TEXT
        if seat.locator is not None or by_rubbish:
            with pytest.raises(CannotOpen):
                write(kept, seat, thread, "Helo?")
            with pytest.raises(CannotOpen):
                add_readers(seat, thread, [person(3)], said())
    again = start_epoch(*kept.reporter(), [person(2)], said("Heb y rheolwr."))
    assert again.epoch == 2
    kept.take(again)
    write(kept, *kept.reader(REPRESENTATIVE), "Iawn.")
    for _, thread in (kept.reporter(), kept.reader(REPRESENTATIVE)):
        assert texts(thread)[-2:] == ["Heb y rheolwr.", "Iawn."]
        assert [one.key_id for one in thread.granted] == [REPRESENTATIVE.card.key_id]
    with pytest.raises(CannotOpen):
        kept.reader(MANAGER)


def test_readers_pass_over_nobodys_epoch() -> None:
    kept = silenced(by_rubbish=True)
    with pytest.raises(CannotOpen):
        start_epoch(*kept.reader(REPRESENTATIVE), [person(2)], said())
    seat, thread = kept.reader(REPRESENTATIVE)
    as_reporter = replace(seat, locator=bytes(32))
    kept.take(start_epoch(as_reporter, thread, [person(2)], said()))
    assert kept.reporter()[1].entries[-1].verdict is Verdict.FOREIGN


def test_the_reporter_brings_in_nobody_who_never_was_in_by_passing_over() -> None:
    kept = silenced(by_rubbish=True)
    with pytest.raises(CannotOpen):
        start_epoch(*kept.reporter(), [person(3)], said())


def test_the_reporters_seat_in_the_unions_lane_does_it_too() -> None:
    kept = Kept(submitted(lane=Lane.UNION))
    kept.take(spoilt(start_epoch(*kept.reader(MANAGER), [person(1), person(2)], said())))
    kept.take(start_epoch(*kept.reporter(lane=Lane.UNION), [person(2)], said("Ymlaen.")))
    assert texts(kept.reader(REPRESENTATIVE)[1])[-1] == "Ymlaen."
