"""Every page and every state that a person can reach, with who sees it and how it is reached."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from portal.register.products.rules import codes_of
from tests.pages import access_acts as access

NURSE = "sian.prydderch@glannau-ogwen.example"
DRIVER = "gwynfor.hughes@dyffryn-cledwen.example"
OFFICER = "mair.tudur@dyffryn-cledwen.example"
EDITOR = "non.elidir@dyffryn-cledwen.example"
BOARD_OFFICER = "rhodri.vaughan@glannau-ogwen.example"
REVIEWER = "siwan.trefor@dyffryn-cledwen.example"
MANAGER = "elin.haf.morris@glannau-ogwen.example"
SYSTEM_MANAGER = "ioan.maelor@dyffryn-cledwen.example"
REPRESENTATIVE = "patrick.adeyemi@rcn.example"
NEW_REPRESENTATIVE = "sioned.puw@rcn.example"

Act = Callable[[Any, str], None]
DEVICE_PATIENCE = 60_000


@dataclass(frozen=True)
class Place:
    """One page or state. ``act`` leads from ``path`` to the state; ``who`` signs in first; without ``script`` by choice;
    ``unlocked`` opens the keys of who signed in; ``sends`` are the fields of the form that the page answers."""

    name: str
    path: str
    who: str | None = None
    act: Act | None = None
    script: bool = True
    unlocked: bool = False
    sends: tuple[tuple[str, str], ...] = ()

    def reach(self, page: Any, address: str) -> None:
        """Go there: by its address, or with a form as the page before it has it."""
        if not self.sends:
            page.goto(address)
            return
        fields = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in self.sends)
        page.goto(
            "data:text/html," + quote(f'<form action="{address}" method="post">{fields}<button>Go on</button></form>')
        )
        with page.expect_navigation():
            page.locator("button").click()


def press(page: Any, selector: str = "main form button[type=submit], main form button:not([type])") -> None:
    page.locator(selector).first.click()
    page.wait_for_load_state()


def send_empty(page: Any, _locale: str) -> None:
    """Send the page's form as it is: the error state."""
    press(page, "main form .buttons button")


def nonsense_words(page: Any, _locale: str) -> None:
    page.locator("main textarea").fill("one two three four five six seven eight nine zzzz")
    press(page, "main form .buttons button")


def wrong_password(page: Any, _locale: str) -> None:
    page.locator("input[name=email]").fill("nobody@glannau-ogwen.example")
    page.locator("input[name=password]").fill("not the password at all")
    press(page, "main form .buttons button")


def walk_review(page: Any, _locale: str) -> None:
    """Through all questions of a review to the check page."""
    answer_review(page)


REVIEW_ANSWERS = {
    "input[name=day-day]": "3",
    "input[name=day-month]": "11",
    "input[name=day-year]": "2026",
    "textarea[name=what]": "Newidiwyd fy shifft heb rybudd.\nMae’n anodd i mi.",
    "input[name=name]": "Siân Ŵyn",
    "textarea[name=contact]": "Nyrs, Ward Alaw, ers 2019",
}
REVIEW_CHOICES = "main input[type=radio]:visible, main input[name=wanted]:visible"


def answer_review(page: Any) -> None:
    """Answer every question until the check page."""
    for _ in range(9):
        if page.locator("button[name=go][value=send]").count():
            return
        if page.locator(REVIEW_CHOICES).count():
            page.locator(REVIEW_CHOICES).first.check()
        for selector, value in REVIEW_ANSWERS.items():
            if page.locator(f"{selector}:visible").count():
                page.locator(selector).fill(value)
        press(page, "main form .buttons button")


def send_review(page: Any, _locale: str) -> None:
    answer_review(page)
    press(page, "button[name=go][value=send]")


def write_concern_plainly(page: Any, _locale: str) -> None:
    page.locator("textarea[name=text]").fill("Mae’r rota’n beryglus.")
    press(page, "main form .buttons button")


def send_too_soon(page: Any, _locale: str) -> None:
    """What a page gets whose ticket was used before, or which was sent at once."""
    page.locator("main input[name=ticket]").evaluate("field => { field.value = 'used'; }")
    write_concern_plainly(page, _locale)


def come_back_plainly(page: Any, locale: str) -> None:
    write_concern_plainly(page, locale)
    words = page.locator("main ol li").all_inner_texts()
    page.goto(page.url.replace("/concern/form", "/concern/return/form"))
    page.locator("main textarea").fill(" ".join(words))
    press(page, "main form .buttons button")


