"""Lanes of readers only: found by all of them, open to those let in, and never another's invention."""

from dataclasses import replace

import pytest

from anonymity.errors import CannotOpen, LeftOut
from anonymity.grant import Grant, seal_grant
from anonymity.item import Granted
from anonymity.keyring import Keyring
from anonymity.keys import Identity
from anonymity.notes import begin_notes, check_beside, list_outside, locate_notes
from anonymity.plaintext import Plaintext, Secret
from anonymity.readership import PersonCard, add_readers, start_epoch
from anonymity.receipt import Lane, locator_hash
from anonymity.seat import reporter_seat
from anonymity.submission import Submission, read_desk_submission, read_submission
from anonymity.thread import Verdict
from tests.anonymity.world import (
    CODE,
    DAY,
    MANAGER,
    REPRESENTATIVE,
    STRANGER,
    Kept,
    person,
    reader,
    said,
    submitted,
    texts,
)

FOURTH = reader(4)
READERS = tuple(one.card for one in (MANAGER, REPRESENTATIVE, FOURTH))


def parent() -> Kept:
    """A joint thread with three readers."""
    return Kept(submitted(readers=READERS))


def begun(kept: Kept, *colleagues: PersonCard, by: Keyring = REPRESENTATIVE, text: str = "Nodyn.") -> Submission:
    """Notes beside that thread."""
    return begin_notes(by, *kept.reader(by), Lane.UNION_NOTES, colleagues, said(text))


def test_a_reader_begins_notes_that_colleagues_find_read_and_write() -> None:
    joint = parent()
    sent = read_desk_submission(begun(joint, person(4)).to_json())
    notes = Kept(sent)
    for who in (REPRESENTATIVE, FOURTH):
        seat, thread = notes.reader(who)
        other = joint.reader(who)
        check_beside(seat, thread, *other)
        assert locator_hash(locate_notes(other[0], Lane.UNION_NOTES)) == sent.locator_hash
        assert (texts(thread), seat.lane) == (["Nodyn."], Lane.UNION_NOTES)
        assert thread.left_out == {"person-9"}
    seat, thread = notes.reader(FOURTH)
    notes.take(seat.write(thread, Plaintext("Iawn."), lang="cy", day=DAY, sealed_by=said().sealed_by))
    assert texts(notes.reader(REPRESENTATIVE)[1]) == ["Nodyn.", "Iawn."]
    with pytest.raises(CannotOpen):
        notes.reader(MANAGER)


def test_notes_and_wires_do_not_mix() -> None:
    sent = begun(parent(), person(4))
    with pytest.raises(CannotOpen):
        read_submission(sent.to_json())
    with pytest.raises(CannotOpen):
        read_desk_submission(submitted().to_json())


def test_the_receipt_opens_no_notes() -> None:
    notes = Kept(begun(parent(), person(4)))
    for lane in Lane:
        with pytest.raises((CannotOpen, ValueError)):
            reporter_seat(CODE, lane, notes.hand())


def test_each_lane_of_notes_and_each_thread_has_its_own_place() -> None:
    joint, union = parent(), Kept(submitted(lane=Lane.UNION, readers=READERS))
    places = [locate_notes(kept.reader(MANAGER)[0], lane) for kept in (joint, union) for lane in list(Lane)[2:]]
    assert len(set(places)) == 4
    notes = Kept(begun(joint, person(4)))
    for seat, lane in ((notes.reader(FOURTH)[0], Lane.UNION_NOTES), (joint.reader(MANAGER)[0], Lane.UNION)):
        with pytest.raises(ValueError, match="lane"):
            locate_notes(seat, lane)


def test_nobody_comes_into_notes_who_is_left_out_or_not_in_the_thread_beside() -> None:
    joint = parent()
    with pytest.raises(LeftOut):
        begun(joint, PersonCard("person-9", FOURTH.card))
    with pytest.raises(CannotOpen):
        begun(joint, person(3))
    notes = Kept(begun(joint))
    with pytest.raises(CannotOpen):
        add_readers(*notes.reader(REPRESENTATIVE), [person(3)], said(), beside=joint.reader(REPRESENTATIVE)[1])
    with pytest.raises(ValueError, match="beside"):
        add_readers(*notes.reader(REPRESENTATIVE), [person(4)], said())
    joint.take(start_epoch(*joint.reporter(), [person(1), person(2)], said(), left_out=["p4"]))
    with pytest.raises(LeftOut):
        add_readers(*notes.reader(REPRESENTATIVE), [person(4)], said(), beside=joint.reader(REPRESENTATIVE)[1])


