"""Finished values for the anonymous pages: readers in their groups, short questions, and what cleaning did."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from anonymity.encoding import to_b64u
from anonymity.fingerprint import fingerprint
from anonymity.receipt import Code, Lane
from portal.concerns.queries import About
from portal.concerns.reporting import filewords, questions
from portal.concerns.reporting.attaching import Taken
from portal.concerns.reporting.forms import ConcernForm
from portal.concerns.rules import EMPLOYER, INDEPENDENT, MATTER_NAMES, ON_CALL, Channel, Matter, Reader
from portal.core.text import Bilingual, Locale, Message, msg, pmsg
from portal.directory.models import Body
from portal.register.queries import PublishedSystem
from portal.web.anonymous import Visit
from portal.web.rendering import in_words


@dataclass(frozen=True, slots=True)
class ReaderLine:
    """One reader as the page shows them."""

    person_id: str
    key: str
    name: str
    words: str
    is_confirmed: bool
    telephone: str = ""
    apart: str = ""


@dataclass(frozen=True, slots=True)
class ReaderGroup:
    """Readers who stand together on the page."""

    group: str
    when: str
    title: str
    readers: tuple[ReaderLine, ...]

    @property
    def is_on_call(self) -> bool:
        """Nobody of them gets it unless the reporter takes the tick away."""
        return self.group == ON_CALL


def subject_name(visit: Visit, about: About) -> str:
    """What the concern is about, in the page's language."""
    if about.name is not None:
        return about.name.get(visit.locale)
    return in_words(visit, MATTER_NAMES[Matter(about.subject)])


def body_options(visit: Visit, bodies: Sequence[Body]) -> list[tuple[str, str]]:
    """Employers to choose from."""
    return [(body.slug, Bilingual(body.name_cy, body.name_en).get(visit.locale)) for body in bodies]


def about_options(visit: Visit, systems: Sequence[PublishedSystem]) -> list[tuple[str, str]]:
    """Published systems, then the other matters."""
    offered = [(f"system:{system.short_code}", system.name.get(visit.locale)) for system in systems]
    return offered + [(f"matter:{matter.value}", in_words(visit, name)) for matter, name in MATTER_NAMES.items()]


def leave_out_options(visit: Visit, channel: Channel) -> list[tuple[str, str]]:
    """Everybody on the list, to be left out by a tick; who is on call is not on it before the reporter says so."""
    listed = [reader for reader in channel.readers if reader.group != ON_CALL]
    return [(reader.person_id, reader_line(visit, reader).name) for reader in listed]


def union_options(visit: Visit, channel: Channel) -> list[tuple[str, str]]:
    """No union first, then the branches that hold keys."""
    branches = [(branch.id, branch.name.get(visit.locale)) for branch in channel.branches if branch.readers]
    return branches if channel.for_union else [("", in_words(visit, pmsg("union choice", "Not now"))), *branches]


def reader_groups(visit: Visit, channel: Channel, about: About) -> list[ReaderGroup]:
    """The employer's readers, the officers outside the chain, and each union branch with readers."""
    fixed = (
        (EMPLOYER, in_words(visit, _responsible(about))),
        (INDEPENDENT, in_words(visit, msg("Outside the line of management"))),
        (ON_CALL, in_words(visit, msg("On call when somebody may be hurt"))),
    )
    groups = [_group(visit, channel, group, "always", title) for group, title in fixed]
    groups += [
        _group(visit, channel, branch.group, branch.group, branch.name.get(visit.locale))
        for branch in channel.branches
        if branch.readers
    ]
    return [group for group in groups if group.readers]


def _responsible(about: About) -> Message:
    if questions.asks_tool(about):
        return msg("Responsible for all of the employer’s systems")
    return msg("Responsible for the system") if about.matter is None else msg("Named by the employer for this matter")


def _group(visit: Visit, channel: Channel, group: str, when: str, title: str) -> ReaderGroup:
    readers = tuple(reader_line(visit, reader) for reader in channel.readers if reader.group == group)
    return ReaderGroup(group, when, title, readers)


def reader_line(visit: Visit, reader: Reader) -> ReaderLine:
    """One reader: named if they agreed to be, else by post."""
    post = reader.post.get(visit.locale)
    name = f"{reader.name} – {post}" if reader.name else post
    return ReaderLine(
        reader.person_id,
        to_b64u(reader.key_id),
        name,
        " ".join(fingerprint(reader.key_id, visit.locale.value)),
        reader.is_confirmed,
        reader.telephone,
        " ".join(sorted(reader.apart)),
    )