DRAFT = "/my/desk/register/K7RT3M/edit"


def in_draft(tail: str = "") -> Act:
    """A page of a draft, which is begun where nobody has."""

    def act(page: Any, locale: str) -> None:
        begin = page.locator("main form[action$='/edit/begin'] button")
        if begin.count():
            begin.click()
            page.wait_for_load_state()
        page.goto(page.url.split(f"/{locale}/")[0] + f"/{locale}{DRAFT}{tail}")

    return act


def mistake_in_row(page: Any, locale: str) -> None:
    in_draft("/decisions/decision_points/1")(page, locale)
    page.locator("[name=time_to_stop-amount]").fill("many")
    press(page, "main form .buttons button")


def write_and_look(page: Any, locale: str) -> None:
    in_draft("/summary")(page, locale)
    page.locator("[name=summary_en]").fill("A new summary, in English only so far.")
    page.locator("[name=summary_cy]").fill("")
    press(page, "main form .buttons button")
    in_draft("/languages")(page, locale)


def discard_wrongly(page: Any, locale: str) -> None:
    in_draft("/discard")(page, locale)
    press(page, "main form .buttons button")


def no_file(page: Any, locale: str) -> None:
    in_draft("/file")(page, locale)
    press(page, "main form .buttons button")


def ask_and_open_correction(page: Any, locale: str) -> None:
    """From the form of somebody signed in to the editor’s answer, sent empty: the error state of the desk."""
    page.locator("input[name=kind]").first.check()
    page.locator("textarea[name=text]").fill("Nid wyf yn gyrru lori.")
    press(page, "main form .buttons button")
    page.goto(page.url.split(f"/{locale}/")[0] + f"/{locale}/my/desk/register/corrections")
    page.locator("main table a").first.click()
    press(page, "main form .buttons button")


def confirm_without_comparing(page: Any, _locale: str) -> None:
    press(page, "form[action$='/keys/confirm'] button")


def open_concern(page: Any, _locale: str) -> None:
    page.locator("button[data-case]").last.click()
    page.locator("[data-thread]").last.wait_for()
    page.locator("#notes [data-thread]").wait_for()


def who_waits(page: Any, _locale: str) -> None:
    page.locator("[data-to-people]").click()
    page.locator("#looking").wait_for(state="hidden")


def pressed(button: str) -> Act:
    """On the keys page, after one of its buttons."""

    def act(page: Any, _locale: str) -> None:
        page.locator(f"#{button}").click()
        page.locator("[data-step]:visible h1").wait_for()

    return act


def write_on_the_device(page: Any, _locale: str) -> None:
    """From who can read it to the writing."""
    page.locator("#to-write").click()
    page.locator("#body").wait_for()
    page.locator("#ongoing-yes").check()
    page.locator("#whom-everybody").check()


def mistake_on_the_device(page: Any, locale: str) -> None:
    write_on_the_device(page, locale)
    page.locator("#to-check").click()


def check_on_the_device(page: Any, locale: str) -> None:
    write_on_the_device(page, locale)
    page.locator("#whom-nobody").check()
    page.locator("#body").fill("Mae’r rota’n beryglus.")
    page.locator("#to-check").click()
    page.locator("#send").wait_for()


def send_on_the_device(page: Any, locale: str) -> None:
    check_on_the_device(page, locale)
    page.locator("#send").click()
    page.locator("#code-words li").first.wait_for(timeout=DEVICE_PATIENCE)


def come_back_on_the_device(page: Any, locale: str) -> None:
    send_on_the_device(page, locale)
    words = page.locator("#code-words li").all_inner_texts()
    page.goto(page.url.split("/concern")[0] + "/concern/return")
    page.locator("#words").fill(" ".join(words))
    page.locator("#open").click()
    page.locator("[data-entries] li").first.wait_for(timeout=DEVICE_PATIENCE)


def turn_with_words(page: Any, locale: str) -> None:
    check_on_the_device(page, locale)
    page.locator("header button[form=again]").click()


def wrong_proof(page: Any, locale: str) -> None:
    write_concern_plainly(page, locale)
    press(page, "main form .buttons button")


def for_the_union_plainly(page: Any, locale: str) -> None:
    """A concern that the union alone reads so far, come back to."""
    page.locator("input[name=union]").nth(1).check()
    page.locator("input[name=consent]").check()
    page.locator("input[name=scope][value=union]").check()
    come_back_plainly(page, locale)


