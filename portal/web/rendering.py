"""From finished values to an answer: one environment a language, macros as globals, one stylesheet inlined by hash."""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import brotli
from fastapi import Request
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, Template, pass_context
from jinja2.bccache import Bucket
from jinja2.runtime import Context
from jinja2_fragments import render_block
from markupsafe import Markup, escape
from starlette.responses import RedirectResponse, Response

from portal.core.clock import london_day
from portal.core.text import Bilingual, Locale, Message
from portal.i18n import formats
from portal.i18n.catalogue import Catalogue
from portal.i18n.negotiation import counterpart, in_locale
from portal.web.anonymous import Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.headers import page_policy
from portal.web.static import STYLESHEET, find_script

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
SMALLEST_COMPRESSED = 600
WORKER = "sealing.js"
LONG_PAGE = 24 * 1024
"""From here on a harder search pays: half a millisecond for the twentieth part of the bytes."""
PADDED_TO = 32 * 1024
WARNED_SECONDS = 180  # two minutes, and the minute within which use is not noted
NEVER_REPEATED = frozenset({"csrf", "password", "new_password", "new-password", "current", "again"})


@cache
def style(idle_minutes: int, sheet: str | None = None) -> tuple[Markup, str]:
    """The stylesheet as it stands in pages, and its hash for the policy; ``sheet`` names one more for few pages.

    The notice that a session is about to end is shown by the stylesheet alone, so that it needs no script.
    """
    css = STYLESHEET.read_text(encoding="utf-8") if STYLESHEET.exists() else ""
    css += STYLESHEET.with_name(sheet).read_text(encoding="utf-8") if sheet else ""
    css = css.replace("ENDING_AFTER", f"{max(idle_minutes * 60 - WARNED_SECONDS, 60)}s")
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return Markup(css), f"sha256-{digest}"  # noqa: S704 - our own file


class _Compiled(BytecodeCache):
    """Both languages share one compilation of each template: what differs is in the globals."""

    def __init__(self) -> None:
        self._code: dict[str, Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get(bucket.key + bucket.checksum)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key + bucket.checksum] = bucket.code


_COMPILED = _Compiled()


