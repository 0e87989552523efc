"""Whatever people do with a concern through the Python half, everybody who is in reads all of it, and nobody else."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymity.attachment import FILE_TYPES, Attachment
from anonymity.errors import CannotOpen, LeftOut
from anonymity.item import SealedBy
from anonymity.plaintext import Plaintext
from anonymity.readership import add_readers, start_epoch
from anonymity.sealedfile import FileSealer, open_file, seal_file
from anonymity.seat import Seat
from anonymity.submission import Reply, read_desk_reply, read_reply
from anonymity.text import cost, tidy
from anonymity.thread import Thread
from tests.anonymity.world import DAY, TEXT, Kept, person, reader, said, submitted, texts

PEOPLE = range(1, 6)
WHO = st.sampled_from([0, *PEOPLE])  # 0 is the reporter
WORDS = st.text(max_size=300)
DEEDS = st.one_of(
    st.tuples(st.just("write"), WHO, WORDS, st.lists(st.binary(min_size=1, max_size=70_000), max_size=2)),
    st.tuples(st.just("add"), WHO, WORDS, st.sets(st.sampled_from(PEOPLE), min_size=1, max_size=3)),
    st.tuples(st.just("drop"), WHO, WORDS, st.sets(st.sampled_from(PEOPLE), min_size=1, max_size=3)),
    st.tuples(st.just("leave out"), st.just(0), WORDS, st.sets(st.sampled_from(PEOPLE), min_size=1, max_size=1)),
)


@dataclass
class Story:
    """A thread, and beside it in clear what should be in it."""

    kept: Kept = field(default_factory=lambda: Kept(submitted()))
    inside: set[int] = field(default_factory=lambda: {1, 2})
    outside: set[int] = field(default_factory=set)
    told: list[str] = field(default_factory=lambda: [TEXT])
    files: dict[bytes, tuple[bytes, bytes]] = field(default_factory=dict)

    def seat(self, who: int) -> tuple[Seat, Thread]:
        return self.kept.reader(reader(who)) if who else self.kept.reporter()

    def write(self, who: int, text: str, contents: list[bytes]) -> None:
        seat, thread = self.seat(who)
        named = [self.upload(seat, content) for content in contents]
        if not named and not tidy(text):
            with pytest.raises(ValueError, match="out of bounds"):
                seat.write(thread, Plaintext(text), lang="cy", day=DAY, sealed_by=SealedBy.DEVICE)
            return
        item = seat.write(thread, Plaintext(text), lang="cy", day=DAY, sealed_by=SealedBy.DEVICE, files=named)
        reply: Reply = seat.reply(item)
        assert (read_desk_reply if who else read_reply)(reply.to_json()) == reply
        self.kept.take(reply.item)
        self.told.append(tidy(text))

    def upload(self, seat: Seat, content: bytes) -> Attachment:
        sealer, blob = FileSealer(seat.recipient), len(self.files).to_bytes(16, "big")
        self.files[blob] = b"".join(seal_file([content], sealer)), content
        kind = sorted(FILE_TYPES)[len(content) % len(FILE_TYPES)]
        return Attachment(blob, sealer.measured.size, sealer.measured.hash, "file.bin", None, kind)

    def add(self, who: int, text: str, people: set[int]) -> None:
        if people & self.outside:
            with pytest.raises(LeftOut):
                add_readers(*self.seat(who), [person(n) for n in people], said(text))
        elif people - self.inside:
            self.kept.take(add_readers(*self.seat(who), [person(n) for n in people], said(text)))
            self.inside |= people
            self.told.append(tidy(text))

    def drop(self, who: int, text: str, people: set[int], *, left_out: bool = False) -> None:
        stay, fresh = self.inside - people, people if left_out else set()
        if not stay or stay & self.outside:
            return
        change = start_epoch(*self.seat(who), [person(n) for n in stay], said(text), left_out=[f"p{n}" for n in fresh])
        self.kept.take(change)
        self.inside, self.outside = stay, self.outside | fresh
        self.told.append(tidy(text))

    def check(self) -> None:
        """What everybody sees."""
        for who in (0, *PEOPLE):
            if who and who not in self.inside:
                with pytest.raises(CannotOpen):
                    self.seat(who)
                continue
            seat, thread = self.seat(who)
            assert texts(thread) == self.told
            assert thread.is_whole
            assert {one.key_id for one in thread.granted} == {reader(n).card.key_id for n in self.inside}
            assert thread.left_out == {"person-9", *(f"p{n}" for n in self.outside)}
            self.check_files(seat, thread)

    def check_files(self, seat: Seat, thread: Thread) -> None:
        for item in (entry.item for entry in thread.entries if entry.item):
            for named in item.files:
                sealed, content = self.files[named.blob]
                identity = seat.identities[item.epoch]
                found = open_file([sealed], identity, size=named.size, expected_hash=named.hash)
                assert b"".join(found) == content


@settings(max_examples=60, deadline=None)
@given(st.lists(DEEDS, max_size=8))
def test_everybody_who_is_in_reads_everything_and_nobody_else_anything_new(
    deeds: list[tuple[str, int, str, object]],
) -> None:
    story = Story()
    for what, who, text, given_ in deeds:
        if who and who not in story.inside:
            continue
        assert cost(tidy(text)) <= 12_000
        if what == "write":
            story.write(who, text, given_)  # type: ignore[arg-type]
        elif what == "add":
            story.add(who, text, given_)  # type: ignore[arg-type]
        else:
            story.drop(who, text, given_, left_out=what == "leave out")  # type: ignore[arg-type]
    story.check()