ACCESS_QUESTIONS = ("body", "wanted", "period", "answer", "who", "recognition")
ACCESS_MISTAKES = ("body", "wanted", "period", "who", "recognition")

PUBLIC = (
    Place("rights of an employer’s staff", "/rights?employer=dyffryn-cledwen"),
    Place("landing", ""),
    Place("help", "/help"),
    Place("privacy", "/privacy"),
    Place("cookies", "/cookies"),
    Place("accessibility", "/accessibility"),
    Place("welsh language", "/welsh-language"),
    Place("safety", "/safety"),
    Place("left", "/left"),
    Place("not found", "/no-such-page"),
    Place("systems: employer", "/systems"),
    Place("systems: workplace", "/systems?employer=glannau-ogwen"),
    Place("systems: list", "/systems?employer=glannau-ogwen&workplace=ward-alaw&staff_group=nursing&kind=employee"),
    Place("systems: all", "/systems/all"),
    Place("systems: none found", "/systems/all?q=zzzz&state=live&disputed=yes"),
    Place("products", "/systems/products"),
    Place("product", f"/systems/products/{next(codes_of('names:rotafa|rotafa 7'))}"),
    Place("systems: all of a body", "/systems/all?employer=dyffryn-cledwen"),
    Place("systems: imported, empty", "/systems/imported"),
    Place("system page", "/s/K7RT3M"),
    Place("system page, former version", "/s/K7RT3M?version=1"),
    Place("system page, why", "/s/RT4S7K?employer=glannau-ogwen&workplace=ward-alaw&staff_group=nursing&kind=employee"),
    Place("system page, a day gone by", "/s/K7RT3M?on=2026-05-03"),
    Place("system page, no such day", "/s/K7RT3M?on=1999-05-03"),
    Place("full record", "/s/K7RT3M/record"),
    Place("history", "/s/K7RT3M/history"),
    Place("two versions side by side", "/s/K7RT3M/history/1/2"),
    Place("correction", "/systems/correction?system=K7RT3M&kind=not_me"),
    Place("correction, error", "/systems/correction?system=K7RT3M", act=send_empty),
    Place("correction, sent", "/systems/correction/sent?system=K7RT3M"),
    Place("corrections, none answered", "/s/K7RT3M/corrections"),
    Place("ways to follow", "/follow?system=K7RT3M&employer=dyffryn-cledwen&workplace=pen-y-lan"),
    Place("code of a system, wrong", "/code?code=K7RT1O"),
    Place("poster", "/s/K7RT3M/poster?workplace=pen-y-lan"),
    Place("stickers", "/s/K7RT3M/sticker-sheet"),
    Place("open data", "/open-data"),
    Place("case code", "/case"),
    Place("case code, wrong", "/case", act=nonsense_words),
    Place("review: employer", "/review/start"),
    Place("review: employer, error", "/review/start", act=send_empty),
    Place("review: decision", "/review/start?system=K7RT3M"),
    Place("review: decision, error", "/review/start?system=K7RT3M", act=send_empty),
    Place("review: check", "/review/start", act=walk_review),
    Place("review: sent with ten words", "/review/start", act=send_review),
    Place("access: begin", "/access"),
    Place("access: preset", "/access?system=K7RT3M"),
    *(Place(f"access: {name}", "/access", act=access.question(name)) for name in ACCESS_QUESTIONS),
    *(Place(f"access: {name}, error", "/access", act=access.mistaken(name)) for name in ACCESS_MISTAKES),
    Place("access: check", "/access", act=access.check),
    Place("access: change", "/access?system=K7RT3M", act=access.change),
    Place("access: sent with ten words", "/access", act=access.sent),
    Place("sign in", "/my/sign-in"),
    Place("sign in, error", "/my/sign-in", act=send_empty),
    Place("sign in, refused", "/my/sign-in", act=wrong_password),
    Place("forgotten password", "/my/forgot"),
    Place("forgotten password, error", "/my/forgot", act=send_empty),
)

EMPLOYER = (("body", "glannau-ogwen"),)


def about(what: str) -> tuple[tuple[str, str], ...]:
    """What the pages that write are asked for with."""
    return (*EMPLOYER, ("about", what))


