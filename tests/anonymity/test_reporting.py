"""A concern from end to end: raised, read by those let in, answered, and come back to with ten words."""

import pytest

from anonymity.attachment import Attachment
from anonymity.errors import CannotOpen
from anonymity.item import ITEM_SIZE, About, Kind, Matter, SealedBy, open_item
from anonymity.keyring import Keyring
from anonymity.notes import check_beside
from anonymity.plaintext import Plaintext
from anonymity.receipt import Lane, lane_keys, locator_hash, read_code
from anonymity.reporting import draw_case, raise_in_both
from anonymity.sealedfile import FileSealer, open_file, seal_file
from anonymity.seat import Delivery, reader_seat, reporter_seat
from anonymity.submission import Reply, Submission, read_submission
from anonymity.text import BODY_LIMIT
from anonymity.thread import Thread
from tests.anonymity.world import (
    CODE,
    DAY,
    MANAGER,
    OTHER_CODE,
    REPRESENTATIVE,
    STRANGER,
    TEXT,
    concern,
    delivery,
    reader,
    submitted,
)


def texts(thread: Thread) -> list[str]:
    """The texts shown."""
    return [entry.item.body.reveal() for entry in thread.entries if entry.item]


@pytest.mark.parametrize("who", [MANAGER, REPRESENTATIVE])
def test_every_reader_let_in_reads_the_concern(who: Keyring) -> None:
    handed = delivery(submitted(), to=who)
    seat = reader_seat(who, handed)
    thread = seat.read(handed.items)
    assert texts(thread) == [TEXT]
    assert thread.is_whole
    assert seat.lane is Lane.JOINT
    assert thread.opening is not None
    assert thread.opening.left_out == ("person-9",)
    assert {one.key_id for one in thread.opening.granted} == {MANAGER.card.key_id, REPRESENTATIVE.card.key_id}
    assert thread.opening.name is None


def test_somebody_without_a_grant_has_no_seat() -> None:
    sent = submitted()
    with pytest.raises(CannotOpen):
        reader_seat(STRANGER, delivery(sent, to=STRANGER))
    with pytest.raises(CannotOpen):
        reader_seat(STRANGER, delivery(sent, to=MANAGER))


def test_the_reporter_comes_back_with_words_reads_the_answer_and_replies() -> None:
    sent = read_submission(submitted().to_json())
    at_desk = delivery(sent, to=MANAGER)
    desk = reader_seat(MANAGER, at_desk)
    answer = desk.write(
        desk.read(at_desk.items), Plaintext("Thank you.\r\n"), lang="en", day=DAY, sealed_by=SealedBy.DEVICE
    )
    back = delivery(sent, answer)
    seat = reporter_seat(read_code(" ".join(CODE.words("en")).upper()), Lane.JOINT, back)
    thread = seat.read(back.items)
    assert texts(thread) == [TEXT, "Thank you."]
    reply = seat.write(thread, Plaintext("Diolch."), lang="cy", day=DAY, sealed_by=SealedBy.SERVER)
    assert reply.prev == answer.hash
    for who in (MANAGER, REPRESENTATIVE):
        last = delivery(sent, answer, reply, to=who)
        thread = reader_seat(who, last).read(last.items)
        assert texts(thread) == [TEXT, "Thank you.", "Diolch."]
        assert [entry.item.sealed_by for entry in thread.entries if entry.item] == ["server", "device", "server"]


def test_another_receipt_opens_nothing() -> None:
    with pytest.raises(CannotOpen):
        reporter_seat(OTHER_CODE, Lane.JOINT, delivery(submitted()))


def test_a_receipt_of_one_lane_opens_no_other() -> None:
    joint, union = submitted(), submitted(lane=Lane.UNION)
    assert joint.locator_hash != union.locator_hash
    assert joint.recipient != union.recipient
    with pytest.raises(CannotOpen):
        open_item(joint.item.file, lane_keys(CODE, Lane.UNION).identity)
    with pytest.raises(CannotOpen):
        reporter_seat(CODE, Lane.UNION, delivery(joint))
    handed = delivery(union)
    assert texts(reporter_seat(CODE, Lane.UNION, handed).read(handed.items)) == [TEXT]


def test_the_locator_is_found_again_from_the_receipt_alone() -> None:
    assert submitted().locator_hash == locator_hash(lane_keys(CODE, Lane.JOINT).locator)


def test_a_server_that_names_its_own_recipient_gets_no_reply() -> None:
    handed = delivery(submitted(), to=MANAGER)
    own = Delivery(handed.case, 0, STRANGER.card.recipient, handed.grants, handed.items)
    with pytest.raises(CannotOpen):
        reader_seat(MANAGER, own)
    with pytest.raises(CannotOpen):
        reporter_seat(CODE, Lane.JOINT, own)


def test_a_name_is_inside_the_seal_only_and_tidied() -> None:
    sent = submitted(name=Plaintext(" Siân\nPuw "))
    assert "Siân".encode() not in sent.to_json()
    opening = open_item(sent.item.file, lane_keys(CODE, Lane.JOINT).identity).opening
    assert opening is not None
    assert opening.name is not None
    assert opening.name.reveal() == "Siân Puw"


@pytest.mark.parametrize("size", [1, 5_000, BODY_LIMIT])
def test_every_concern_has_the_same_size_on_the_wire(size: int) -> None:
    assert len(submitted(text="x" * size).to_json()) == len(submitted().to_json())


