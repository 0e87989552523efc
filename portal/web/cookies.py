"""The portal's two cookies. README and the cookies page name the same two."""

from starlette.responses import Response

from portal.core.text import Locale
from portal.i18n.negotiation import CHOICE_COOKIE, CHOICE_DAYS
from portal.settings.models import Settings

SESSION = "porth_session"
LANGUAGE = CHOICE_COOKIE
NEUTRAL_PAGE = "/choose"


def set_session(response: Response, token: str, settings: Settings) -> None:
    """Give the session's token to the browser, for the signed-in area of each language and nowhere else."""
    for locale in Locale:
        response.set_cookie(
            SESSION, token, path=f"/{locale.value}/my", httponly=True, secure=settings.tls, samesite="lax"
        )


def clear_session(response: Response, settings: Settings) -> None:
    for locale in Locale:
        response.delete_cookie(SESSION, path=f"/{locale.value}/my", httponly=True, secure=settings.tls, samesite="lax")


def set_language(response: Response, locale: Locale, settings: Settings) -> None:
    """Remember the language chosen on the neutral page. The path keeps the browser from sending it anywhere else."""
    response.set_cookie(
        LANGUAGE,
        locale.value,
        max_age=CHOICE_DAYS * 24 * 3600,
        path=NEUTRAL_PAGE,
        httponly=True,
        secure=settings.tls,
        samesite="lax",
    )
