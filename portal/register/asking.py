"""Questions of a form as data, and the one page that asks them, with what was typed and what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from portal.core import ids
from portal.core.text import Bilingual, Message
from portal.web.dependencies import SignedIn
from portal.web.fields import FieldBag
from portal.web.forms import STALE_FORM, Problems, form_id
from portal.web.rendering import render


@dataclass(frozen=True, slots=True)
class Ask:
    """One question of a form."""

    kind: str
    name: str
    label: Message
    hint: Message | None = None
    lang: str | None = None
    most: int | None = None
    options: Sequence[tuple[str, Message]] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands around the questions of a form: its heading, its button and, above them, what to know."""

    title: Message
    button: Message
    lead: Message | None = None


def both(name: str, label_cy: Message, label_en: Message, *, most: int, kind: str = "area") -> list[Ask]:
    """A question that is answered in each language."""
    return [
        Ask(kind, f"{name}_cy", label_cy, lang="cy", most=most),
        Ask(kind, f"{name}_en", label_en, lang="en", most=most),
    ]


def fresh() -> FieldBag:
    """An empty form with an id of its own."""
    return FieldBag([("form_id", ids.new_id())])


def read_id(fields: FieldBag, problems: Problems) -> str:
    """The id that came with the form."""
    made = form_id(fields)
    if not made:
        problems["page"] = STALE_FORM
    return made


def ask(
    visit: SignedIn,
    sheet: Sheet,
    asks: Sequence[Ask],
    fields: FieldBag,
    *,
    back: str,
    about: Bilingual | None,
    problems: Problems | None = None,
) -> Response:
    """A form that is sent to its own address."""
    return render(
        visit,
        "register/voices/form.html",
        problems=problems,
        around=sheet,
        asks=asks,
        typed=fields.one,
        form_id=form_id(fields),
        back=back,
        about=about,
        action=visit.request.url.path.removeprefix(f"/{visit.locale.value}"),
    )
