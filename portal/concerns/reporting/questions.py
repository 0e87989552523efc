"""The few short questions beside the text. What is answered becomes part of the text, in the language of the thread."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.concerns.queries import About
from portal.concerns.rules import Matter
from portal.core.text import Locale, Message, msg, pmsg
from portal.i18n.catalogue import Catalogue

LONGEST_WHEN = 200
LONGEST_TOOL = 200

ONGOING: dict[str, Message] = {
    "yes": pmsg("is it still going on", "Yes"),
    "no": pmsg("is it still going on", "No"),
    "unsure": pmsg("is it still going on", "I am not sure"),
}
AFFECTED: dict[str, Message] = {
    "public": pmsg("who is affected", "Patients, pupils, residents or others we serve"),
    "workers": pmsg("who is affected", "People who work here"),
    "me": pmsg("who is affected", "Me"),
}
LABELS: dict[str, Message] = {
    "called": pmsg("line in a concern", "What it is called or does"),
    "where": pmsg("line in a concern", "Where it is used"),
    "when": pmsg("line in a concern", "When, about"),
    "ongoing": pmsg("line in a concern", "Is it still going on"),
    "affected": pmsg("line in a concern", "Who is affected"),
}
ONLY_A_NAME = msg(
    "This is my name, for the union alone. The concern itself is in the thread with everybody on the list."
)
"""Opens the union's thread when a reporter gives it a name and says nothing else there."""

WITH_PEOPLE = frozenset({Matter.SAFETY, Matter.UNLISTED_SYSTEM, Matter.OTHER})


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered, to show it again and to put it into the text. Kept out of every printout."""

    called: str = field(default="", repr=False)
    where: str = field(default="", repr=False)
    when: str = field(default="", repr=False)
    ongoing: str = field(default="", repr=False)
    affected: tuple[str, ...] = field(default=(), repr=False)


def asks_whom(about: About) -> bool:
    """Whether it helps to ask who is affected: not about money, a crime or harassment, where it may point at people."""
    return about.matter is None or about.matter in WITH_PEOPLE


def asks_tool(about: About) -> bool:
    """Whether it is about a tool that is not in the register: then its name and its place are asked for."""
    return about.matter is Matter.UNLISTED_SYSTEM


def asks_beside(about: About) -> bool:
    """Whether a union is asked to stand beside somebody: it goes to that union and to nobody else."""
    return about.matter is Matter.BESIDE


def compose(text: str, answers: Answers, locale: Locale) -> str:
    """The text with the answers below it, a line each; no answer, no line."""
    words = Catalogue.for_locale(locale)
    lines = {
        "called": " ".join(answers.called.split()),
        "where": " ".join(answers.where.split()),
        "when": " ".join(answers.when.split()),
        "ongoing": words.say(ONGOING[answers.ongoing]) if answers.ongoing else "",
        "affected": "; ".join(words.say(AFFECTED[one]) for one in answers.affected),
    }
    said = [f"{words.say(LABELS[name])}: {value}" for name, value in lines.items() if value]
    return "\n\n".join([text, "\n".join(said)]) if said else text


def read_answers(when: str, ongoing: str, affected: Sequence[str], *, called: str = "", where: str = "") -> Answers:
    """The answers as they came; what was not offered is like no answer."""
    return Answers(
        called=called[:LONGEST_TOOL],
        where=where[:LONGEST_TOOL],
        when=when[:LONGEST_WHEN],
        ongoing=ongoing if ongoing in ONGOING else "",
        affected=tuple(one for one in AFFECTED if one in affected),
    )


def words_of(locale: Locale) -> dict[str, str]:
    """The same words for a device, which writes the same lines."""
    words = Catalogue.for_locale(locale)
    named = {**LABELS, **{f"ongoing-{key}": one for key, one in ONGOING.items()}}
    named |= {f"affected-{key}": one for key, one in AFFECTED.items()}
    return {name: words.say(one) for name, one in named.items()} | {"only-a-name": words.say(ONLY_A_NAME)}