def readers_json(about: About, channel: Channel) -> Markup:
    """The keys for the device, in a script element that no browser runs."""
    content = json.dumps(readers_content(about, channel))
    return Markup(content.replace("<", "\\u003c"))  # noqa: S704 - ids and keys; "<" cannot occur


def readers_content(about: About, channel: Channel) -> dict[str, Any]:
    """The keys, and who is close to whom by an opaque word: the hierarchy itself is not in it."""
    return {
        "about": {"body": about.body.id, "kind": about.kind, "subject": about.subject},
        "readers": [
            {
                "key": to_b64u(reader.key_id),
                "recipient": reader.recipient,
                "sign": to_b64u(reader.sign),
                "person": reader.person_id,
                "conflict": reader.near,
            }
            for reader in channel.readers
        ],
    }


def receipt_values(code: Code, locale: Locale) -> dict[str, Any]:
    """The receipt in both languages and as digits."""
    return {
        "words": code.words(locale.value),
        "other_words": " ".join(code.words(locale.other.value)),
        "digits": " ".join(code.digits),
    }


def channel_values(visit: Visit, about: About, channel: Channel) -> dict[str, Any]:
    """What both pages that write show: the subject, the readers and unions, and the short questions."""
    return {
        "about": about,
        "subject": subject_name(visit, about),
        "groups": reader_groups(visit, channel, about),
        "few": channel.few.value,
        "has_near": any(reader.near for reader in channel.readers),
        "branches": [branch for branch in channel.branches if branch.readers],
        "readers_json": readers_json(about, channel),
        "has_on_call": any(reader.group == ON_CALL for reader in channel.readers),
        "leave_out_options": leave_out_options(visit, channel),
        "union_options": union_options(visit, channel),
        "ongoing_options": [(value, in_words(visit, label)) for value, label in questions.ONGOING.items()],
        "affected_options": affected_options(visit, about),
        "asks_tool": questions.asks_tool(about),
        "asks_beside": questions.asks_beside(about),
    }


def affected_options(visit: Visit, about: About) -> list[tuple[str, str]]:
    """Who may be affected; none where it does not help to ask."""
    if not questions.asks_whom(about):
        return []
    return [(value, in_words(visit, label)) for value, label in questions.AFFECTED.items()]


def story_words() -> Markup:
    """The words of the lines below a text, in both languages: a thread's may be another than the page's."""
    content = json.dumps({locale.value: questions.words_of(locale) for locale in Locale}, ensure_ascii=False)
    return Markup(content.replace("<", "\\u003c"))  # noqa: S704 - our own sentences; "<" cannot occur


@dataclass(frozen=True, slots=True)
class CleanedFile:
    """A file that went with a concern, and what cleaning did with it."""

    name: str
    told: str
    found: str
    remains: str


def cleaned_files(visit: Visit, files: Sequence[Taken]) -> list[CleanedFile]:
    """What was found and removed, and what stays, file by file."""
    return [
        CleanedFile(
            name=one.attachment.name,
            told=one.attachment.original.reveal() if one.attachment.original is not None else "",
            found="; ".join(in_words(visit, filewords.found(code.value)) for code in one.found),
            remains="; ".join(in_words(visit, filewords.remains(code.value)) for code in one.remains),
        )
        for one in files
    ]


@dataclass(frozen=True, slots=True)
class Goes:
    """To whom it goes and to whom it does not, before anything is sent: names of readers as the page calls them."""

    lanes: tuple[tuple[str, tuple[str, ...]], ...]
    left_out: tuple[str, ...]


def preview_lanes(visit: Visit, form: ConcernForm, channel: Channel) -> Goes:
    """What would be sent, thread by thread."""
    titles = [msg("These people will be able to open it"), msg("To the union alone, beside it")]
    if form.parts[0].lane is Lane.UNION:
        titles[0] = msg("Only the union’s representatives receive it for now.")
    lanes = tuple(
        (in_words(visit, title), tuple(reader_line(visit, one).name for one in part.readers))
        for title, part in zip(titles, form.parts, strict=False)
    )
    left_out = tuple(reader_line(visit, one).name for one in channel.readers if one.person_id in form.left_out)
    return Goes(lanes, left_out)
