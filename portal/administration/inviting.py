"""How an invitation of a visit travels, and what is shown when it is on its way."""

from starlette.responses import Response

from portal.administration.service import Invited, Post
from portal.core.ids import new_id
from portal.identity.rules import InvitationPurpose
from portal.web.anonymous import Fields
from portal.web.dependencies import SignedIn
from portal.web.forms import form_id
from portal.web.rendering import render


def post_of(visit: SignedIn, fields: Fields, purpose: InvitationPurpose) -> Post:
    """How an invitation of this visit travels."""
    return Post(visit.vault, visit.settings.public_url.rstrip("/"), purpose, form_id(fields) or new_id())


def show_invited(visit: SignedIn, invited: Invited, back: str) -> Response:
    """Confirmation, or the slip to print: its link is shown this once and kept nowhere."""
    page = "administration/slip.html" if invited.slip else "administration/invited.html"
    return render(visit, page, secret=True, person=invited.person, slip=invited.slip, back=back)