ANONYMOUS = (
    Place("concern: employer", "/concern"),
    Place("concern: employer, error", "/concern", act=send_empty),
    Place("concern: about", "/concern", sends=EMPLOYER),
    Place("concern: about, error", "/concern", sends=EMPLOYER, act=send_empty),
    Place("concern: on the device", "/concern/write", sends=about("system:RT4S7K")),
    Place("concern: on the device, no script", "/concern/write", sends=about("matter:safety"), script=False),
    Place("concern: safety", "/concern/safety"),
    Place("concern: writing", "/concern/write", sends=about("system:RT4S7K"), act=write_on_the_device),
    Place("concern: writing, error", "/concern/write", sends=about("matter:safety"), act=mistake_on_the_device),
    Place("concern: check", "/concern/write", sends=about("matter:other"), act=check_on_the_device),
    Place("concern: turning", "/concern/write", sends=about("matter:other"), act=turn_with_words),
    Place("concern: receipt", "/concern/write", sends=about("matter:money"), act=send_on_the_device),
    Place("concern: plain form", "/concern/form", sends=about("system:RT4S7K")),
    Place("concern: plain form, error", "/concern/form", sends=about("matter:safety"), act=send_empty),
    Place("concern: plain receipt", "/concern/form", sends=about("matter:money"), act=write_concern_plainly),
    Place("concern: wait a moment", "/concern/form", sends=about("matter:other"), act=send_too_soon),
    Place("concern: plain thread", "/concern/form", sends=about("matter:other"), act=come_back_plainly),
    Place("concern: plain receipt, error", "/concern/form", sends=about("matter:money"), act=wrong_proof),
    Place("concern: plain thread, union", "/concern/form", sends=about("matter:other"), act=for_the_union_plainly),
    Place("return: on the device", "/concern/return"),
    Place("return: thread", "/concern/write", sends=about("matter:safety"), act=come_back_on_the_device),
    Place("return: plain", "/concern/return/form"),
    Place("return: plain, error", "/concern/return/form", act=nonsense_words),
)

ACCESS_ACTS = (
    ("start",),
    ("start", "clarify"),
    ("start", "clarify", "answer"),
    ("start", "clarify", "go_on"),
    ("start", "clarify", "take_back"),
    ("doubt",),
    ("doubt", "identity"),
    ("doubt", "no_doubt"),
    ("extend",),
    ("start", "disclose"),
    ("start", "nothing_held"),
    ("start", "refuse"),
    ("write",),
)
ACCESS_FORMS = frozenset({"clarify", "answer", "doubt", "identity", "extend", "disclose", "refuse", "write"})

