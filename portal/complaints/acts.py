"""What can be done to a complaint at the desk: its words, the fields of its form, and when it is offered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from portal.complaints import doing
from portal.complaints.doing import Do
from portal.complaints.showing import Standing
from portal.complaints.steps import VERBS, takes
from portal.core.errors import NotFound
from portal.core.text import Message, msg, pmsg

NO_TEXT = Message("")


@dataclass(frozen=True, slots=True)
class Act:
    """One act: its button, what to know before, its fields, the label of its text, when it is offered, what it does."""

    name: str
    label: Message
    text: Message
    fields: tuple[str, ...]
    said: Message
    is_offered: Callable[[Standing], bool]
    do: Do


def _works(standing: Standing) -> bool:
    return standing.is_open and standing.has_handler


LETTER = ("lang", "words")
TASK = ("person", "words", "due")
ALL: tuple[Act, ...] = (
    Act(
        "acknowledge",
        pmsg("button", "Write down the acknowledgement"),
        msg("The portal cannot reach this person. Acknowledge by letter or by telephone, then write the day here."),
        ("on",),
        NO_TEXT,
        lambda now: now.is_open and now.acknowledged_on is None,
        doing.do_acknowledge,
    ),
    Act(
        "introduce",
        pmsg("button", "Write with my name"),
        msg("You take the complaint on, and the person reads your name, your post and these words."),
        LETTER,
        msg("What do you want to say first?"),
        lambda now: now.is_open and not (now.is_introduced and now.is_mine),
        doing.do_introduce,
    ),
    Act(
        "update",
        pmsg("button", "Tell the progress"),
        msg("Say what was done and what comes next. It is recorded as given today, as section 164A asks."),
        LETTER,
        msg("How far has it come?"),
        lambda now: True,  # noqa: ARG005
        doing.do_update,
    ),
    Act(
        "enquire",
        pmsg("button", "Ask somebody at the body"),
        msg("They see this question and nothing else of the complaint. Write what they must not delete."),
        TASK,
        msg("Your question"),
        _works,
        doing.do_enquire,
    ),
    Act(
        "remedy",
        pmsg("button", "Plan something to put right"),
        msg("It goes into the letter of the outcome, and its owner is told when the outcome is sent."),
        TASK,
        msg("What is put right, in the language of the person"),
        lambda now: now.has_handler,
        doing.do_remedy,
    ),
    Act(
        "decide",
        pmsg("button", "Write the outcome"),
        msg("The letter says the outcome, your reasons, what is put right, and the ways to the ICO and to a court."),
        ("outcome", "theme", "words"),
        msg("Your reasons, in the language of the person"),
        lambda now: _works(now) and not now.waits,
        doing.do_decide,
    ),
    Act(
        "sign",
        pmsg("button", "Sign or send back"),
        msg("It is about the body’s own data protection team, so two people decide. Read the outcome first."),
        ("approves", "words"),
        msg("Your comment, if you send it back"),
        lambda now: now.waits and not now.wrote_it,
        doing.do_sign,
    ),
    Act(
        "second",
        pmsg("button", "Name the second person"),
        msg("About the body’s own data protection team two people decide. The second had no hand in it either."),
        ("colleague",),
        NO_TEXT,
        lambda now: now.is_open and now.is_about_office,
        doing.do_second,
    ),
    Act(
        "ask",
        pmsg("button", "Ask the person"),
        msg("Nothing waits for the answer: the time goes on."),
        LETTER,
        msg("Your question"),
        lambda now: now.is_open,
        doing.do_ask,
    ),
    Act(
        "write",
        pmsg("button", "Write to the person"),
        msg("A letter without a question."),
        LETTER,
        msg("What should they read?"),
        lambda now: True,  # noqa: ARG005
        doing.do_write,
    ),
    Act(
        "reply",
        pmsg("button", "Write down what they said"),
        msg("Words that came another way, on their true day."),
        ("on", *LETTER),
        msg("What did they say?"),
        lambda now: now.is_open,
        doing.do_reply,
    ),
    Act(
        "note",
        pmsg("button", "Add a note"),
        msg("For everybody who works on this complaint. It is the person’s data too."),
        ("words",),
        msg("Note"),
        lambda now: True,  # noqa: ARG005
        doing.do_note,
    ),
    Act(
        "hand-over",
        pmsg("button", "Hand over"),
        msg("Only people are offered who had no hand in the matter and are not left out of it."),
        ("colleague",),
        NO_TEXT,
        lambda now: now.is_open,
        doing.do_hand_over,
    ),
    Act(
        "ico",
        pmsg("button", "It went to the ICO"),
        msg("Nothing stops: what is not yet answered is still to be answered."),
        ("on", "reference"),
        NO_TEXT,
        lambda now: not now.at_the_ico,
        doing.do_ico,
    ),
    Act(
        "ico-reference",
        pmsg("button", "Write down the ICO’s reference"),
        msg("The ICO gives it to the person or to you. Its letters name it."),
        ("reference",),
        NO_TEXT,
        lambda now: now.at_the_ico,
        doing.do_ico_reference,
    ),
    Act(
        "ico-asked",
        pmsg("button", "The ICO asked for something"),
        msg("What it wants, and until when."),
        ("on", "due", "words"),
        msg("What does the ICO want?"),
        lambda now: now.at_the_ico,
        doing.do_ico_asked,
    ),
    Act(
        "ico-ended",
        pmsg("button", "The ICO ended the matter"),
        msg("The complaint stands again where it stood, or goes on."),
        ("on", "words"),
        msg("What did the ICO say?"),
        lambda now: now.at_the_ico,
        doing.do_ico_ended,
    ),
    Act(
        "hold",
        pmsg("button", "Keep it longer"),
        msg("While this stands, nothing of the complaint is deleted. Give a day to look at it again."),
        ("words", "due"),
        msg("Why?"),
        lambda now: True,  # noqa: ARG005
        doing.do_hold,
    ),
)
ACTS: Mapping[str, Act] = {act.name: act for act in ALL}


def offers(standing: Standing) -> list[Act]:
    """What is offered now, in order."""
    return [act for act in ALL if _fits(act, standing)]


def find_offer(standing: Standing, name: str) -> Act:
    """One act that is offered now; NotFound otherwise."""
    found = ACTS.get(name)
    if found is None or not _fits(found, standing):
        raise NotFound
    return found


def _fits(act: Act, standing: Standing) -> bool:
    """Offered where it makes sense, and only where its verb would do it."""
    is_taken = act.name not in VERBS or takes(act.name, standing.state, is_open=standing.is_open)
    return is_taken and act.is_offered(standing)