@cache
def environment(locale: Locale, pseudo: bool = False) -> Environment:
    """The templates of one language, with its words, formats and macros built in."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_COMPILED,
    )
    catalogue = Catalogue.for_locale(locale, pseudo=pseudo)
    env.globals.update(
        _=partial(_plain, catalogue),
        p_=partial(_in_context, catalogue),
        n_=partial(_counted, catalogue),
        say=catalogue.say,
        locale=locale.value,
        other_locale=locale.other.value,
        path=partial(in_page, locale),
        pick=partial(pick, locale),
        date_long=partial(_late, formats.date_long, locale),
        london_day=london_day,
        month_year=partial(_late, formats.month_year, locale),
        month_span=partial(_span, locale),
        date_time=partial(_late, formats.date_time, locale),
        days_left=partial(_days_left, catalogue),
        in_thousands=formats.count,
        months="|".join(formats.MONTHS[locale]),
        script=script_tag,
        plain_script=plain_script_tag,
        other_language_form=other_language_form,
        other_address=other_address,
    )
    for macro_file in sorted(TEMPLATES.glob("macros/*.html")):
        module = env.get_template(f"macros/{macro_file.name}").module
        for name, macro in vars(module).items():
            if not name.startswith("_") and callable(macro):
                env.globals[name] = macro
    return env


def in_page(locale: Locale, path: str) -> str:
    """A path of this language; the home page without a slash at its end."""
    return in_locale(locale, path).rstrip("/")


def _plain(catalogue: Catalogue, msgid: str, /, **values: Any) -> str:
    return _fill(catalogue, catalogue.gettext(msgid), values)


def _in_context(catalogue: Catalogue, context: str, msgid: str, /, **values: Any) -> str:
    return _fill(catalogue, catalogue.pgettext(context, msgid), values)


def _counted(catalogue: Catalogue, singular: str, plural: str, n: int, /, **values: Any) -> str:
    return _fill(catalogue, catalogue.ngettext(singular, plural, n), {"n": n, **values})


def _fill(catalogue: Catalogue, text: str, values: Mapping[str, Any]) -> str:
    if not values:
        return text
    if any(isinstance(value, Markup) for value in values.values()):
        return escape(text).format(**{name: catalogue.in_words(value, name) for name, value in values.items()})
    return catalogue.fill(text, values)


def _late(make: Any, locale: Locale, value: Any) -> Any:
    return make(value, locale)


def _span(locale: Locale, first: Any, last: Any) -> str:
    return formats.month_span(first, last, locale)


def _days_left(catalogue: Catalogue, due_on: Any, today: Any) -> str:
    return catalogue.say(formats.days_left(due_on, today=today))


def pick(locale: Locale, source: Any, name: str | None = None) -> str:
    """The half of a bilingual text: a Bilingual, or the ``name_cy``/``name_en`` of a row."""
    if isinstance(source, Bilingual):
        return source.get(locale)
    if isinstance(source, Mapping):
        return str(source[f"{name}_{locale.value}"])
    return str(getattr(source, f"{name}_{locale.value}"))


def script_tag(name: str) -> Markup:
    """One of our built scripts, named by its hash; the worker that it starts is fetched at the same time."""
    worker = find_script(WORKER)
    link = Markup('<link rel="preload" as="fetch" href="{}" crossorigin="anonymous">').format(worker.address)
    return link + plain_script_tag(name)


def plain_script_tag(name: str) -> Markup:
    """A built script that starts no worker."""
    found = find_script(name)
    return Markup('<script src="{}" integrity="{}" defer></script>').format(found.address, found.integrity)


@pass_context
def other_address(context: Context) -> str:
    """This page in the other language: the address as it came, percent-encoded; the neutral page where it has none."""
    scope = context["visit"].request.scope
    path = scope.get("raw_path", b"").decode("latin-1") or scope["path"]
    return counterpart(path.partition("?")[0], scope["query_string"].decode("latin-1"))


@pass_context
def other_language_form(context: Context) -> list[tuple[str, str]]:
    """What was typed on the page shown, so that the language switch carries it; empty on pages that were not posted."""
    visit: Visit = context["visit"]
    typed: FieldBag | None = getattr(visit.request.state, "fields", None)
    if visit.request.method != "POST" or typed is None:
        return []
    return [(name, value) for name, value in typed.pairs() if name not in NEVER_REPEATED]


def render(
    visit: Visit,
    template: str,
    *,
    status: int = 200,
    fragment: str | None = None,
    problems: Problems | None = None,
    scripts: bool = False,
    htmx: bool = False,
    secret: bool = False,
    files: bool = False,
    counting: bool = False,
    sheet: str | None = None,
    **values: Any,
) -> Response:
    """A page, or one block of it when htmx asked. ``secret`` answers to a POST are padded, not compressed.

    ``files``: on this page files are added, and looked at. ``counting``: a script counts what is typed. ``sheet``: a
    stylesheet that few pages need.
    """
    env = environment(visit.locale, visit.settings.pseudo_locale)
    css, style_hash = style(visit.settings.session_idle_minutes, sheet)
    context = {"visit": visit, "problems": problems or {}, "css": css, **values}
    if fragment is not None and wants_fragment(visit.request):
        html = render_block(env, template, fragment, context)
    else:
        html = _template(env, template).render(context)
    answer = Response(
        html.encode(),
        status_code=422 if problems and status == 200 else status,
        media_type="text/html; charset=utf-8",
        headers={
            "content-language": visit.locale.value,
            "content-security-policy": page_policy(
                style_hash, scripts=scripts, htmx=htmx, files=files, counting=counting
            ),
            "vary": "Accept-Encoding, HX-Request",
        },
    )
    is_repeated = secret and visit.request.method == "POST"  # what a GET gives out is drawn anew in every answer
    return padded(answer) if is_repeated else compress(visit.request, answer)


def _template(env: Environment, name: str) -> Template:
    return env.get_template(name)


def wants_fragment(request: Request) -> bool:
    """htmx asks for a part, except when it restores history (traps.md)."""
    return request.headers.get("hx-request") == "true" and request.headers.get("hx-history-restore-request") != "true"


def compress(request: Request, answer: Response) -> Response:
    """Brotli where the browser takes it and the page is long enough to gain."""
    body = bytes(answer.body)
    if len(body) >= SMALLEST_COMPRESSED and "br" in request.headers.get("accept-encoding", ""):
        answer.body = brotli.compress(body, quality=5 if len(body) >= LONG_PAGE else 4)
        answer.headers["content-encoding"] = "br"
        answer.headers["content-length"] = str(len(answer.body))
    return answer


def padded(answer: Response) -> Response:
    """The next whole size: how long a page is tells nobody on the line which of several it was."""
    body = bytes(answer.body)
    answer.body = body + b"\n" * (-len(body) % PADDED_TO)
    answer.headers["content-length"] = str(len(answer.body))
    return answer


def redirect(visit: Visit, path: str) -> Response:
    """See other: a path below the language of this visit."""
    return RedirectResponse(in_page(visit.locale, path), status_code=303)


def in_words(visit: Visit, message: Message) -> str:
    """A message in the language of this visit, for what is not a template."""
    return Catalogue.for_locale(visit.locale, pseudo=visit.settings.pseudo_locale).say(message)