SIGNED = (
    Place("my cases, empty", "/my", who=NURSE),
    Place("my cases", "/my", who=DRIVER),
    Place("my systems", "/my/systems", who=NURSE),
    Place("my system", "/my/systems/RT4S7K", who=NURSE),
    Place("my profile", "/my/profile", who=NURSE),
    Place("my access", "/my/access", who=NURSE),
    Place("my review", "/my/review/start", who=NURSE),
    Place("my review, error", "/my/review/start", who=NURSE, act=send_empty),
    Place("access queue", "/my/desk/access", who=BOARD_OFFICER),
    Place("access log", "/my/desk/access/log", who=BOARD_OFFICER),
    Place("access log, error", "/my/desk/access/log", who=BOARD_OFFICER, act=send_empty),
    Place("access: sent, signed in", "/my/access", who=NURSE, act=access.sent),
    Place("access desk: received", "/my/desk/access/log", who=BOARD_OFFICER, act=access.logged),
    *(
        Place(f"access desk: {acts[-1]}", "/my/desk/access/log", who=BOARD_OFFICER, act=access.act_page(*acts))
        for acts in ACCESS_ACTS
    ),
    *(
        Place(
            f"access desk: {acts[-1]}, error", "/my/desk/access/log", who=BOARD_OFFICER, act=access.act_mistaken(*acts)
        )
        for acts in ACCESS_ACTS
        if acts[-1] in ACCESS_FORMS
    ),
    Place("access desk: paused", "/my/desk/access/log", who=BOARD_OFFICER, act=access.act_done("start", "clarify")),
    Place("access desk: waiting", "/my/desk/access/log", who=BOARD_OFFICER, act=access.act_done("doubt")),
    Place("access desk: refused", "/my/desk/access/log", who=BOARD_OFFICER, act=access.act_done("start", "refuse")),
    Place(
        "access desk: sent by post", "/my/desk/access/log", who=BOARD_OFFICER, act=access.act_done("start", "disclose")
    ),
    Place("access desk: wrong file", "/my/desk/access/log", who=BOARD_OFFICER, act=access.wrong_file),
    Place("access queue, finished", "/my/desk/access?show=finished&within=14", who=BOARD_OFFICER),
    Place("corrections, none waiting", "/my/desk/register/corrections", who=EDITOR),
    Place("following", "/my/follow?system=RT4S7K", who=NURSE),
    Place("following, error", "/my/follow", who=NURSE, act=send_empty),
    Place("correction, to be answered", "/my/correction?system=K7RT3M", who=EDITOR, act=ask_and_open_correction),
    Place("review queue", "/my/desk/reviews", who=OFFICER),
    Place("review queue, empty", "/my/desk/reviews", who=REVIEWER),
    Place("review queue, finished", "/my/desk/reviews?show=finished", who=OFFICER),
    Place("systems’ desk", "/my/desk/register", who=EDITOR),
    Place("links of entries, not tried", "/my/desk/register/links", who=EDITOR),
    Place("systems’ desk, nothing of this kind", "/my/desk/register?show=planned", who=EDITOR),
    Place("system on trial", "/my/desk/register/GN3W7X", who=SYSTEM_MANAGER),
    Place("gate that is closed", "/my/desk/register/GN3W7X/step/go_live", who=SYSTEM_MANAGER),
    Place("switching off, error", "/my/desk/register/GN3W7X/step/suspend", who=SYSTEM_MANAGER, act=send_empty),
    Place("measurement, error", "/my/desk/register/GN3W7X/monitoring", who=SYSTEM_MANAGER, act=send_empty),
    Place("union’s systems", "/my/union/systems", who=REPRESENTATIVE),
    Place("what both sides say, union", "/my/desk/register/RT4S7K/voices", who=REPRESENTATIVE),
    Place(
        "branch’s condition, error", "/my/union/systems/RT4S7K/rcn-ogwen/condition", who=REPRESENTATIVE, act=send_empty
    ),
    Place("what both sides say, employer", "/my/desk/register/K7RT3M/voices", who=EDITOR),
    Place("record of consultation", "/my/desk/register/consultations", who=EDITOR),
    Place("rights agreed, desk", "/my/desk/register/rights", who=EDITOR),
    Place("unions that are silent", "/my/desk/register/GN3W7X/unions", who=SYSTEM_MANAGER),
    Place("new system, error", "/my/desk/register/new", who=EDITOR, act=send_empty),
    Place("draft, not begun", "/my/desk/register/GN3W7X/edit", who=EDITOR),
    Place("draft", DRAFT, who=EDITOR, act=in_draft()),
    Place("draft, a section", DRAFT, who=EDITOR, act=in_draft("/affected")),
    Place("draft, a row, error", DRAFT, who=EDITOR, act=mistake_in_row),
    Place("draft, comments", DRAFT, who=EDITOR, act=in_draft("/summary/comments")),
    Place("draft, languages", DRAFT, who=EDITOR, act=write_and_look),
    Place("draft, publishing", DRAFT, who=EDITOR, act=in_draft("/publish")),
    Place("draft, preview", DRAFT, who=EDITOR, act=in_draft("/preview")),
    Place("draft, file, error", DRAFT, who=EDITOR, act=no_file),
    Place("draft, template", DRAFT, who=EDITOR, act=in_draft("/template")),
    Place("draft, handing over", DRAFT, who=EDITOR, act=in_draft("/hand-over")),
    Place("draft, discarding, error", DRAFT, who=EDITOR, act=discard_wrongly),
    Place("record for GOV.UK", "/my/desk/register/K7RT3M/atrs", who=EDITOR),
    Place("record for GOV.UK, incomplete", "/my/desk/register/NW9D4V/atrs", who=EDITOR),
    Place("concerns", "/my/concerns", who=MANAGER),
    Place("concerns, empty", "/my/concerns", who=REPRESENTATIVE),
    Place("concerns, list", "/my/concerns", who=MANAGER, unlocked=True),
    Place("concerns, thread", "/my/concerns", who=MANAGER, unlocked=True, act=open_concern),
    Place("concerns, people", "/my/concerns", who=MANAGER, unlocked=True, act=who_waits),
    Place("keys", "/my/keys", who=MANAGER),
    Place("keys, not confirmed", "/my/keys", who=NEW_REPRESENTATIVE),
    Place("keys, confirming, error", "/my/keys", who=REPRESENTATIVE, act=confirm_without_comparing),
    Place("keys, to be unlocked", "/my/keys", who=MANAGER, act=pressed("change-words")),
    Place("keys, new ones", "/my/keys", who=MANAGER, act=pressed("new-keys")),
    Place("stranger’s page", "/my/desk/access", who=NURSE),
)

EVERYWHERE = PUBLIC + ANONYMOUS + SIGNED
