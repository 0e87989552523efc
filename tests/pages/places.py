"""Every page and every state that a person can reach, with who sees it and how it is reached."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from portal.register.products.rules import codes_of
from tests.pages import access_acts as access
from tests.pages import acts
from tests.pages import answer_acts as answers
from tests.pages import complaint_acts as complaint
from tests.pages import desk_acts as desk
from tests.pages import material_acts as material
from tests.pages import review_acts as review
from tests.pages.together_acts import one_cause

NURSE = "sian.prydderch@glannau-ogwen.example"
DRIVER = "gwynfor.hughes@dyffryn-cledwen.example"
CARER = "kasia.nowak@dyffryn-cledwen.example"
OFFICER = "mair.tudur@dyffryn-cledwen.example"
EDITOR = "non.elidir@dyffryn-cledwen.example"
COLLECTOR = "ffion.gwenllian.jenkins@glannau-ogwen.example"
BOARD_OFFICER = "rhodri.vaughan@glannau-ogwen.example"
LOOKER = "owen.parry.owen@glannau-ogwen.example"
REVIEWER = "siwan.trefor@dyffryn-cledwen.example"
ADMINISTRATOR = "heledd.sivell@glannau-ogwen.example"
MANAGER = "elin.haf.morris@glannau-ogwen.example"
FLEET_MANAGER = "emyr.wyn.daniel@dyffryn-cledwen.example"
SYSTEM_MANAGER = "ioan.maelor@dyffryn-cledwen.example"
REPRESENTATIVE = "patrick.adeyemi@rcn.example"
CASEWORKER = "carys.bowen@unison.example"
NEW_REPRESENTATIVE = "sioned.puw@rcn.example"


@dataclass(frozen=True)
class Place:
    """One page or state. ``act`` leads from ``path`` to the state; ``who`` signs in first; without ``script`` by choice;
    ``unlocked`` opens the keys of who signed in; ``sends`` are the fields of the form that the page answers."""

    name: str
    path: str
    who: str | None = None
    act: acts.Act | None = None
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


COMPLAINANT = "nia.meredith@glannau-ogwen.example"
COMPLAINTS = "/my/desk/complaints"
SEARCHER = "steffan.rees@glannau-ogwen.example"
LOG, MATERIAL = "/my/desk/access/log", "/my/desk/access?show=redacting"
TO_DECIDE, TO_COLLECT = "/my/desk/access?show=sign_off", "/my/desk/access?show=ready_to_collect"

ACCESS_QUESTIONS = ("body", "wanted", "period", "answer", "left_out", "who", "recognition")
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
    Place("systems: all of a day gone by", "/systems/all?q=score&on=2026-10-01"),
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
    Place("correction, error", "/systems/correction?system=K7RT3M", act=acts.send_empty),
    Place("correction, sent", "/systems/correction/sent?system=K7RT3M"),
    Place("corrections, none answered", "/s/K7RT3M/corrections"),
    Place("tool that is not listed: two doors", "/systems/unlisted?employer=dyffryn-cledwen"),
    Place("tool that is not listed, error", "/systems/unlisted/report", act=acts.send_empty),
    Place("tools asked about", "/systems/questions"),
    Place("tools asked about, answered", "/systems/questions?employer=dyffryn-cledwen&show=answered"),
    Place("ways to follow", "/follow?system=K7RT3M&employer=dyffryn-cledwen&workplace=pen-y-lan"),
    Place("code of a system, wrong", "/code?code=K7RT1O"),
    Place("poster", "/s/K7RT3M/poster?workplace=pen-y-lan"),
    Place("stickers", "/s/K7RT3M/sticker-sheet"),
    Place("open data", "/open-data"),
    Place("case code", "/case"),
    Place("case code, wrong", "/case", act=acts.nonsense_words),
    Place("review: employer", "/review/start"),
    Place("review: employer, error", "/review/start", act=acts.send_empty),
    Place("review: decision", "/review/start?system=K7RT3M"),
    Place("review: decision, error", "/review/start?system=K7RT3M", act=acts.send_empty),
    Place("review: three questions", "/review/start?system=K7RT3M&point=shift-allocated"),
    Place("review: three questions, error", "/review/start?system=K7RT3M&point=shift-allocated", act=acts.send_empty),
    Place("review: check", "/review/start", act=acts.walk_review),
    Place("review: sent with ten words", "/review/start", act=acts.send_review),
    Place("reviews of a system", "/reviews/K7RT3M"),
    Place("access: begin", "/access"),
    Place("access: preset", "/access?system=K7RT3M"),
    *(Place(f"access: {name}", "/access", act=access.question(name)) for name in ACCESS_QUESTIONS),
    *(Place(f"access: {name}, error", "/access", act=access.mistaken(name)) for name in ACCESS_MISTAKES),
    Place("access: check", "/access", act=access.check),
    Place("access: change", "/access?system=K7RT3M", act=access.change),
    Place("access: sent with ten words", "/access", act=access.sent),
    Place("access: for somebody else", "/access?for=other"),
    Place("access: who speaks, error", "/access?for=other", act=access.mistaken("speaker")),
    Place("access: with ten words, waiting for proof", "/access?for=other", act=access.followed_by_words),
    Place("sign in", "/my/sign-in"),
    Place("sign in, error", "/my/sign-in", act=acts.send_empty),
    Place("sign in, refused", "/my/sign-in", act=acts.wrong_password),
    Place("forgotten password", "/my/forgot"),
    Place("forgotten password, error", "/my/forgot", act=acts.send_empty),
)

EMPLOYER = (("body", "glannau-ogwen"),)
TOOL = "matter:unlisted-system"


def about(what: str) -> tuple[tuple[str, str], ...]:
    """What the pages that write are asked for with."""
    return (*EMPLOYER, ("about", what))


ANONYMOUS = (
    Place("concern: employer", "/concern"),
    Place("concern: employer, error", "/concern", act=acts.send_empty),
    Place("concern: employer, about a tool", "/concern", sends=(("about", TOOL),)),
    Place("concern: about", "/concern", sends=EMPLOYER),
    Place("concern: about, error", "/concern", sends=EMPLOYER, act=acts.send_empty),
    Place("concern: on the device", "/concern/write", sends=about("system:RT4S7K")),
    Place("concern: on the device, no script", "/concern/write", sends=about("matter:safety"), script=False),
    Place("concern: safety", "/concern/safety"),
    Place("concern: a union beside, sealed on the device", "/concern/write", sends=about("matter:beside")),
    Place(
        "concern: a union beside, no script, error", "/concern/form", sends=about("matter:beside"), act=acts.send_empty
    ),
    Place("concern: writing", "/concern/write", sends=about("system:RT4S7K"), act=acts.write_on_the_device),
    Place("concern: writing, error", "/concern/write", sends=about(TOOL), act=acts.mistake_on_the_device),
    Place("concern: check", "/concern/write", sends=about("matter:other"), act=acts.check_on_the_device),
    Place("concern: turning", "/concern/write", sends=about("matter:other"), act=acts.turn_with_words),
    Place("concern: receipt", "/concern/write", sends=about("matter:money"), act=acts.send_on_the_device),
    Place("concern: plain form", "/concern/form", sends=about("system:RT4S7K")),
    Place("concern: plain form, error", "/concern/form", sends=about(TOOL), act=acts.send_empty),
    Place("concern: plain receipt", "/concern/form", sends=about("matter:money"), act=acts.write_concern_plainly),
    Place("concern: wait a moment", "/concern/form", sends=about("matter:other"), act=acts.send_too_soon),
    Place("concern: plain thread", "/concern/form", sends=about("matter:other"), act=acts.come_back_plainly),
    Place("concern: plain receipt, error", "/concern/form", sends=about("matter:money"), act=acts.wrong_proof),
    Place("concern: plain thread, union", "/concern/form", sends=about("matter:other"), act=acts.for_the_union_plainly),
    Place("return: on the device", "/concern/return"),
    Place("return: thread", "/concern/write", sends=about("matter:safety"), act=acts.come_back_on_the_device),
    Place("return: plain", "/concern/return/form"),
    Place("return: plain, error", "/concern/return/form", act=acts.nonsense_words),
)

ACCESS_ACTS = (
    ("start",),
    ("start", "clarify"),
    ("start", "clarify", "reply"),
    ("start", "clarify", "go_on"),
    ("start", "clarify", "take_back"),
    ("doubt",),
    ("doubt", "identity"),
    ("doubt", "no_doubt"),
    ("answer/extension",),
    ("start", "answer"),
    ("start", "answer/release"),
    ("start", "answer/nothing_held"),
    ("start", "identity", "answer/refusal"),
    ("write",),
)
ACCESS_FORMS = frozenset({"clarify", "reply", "doubt", "identity", "answer/refusal", "write"})

SIGNED = (
    Place("my cases, empty", "/my", who=NURSE),
    Place("my cases", "/my", who=DRIVER),
    Place("my systems", "/my/systems", who=NURSE),
    Place("my system", "/my/systems/RT4S7K", who=NURSE),
    Place("my profile", "/my/profile", who=NURSE),
    Place("when we write to me", "/my/letters", who=NURSE),
    Place("my access", "/my/access", who=NURSE),
    Place("my review", "/my/review/start", who=NURSE),
    Place("my review, error", "/my/review/start", who=NURSE, act=acts.send_empty),
    Place("complaint, error", "/complaint", act=acts.send_empty),
    Place("complaint: what it is about", "/my/complaint", who=NURSE, act=complaint.what_about),
    Place("complaints", "/my/desk/complaints", who=BOARD_OFFICER),
    Place("complaints: one", "/my/desk/complaints?show=regulator", who=BOARD_OFFICER, act=complaint.first),
    *(
        Place(f"complaints: {name}, error", COMPLAINTS, who=BOARD_OFFICER, act=complaint.act_page(name, sends=True))
        for name in ("decide", "enquire")
    ),
    Place("complaints: written down, error", f"{COMPLAINTS}/log", who=BOARD_OFFICER, act=acts.send_empty),
    Place("complaints: named", f"{COMPLAINTS}/named", who=ADMINISTRATOR),
    Place("complaints: a question", "/my/enquiries", who=MANAGER, act=complaint.first),
    Place("my complaint", "/my", who=COMPLAINANT, act=complaint.first),
    Place("my complaint: who represents me, error", "/my", who=COMPLAINANT, act=complaint.representative),
    Place("a complaint, represented", "/my", who=COMPLAINANT, act=complaint.represented),
    Place("access queue", "/my/desk/access", who=BOARD_OFFICER),
    Place("access log", "/my/desk/access/log", who=BOARD_OFFICER),
    Place("access log, error", "/my/desk/access/log", who=BOARD_OFFICER, act=acts.send_empty),
    Place("access: sent, signed in", "/my/access", who=NURSE, act=access.sent),
    Place("my access, several employers", "/my/access", who=CARER, act=access.question("body")),
    Place("my access, asked together", "/my/access", who=CARER, act=access.linked),
    Place("my access: systems ticked", "/my/access?system=RT4S7K", who=NURSE, act=access.change),
    Place("my access: receipt", "/my/access", who=NURSE, act=access.receipt),
    Place("my access: who speaks, error", "/my/access", who=NURSE, act=access.speaker_mistaken),
    Place("my access: who may speak", "/my/access", who=NURSE, act=access.speakers),
    Place("my access: who is left out, error", "/my/access", who=NURSE, act=access.left_out),
    Place("access desk: who is left out, error", LOG, who=BOARD_OFFICER, act=access.act_mistaken("left-out")),
    Place("access desk: who is meant, error", LOG, who=BOARD_OFFICER, act=access.wish_mistaken),
    Place("access desk: step back, error", LOG, who=BOARD_OFFICER, act=access.act_mistaken("conflict")),
    Place("access desk: papers, error", "/my/desk/access/log", who=BOARD_OFFICER, act=access.papers),
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
    Place(
        "access desk: refusal proposed",
        "/my/desk/access/log",
        who=BOARD_OFFICER,
        act=access.act_done("start", "identity", "answer/refusal"),
    ),
    Place("access answer: to decide", TO_DECIDE, who=BOARD_OFFICER, act=answers.to_decide),
    Place("access answer: sent back, error", TO_DECIDE, who=BOARD_OFFICER, act=answers.sent_back_without_a_word),
    Place("access answer: released", TO_COLLECT, who=BOARD_OFFICER, act=answers.part_of_first("answer")),
    Place("access answer: slip", TO_COLLECT, who=BOARD_OFFICER, act=answers.part_of_first("slip")),
    Place("access answer: slip, error", TO_COLLECT, who=BOARD_OFFICER, act=answers.empty_slip),
    Place("access queue, why", "/my/desk/access", who=BOARD_OFFICER, act=desk.why),
    Place("access queue, no such day", "/my/desk/access?from-day=31&from-month=2&from-year=2026", who=BOARD_OFFICER),
    Place("access queue: remind", "/my/desk/access", who=BOARD_OFFICER, act=desk.several("remind")),
    Place("access queue: hand over, error", "/my/desk/access", who=BOARD_OFFICER, act=desk.hand_to_nobody),
    Place("access queue: who has how much", "/my/desk/access/workload", who=BOARD_OFFICER),
    Place("access queue, printed", "/my/desk/access/print", who=BOARD_OFFICER),
    Place("access queue: keys", "/my/desk/access/keys", who=BOARD_OFFICER),
    Place("access desk: note", "/my/desk/access/log", who=BOARD_OFFICER, act=access.act_page("note")),
    Place("my calendar, secret address", "/my/calendar", who=BOARD_OFFICER, act=desk.secret_address),
    Place("access board, error", "/my/desk/access/board", who=ADMINISTRATOR, act=acts.send_empty),
    Place("access requests: how long they are kept", "/my/desk/access/keeping", who=ADMINISTRATOR),
    Place("who receives what", "/my/admin/bodies/glannau-ogwen/matters", who=ADMINISTRATOR),
    Place("list of help", "/my/admin/help/glannau-ogwen", who=ADMINISTRATOR),
    Place("material", MATERIAL, who=BOARD_OFFICER, act=material.listed),
    Place("material: item, error", MATERIAL, who=BOARD_OFFICER, act=material.undecided),
    Place("material: item, findings", MATERIAL, who=BOARD_OFFICER, act=material.with_findings),
    Place("material: finding, error", MATERIAL, who=BOARD_OFFICER, act=material.accepting),
    Place("material: cut, error", MATERIAL, who=BOARD_OFFICER, act=material.cut_box),
    Place("material: inside", MATERIAL, who=BOARD_OFFICER, act=material.item("rota-medi.xlsx", "/look?part=1")),
    Place("material: what was found", "/my/tasks", who=SEARCHER, act=material.added),
    Place("access figures", "/my/desk/access/figures", who=BOARD_OFFICER),
    Place("quarterly report", "/my/report", who=MANAGER),
    Place("access: what will be deleted", "/my/desk/access/retention", who=BOARD_OFFICER),
    Place("access: hold, error", "/my/desk/access/retention", who=BOARD_OFFICER, act=access.hold_mistaken),
    Place("my case, ready to collect", "/my", who=COLLECTOR, act=access.own_case),
    Place("my access: something missing, error", "/my", who=COLLECTOR, act=access.missing_mistaken),
    Place("access queue, finished", "/my/desk/access?show=finished&within=14", who=BOARD_OFFICER),
    Place("corrections, none waiting", "/my/desk/register/corrections", who=EDITOR),
    Place("following", "/my/follow?system=RT4S7K", who=NURSE),
    Place("following, error", "/my/follow", who=NURSE, act=acts.send_empty),
    Place("correction, to be answered", "/my/correction?system=K7RT3M", who=EDITOR, act=acts.ask_and_open_correction),
    Place("tools’ desk", "/my/desk/register/questions", who=EDITOR),
    Place("tools’ desk: answer, error", "/my/desk/register/questions", who=EDITOR, act=acts.answer_nothing),
    Place("ask the register, error", "/my/concerns/ask-the-register", who=REPRESENTATIVE, act=acts.send_empty),
    Place("review queue", "/my/desk/reviews", who=OFFICER),
    Place(
        "review: records",
        "/my/desk/reviews?show=representations_open",
        who=BOARD_OFFICER,
        act=review.inside("/records"),
    ),
    Place("review: who represents", "/my/desk/reviews?show=assigned", who=OFFICER, act=review.inside("/represented")),
    Place("review: reviewers", "/my/desk/reviews?show=assigned", who=OFFICER, act=review.inside("/reviewers")),
    Place("review: reviewers are lent", "/my/desk/reviews/pools", who=OFFICER),
    Place("review: an item of records, error", "/my/records", who=MANAGER, act=review.nothing_added),
    Place("review: a reviewer’s page, error", "/my/desk/reviews", who=LOOKER, act=review.looked_at),
    Place("holds, none", "/my/holds", who=MANAGER),
    Place("what is put right in one’s systems", "/my/managed?show=all", who=MANAGER),
    Place("paragraphs of letters, error", "/my/desk/reviews/paragraphs", who=OFFICER, act=acts.send_empty),
    Place("something to put right", "/my/remedies", who=FLEET_MANAGER, act=complaint.first),
    Place("review queue, empty", "/my/desk/reviews", who=REVIEWER),
    Place("review queue, finished", "/my/desk/reviews?show=finished", who=OFFICER),
    Place("systems’ desk", "/my/desk/register", who=EDITOR),
    Place("links of entries, not tried", "/my/desk/register/links", who=EDITOR),
    Place("systems’ desk, nothing of this kind", "/my/desk/register?show=planned", who=EDITOR),
    Place("system on trial", "/my/desk/register/GN3W7X", who=SYSTEM_MANAGER),
    Place("gate that is closed", "/my/desk/register/GN3W7X/step/go_live", who=SYSTEM_MANAGER),
    Place("switching off, error", "/my/desk/register/GN3W7X/step/suspend", who=SYSTEM_MANAGER, act=acts.send_empty),
    Place("measurement, error", "/my/desk/register/GN3W7X/monitoring", who=SYSTEM_MANAGER, act=acts.send_empty),
    Place("incident, error", "/my/desk/register/GN3W7X/incident", who=SYSTEM_MANAGER, act=acts.send_empty),
    Place("union’s systems", "/my/union/systems", who=REPRESENTATIVE),
    Place("what both sides say, union", "/my/desk/register/RT4S7K/voices", who=REPRESENTATIVE),
    Place(
        "branch’s condition, error",
        "/my/union/systems/RT4S7K/rcn-ogwen/condition",
        who=REPRESENTATIVE,
        act=acts.send_empty,
    ),
    Place("what both sides say, employer", "/my/desk/register/K7RT3M/voices", who=EDITOR),
    Place("record of consultation", "/my/desk/register/consultations", who=EDITOR),
    Place("rights agreed, desk", "/my/desk/register/rights", who=EDITOR),
    Place("unions that are silent", "/my/desk/register/GN3W7X/unions", who=SYSTEM_MANAGER),
    Place("new system, error", "/my/desk/register/new", who=EDITOR, act=acts.send_empty),
    Place("draft, not begun", "/my/desk/register/GN3W7X/edit", who=EDITOR),
    Place("draft", acts.DRAFT, who=EDITOR, act=acts.in_draft()),
    Place("draft, a section", acts.DRAFT, who=EDITOR, act=acts.in_draft("/affected")),
    Place("draft, a row, error", acts.DRAFT, who=EDITOR, act=acts.mistake_in_row),
    Place("draft, comments", acts.DRAFT, who=EDITOR, act=acts.in_draft("/summary/comments")),
    Place("draft, languages", acts.DRAFT, who=EDITOR, act=acts.write_and_look),
    Place("draft, publishing", acts.DRAFT, who=EDITOR, act=acts.in_draft("/publish")),
    Place("draft, preview", acts.DRAFT, who=EDITOR, act=acts.in_draft("/preview")),
    Place("draft, file, error", acts.DRAFT, who=EDITOR, act=acts.no_file),
    Place("draft, template", acts.DRAFT, who=EDITOR, act=acts.in_draft("/template")),
    Place("draft, handing over", acts.DRAFT, who=EDITOR, act=acts.in_draft("/hand-over")),
    Place("draft, discarding, error", acts.DRAFT, who=EDITOR, act=acts.discard_wrongly),
    Place("where texts came from", "/my/desk/register/K7RT3M/texts", who=EDITOR),
    Place("record for GOV.UK", "/my/desk/register/K7RT3M/atrs", who=EDITOR),
    Place("record for GOV.UK, incomplete", "/my/desk/register/NW9D4V/atrs", who=EDITOR),
    Place("concerns", "/my/concerns", who=MANAGER),
    Place("concerns, empty", "/my/concerns", who=REPRESENTATIVE),
    Place("concerns, lists", "/my/concerns", who=CASEWORKER, script=False),
    Place("concerns, told", "/my/concerns?lane=us", who=CASEWORKER, script=False, act=desk.told_concern),
    Place("concerns, list", "/my/concerns", who=MANAGER, unlocked=True),
    Place("concerns, thread", "/my/concerns", who=MANAGER, unlocked=True, act=acts.open_concern),
    Place("concerns with one cause", "/my/concerns/together", who=CASEWORKER, act=one_cause),
    Place("concerns, people", "/my/concerns", who=MANAGER, unlocked=True, act=acts.who_waits),
    Place("concerns, several", "/my/concerns", who=MANAGER, script=False, act=desk.several_concerns),
    Place("concerns, done to several", "/my/concerns", who=MANAGER, script=False, act=desk.done_to_several),
    Place("keys", "/my/keys", who=MANAGER),
    Place("keys, not confirmed", "/my/keys", who=NEW_REPRESENTATIVE),
    Place("keys, confirming, error", "/my/keys", who=REPRESENTATIVE, act=acts.confirm_without_comparing),
    Place("keys, to be unlocked", "/my/keys", who=MANAGER, act=acts.pressed("change-words")),
    Place("keys, new ones", "/my/keys", who=MANAGER, act=acts.pressed("new-keys")),
    Place("stranger’s page", "/my/desk/access", who=NURSE),
)

EVERYWHERE = PUBLIC + ANONYMOUS + SIGNED