def full_concern(body: str) -> Submission:
    """A concern with everything at its largest."""
    return submitted(
        lane=Lane.UNION,
        beside=bytes(16),
        about=About("b" * 64, Matter.MATTER, "s" * 64),
        text=body,
        name=Plaintext("ŵ" * 100),
        readers=tuple(reader(n).card for n in range(1, 21)),
        left_out=tuple(f"{n:032d}" for n in range(24)),
    )


@pytest.mark.parametrize("body", ["x" * BODY_LIMIT, '"' * (BODY_LIMIT // 2), "ŵ" * (BODY_LIMIT // 2)])
def test_the_longest_concern_fits_its_size_class(body: str) -> None:
    sent = full_concern(body)
    assert read_submission(sent.to_json()) == sent
    item = open_item(sent.item.file, lane_keys(CODE, Lane.UNION).identity)
    assert item.kind is Kind.OPENING
    assert item.body.reveal() == body
    assert ITEM_SIZE == 18_432


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"text": " \n\t"},
        {"text": "x" * (BODY_LIMIT + 1)},
        {"text": "\nx" * (BODY_LIMIT // 2)},
        {"name": Plaintext("x" * 201)},
        {"name": Plaintext(" ")},
        {"readers": ()},
        {"readers": (MANAGER.card, MANAGER.card)},
        {"readers": tuple(reader(n).card for n in range(1, 22))},
        {"left_out": ("a", "a")},
        {"left_out": tuple(f"p{n}" for n in range(25))},
        {"left_out": ("x" * 33,)},
        {"lang": "fr"},
    ],
)
def test_a_concern_out_of_bounds_is_refused_before_anything_is_sealed(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"readers|out of bounds") as caught:
        submitted(**wrong)  # type: ignore[arg-type]
    assert "xxx" not in str(caught.value)


def test_the_cards_order_says_nothing() -> None:
    sent = submitted(readers=(REPRESENTATIVE.card, MANAGER.card))
    assert [one.key_id for one in sent.grants] == [one.key_id for one in submitted().grants]


def test_no_repr_tells_words_left_out_people_or_locators() -> None:
    keys, sent = lane_keys(CODE, Lane.JOINT), submitted()
    opened = open_item(sent.item.file, keys.identity)
    reply = Reply(0, sent.item, locator=keys.locator)
    shown = "".join(map(repr, [concern(name=Plaintext("Siân")), opened, keys, sent, reply, delivery(sent), CODE]))
    for secret in (TEXT, "Siân", "person-9", "rota-7", repr(keys.locator)[2:-1], "age-encryption", CODE.token):
        assert secret not in shown


def test_an_anonymous_worker_gives_a_name_to_the_union_only() -> None:
    named = concern(readers=(REPRESENTATIVE.card,), name=Plaintext("Siân Puw"), text="Fi sydd yma.")
    joint, union = raise_in_both(concern(), named, CODE, sealed_by=SealedBy.DEVICE)
    assert {joint.lane, union.lane} == {Lane.JOINT, Lane.UNION}
    assert not {joint.case, joint.locator_hash, joint.recipient.octets, joint.item.file} & {
        union.case,
        union.locator_hash,
        union.recipient.octets,
        union.item.file,
    }
    with pytest.raises(CannotOpen):
        reader_seat(MANAGER, delivery(union, to=MANAGER))
    shown = {}
    for sent in (joint, union):
        handed = delivery(sent, to=REPRESENTATIVE)
        seat = reader_seat(REPRESENTATIVE, handed)
        shown[sent.lane] = seat, seat.read(handed.items)
    check_beside(*shown[Lane.UNION], *shown[Lane.JOINT])
    openings = [thread.opening for _, thread in shown.values()]
    names = [opening.name.reveal() if opening and opening.name is not None else None for opening in openings]
    assert names == [None, "Siân Puw"]


def test_a_joint_reader_cannot_pose_as_the_reporter_in_a_union_lane() -> None:
    joint = submitted()
    posed = submitted(OTHER_CODE, Lane.UNION, beside=joint.case)
    handed, other = delivery(joint, to=REPRESENTATIVE), delivery(posed, to=REPRESENTATIVE)
    seat, fake = reader_seat(REPRESENTATIVE, handed), reader_seat(REPRESENTATIVE, other)
    with pytest.raises(CannotOpen):
        check_beside(fake, fake.read(other.items), seat, seat.read(handed.items))


def test_only_a_union_lane_stands_beside_a_reporters_lane() -> None:
    with pytest.raises(ValueError, match="union lane"):
        submitted(beside=bytes(16))


def test_a_concern_with_files_names_them_on_the_wire_in_an_order_that_says_nothing() -> None:
    case, keys = draw_case(), lane_keys(CODE, Lane.JOINT)
    made = {}
    for n in (3, 1, 2):
        sealer = FileSealer(keys.identity.recipient)
        made[n] = (
            b"".join(seal_file([bytes([n]) * n], sealer)),
            Attachment(
                bytes([n]) * 16, sealer.measured.size, sealer.measured.hash, f"note-{n}.txt", None, "text/plain"
            ),
        )
    sent = read_submission(submitted(case=case, files=tuple(named for _, named in made.values())).to_json())
    assert (sent.case, sent.item.files) == (case, tuple(bytes([n]) * 16 for n in (1, 2, 3)))
    handed = delivery(sent, to=MANAGER)
    seat = reader_seat(MANAGER, handed)
    (entry,) = seat.read(handed.items).entries
    assert entry.item is not None
    for named, n in zip(entry.item.files, (3, 1, 2), strict=True):
        content = open_file([made[n][0]], seat.identities[0], size=named.size, expected_hash=named.hash)
        assert b"".join(content) == bytes([n]) * n
