"""The one page that shows a form of either side, with what was typed and what is wrong."""

from collections.abc import Sequence

from starlette.responses import Response

from portal.core.text import Bilingual, Message
from portal.register.voices.forms import Ask
from portal.web.dependencies import SignedIn
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id
from portal.web.rendering import render


def ask(
    visit: SignedIn,
    title: Message,
    asks: Sequence[Ask],
    fields: FieldBag,
    *,
    button: Message,
    back: str,
    about: Bilingual | None,
    lead: Message | None = None,
    problems: Problems | None = None,
) -> Response:
    """A form that is sent to its own address."""
    return render(
        visit,
        "register/voices/form.html",
        problems=problems,
        heading=title,
        lead=lead,
        asks=asks,
        typed=fields.one,
        form_id=form_id(fields),
        button_label=button,
        back=back,
        about=about,
        action=visit.request.url.path.removeprefix(f"/{visit.locale.value}"),
    )
