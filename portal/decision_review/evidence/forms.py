"""What an owner, an officer and the worker typed about records."""

from dataclasses import dataclass
from datetime import date

from portal.core.text import Locale, Words, pmsg
from portal.decision_review.evidence.rules import TYPED, CorrectionAnswer, ItemKind
from portal.decision_review.evidence.saying import DAYS, NewCorrection
from portal.decision_review.evidence.service import NewFile, NewItem
from portal.decision_review.rules import LEAST_DAYS_TO_ANSWER, MOST_DAYS_TO_ANSWER, TEXT_LIMIT
from portal.web import forms
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.uploads import Upload

LABEL_LIMIT = 200
CHOOSE_KIND = pmsg("error", "Choose what this is")
WRITE_LABEL = pmsg("error", "Write what it is called")
WRITE_VALUE = pmsg("error", "Write the value, or choose a file")
WRITE_WRONG = pmsg("error", "Write what is wrong")
WRITE_RIGHT = pmsg("error", "Write what is right")
CHOOSE_ANSWER = pmsg("error", "Choose an answer")
CHOOSE_ITEM = pmsg("error", "Choose what is wrong")


def read_item(upload: Upload, item_id: str, lang: Locale, problems: Problems, *, today: date) -> NewItem | None:
    """An item with its value or its file."""
    fields = upload.fields
    kind = forms.choice(fields, "kind", problems, allowed={one.value for one in TYPED}, required=CHOOSE_KIND)
    label = forms.text(fields, "label", problems, most=LABEL_LIMIT, required=WRITE_LABEL)
    value = forms.text(fields, "value", problems, most=TEXT_LIMIT)
    as_of = forms.day(fields, "as-of", problems, not_after=today)
    source = forms.text(fields, "source", problems, most=LABEL_LIMIT)
    file = None
    if upload.blob_id is not None and upload.file_name is not None:
        file = NewFile(upload.blob_id, upload.file_name, upload.media_type, upload.size)
    if not value and file is None:
        problems["value"] = WRITE_VALUE
    if problems:
        return None
    return NewItem(
        item_id,
        ItemKind(kind),
        Words(label),
        lang,
        value=Words(value) if value else None,
        as_of=as_of,
        source=Words(source) if source else None,
        file=file,
    )


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction and the item it is about."""

    item_id: str
    new: NewCorrection


def read_correction(
    fields: FieldBag, own_id: str, lang: Locale, items: set[str], papers: set[str], problems: Problems
) -> Corrected | None:
    """What is wrong in which item, what is right, and the paper that shows it."""
    item = forms.choice(fields, "item", problems, allowed=items, required=CHOOSE_ITEM)
    wrong = forms.text(fields, "wrong", problems, most=TEXT_LIMIT, required=WRITE_WRONG)
    right = forms.text(fields, "right", problems, most=TEXT_LIMIT, required=WRITE_RIGHT)
    paper = forms.choice(fields, "paper", problems, allowed=papers)
    if problems:
        return None
    return Corrected(item, NewCorrection(own_id, Words(wrong), Words(right), lang, paper or None))


def read_answer(fields: FieldBag, own_id: str, problems: Problems) -> tuple[CorrectionAnswer, Words | None] | None:
    """An answer to one correction; its fields end in its id."""
    allowed = {one.value for one in CorrectionAnswer}
    said = forms.choice(fields, f"answer-{own_id}", problems, allowed=allowed, required=CHOOSE_ANSWER)
    words = forms.text(fields, f"words-{own_id}", problems, most=TEXT_LIMIT)
    return None if problems else (CorrectionAnswer(said), Words(words) if words else None)


def read_days(fields: FieldBag, problems: Problems) -> int:
    """Between three and ten."""
    allowed = {str(one) for one in range(LEAST_DAYS_TO_ANSWER, MOST_DAYS_TO_ANSWER + 1)}
    return int(forms.choice(fields, "days", problems, allowed=allowed, required=DAYS) or 0)