def test_a_colleague_is_let_in_later_and_the_one_who_began_may_leave_for_good() -> None:
    joint = parent()
    notes = Kept(begun(joint))
    beside = joint.reader(REPRESENTATIVE)[1]
    notes.take(add_readers(*notes.reader(REPRESENTATIVE), [person(4)], said("Croeso."), beside=beside))
    change = start_epoch(*notes.reader(REPRESENTATIVE), [person(4)], said("Hwyl."))
    assert change.reporter is None
    notes.take(change)
    gone = replace(notes.reader(FOURTH)[0], author=REPRESENTATIVE.author)
    item = gone.write(notes.reader(FOURTH)[1], Plaintext("Eto."), lang="cy", day=DAY, sealed_by=said().sealed_by)
    notes.take(item)
    thread = notes.reader(FOURTH)[1]
    assert texts(thread) == ["Nodyn.", "Croeso.", "Hwyl."]
    assert thread.entries[-1].verdict is Verdict.FOREIGN


def test_who_is_dropped_from_the_thread_reads_nothing_that_is_written_in_its_notes_later() -> None:
    joint = parent()
    notes = Kept(begun(joint, person(4)))
    assert list_outside(notes.reader(REPRESENTATIVE)[1], joint.reader(REPRESENTATIVE)[1]) == ()
    joint.take(start_epoch(*joint.reporter(), [person(1), person(2)], said()))
    seat, thread = notes.reader(REPRESENTATIVE)
    (gone,) = list_outside(thread, joint.reader(REPRESENTATIVE)[1])
    assert gone == Granted.of(FOURTH.card)
    notes.take(start_epoch(seat, thread, [person(2)], said()))
    assert list_outside(notes.reader(REPRESENTATIVE)[1], joint.reader(REPRESENTATIVE)[1]) == ()
    with pytest.raises(CannotOpen):
        notes.reader(FOURTH)[0].recipient  # noqa: B018


def test_notes_begin_with_words_by_a_reader_who_is_in() -> None:
    joint = parent()
    with pytest.raises(ValueError, match="out of bounds"):
        begun(joint, person(4), text=" ")
    seat, thread = joint.reader(REPRESENTATIVE)
    with pytest.raises(CannotOpen):
        begin_notes(STRANGER, seat, thread, Lane.UNION_NOTES, [], said("a"))
    with pytest.raises(CannotOpen):
        begin_notes(REPRESENTATIVE, replace(seat, epoch=1), thread, Lane.UNION_NOTES, [], said("a"))
    with pytest.raises(CannotOpen):
        begin_notes(REPRESENTATIVE, seat, seat.read([]), Lane.UNION_NOTES, [], said("a"))


def test_a_server_cannot_invent_notes() -> None:
    """It has every public key and case id; the words written into its own notes it would read."""
    joint = parent()
    seat, thread = joint.reader(REPRESENTATIVE)
    made = Kept(submitted(readers=READERS))
    forged = begin_notes(MANAGER, *made.reader(MANAGER), Lane.UNION_NOTES, [person(2)], said("Ysgrifennwch yma."))
    notes = Kept(forged)
    with pytest.raises(CannotOpen):
        check_beside(*notes.reader(REPRESENTATIVE), seat, thread)  # beside another thread
    stranger = Kept(submitted(readers=(STRANGER.card, REPRESENTATIVE.card), case=joint.case))
    forged = begin_notes(STRANGER, *stranger.reader(STRANGER), Lane.UNION_NOTES, [person(2)], said("Yma."))
    notes = Kept(forged)
    with pytest.raises(CannotOpen):
        check_beside(*notes.reader(REPRESENTATIVE), seat, thread)  # by somebody who never was in


def test_a_forged_grant_into_genuine_notes_opens_nothing() -> None:
    notes = Kept(begun(parent(), person(4)))
    own = Identity(Secret(b"\x77" * 32))
    grant = Grant(notes.case, 0, Lane.UNION_NOTES, own, REPRESENTATIVE.author.sign_key)
    notes.grants[FOURTH.card.key_id, 0] = seal_grant(grant, FOURTH.card.recipient)
    with pytest.raises(CannotOpen):
        notes.reader(FOURTH)


def test_a_thread_alone_stands_beside_nothing() -> None:
    joint = parent()
    with pytest.raises(CannotOpen):
        check_beside(*joint.reader(MANAGER), *joint.reader(MANAGER))
