"""Accounts: invited with a slip, a forgotten password, somebody who leaves, and the wall around the union's own."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.accounts import PASSPHRASE, invite_by_slip, join, letter_to, link_in
from tests.journeys.walker import Arrive, Walker

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("accounts")]

PHILIP = "philip.garmon.reid@dyffryn-cledwen.example"
HELEDD = "heledd.sivell@glannau-ogwen.example"
GWENNO = "gwenno.alun@unison.example"
FAULT = "The e-mail address or the password is wrong"
PASTED = "tebot gwlân castell melyn"


def at_people(arrive: Arrive, who: str, locale: str = "en") -> Walker:
    administrator = arrive(locale)
    administrator.sign_in(who)
    administrator.follow("Administration")
    administrator.expect_heading("People")
    return administrator


def test_an_invitation_on_a_slip_works_once_and_takes_a_pasted_password(arrive: Arrive) -> None:
    philip = at_people(arrive, PHILIP)
    philip.shot("8-people")
    link = invite_by_slip(philip, "Mabli Eirian", "mabli.eirian@dyffryn-cledwen.example")
    expect(philip.page.locator("section[lang=cy]")).to_be_visible()
    expect(philip.page.locator("section[lang=en]")).to_be_visible()
    philip.shot("8-slip")
    mabli = arrive("cy", phone=True)
    mabli.go(link)
    mabli.expect_heading("Set up your account")
    mabli.expect_text("mabli.eirian@dyffryn-cledwen.example")
    mabli.field("Password", "label").fill("byr")
    mabli.press("Set up account")
    expect(mabli.page.locator(".problem")).to_contain_text("12")
    mabli.shot("8-short-password")
    join(mabli, link)
    expect(mabli.page).to_have_url(re.compile("/cy/my$"))
    mabli.go(link, status=404)
    mabli.expect_heading("This link no longer works")
    philip.go("/my/admin")
    philip.fill("Name or email address", "mabli")
    philip.press("Search")
    philip.expect_text("Mabli Eirian")


def test_a_forgotten_password_gets_the_same_answer_for_everybody_and_a_letter_for_one(arrive: Arrive) -> None:
    philip = at_people(arrive, PHILIP)
    email = "gwilym.tew@dyffryn-cledwen.example"
    gwilym = arrive("cy")
    join(gwilym, invite_by_slip(philip, "Gwilym Tew", email))
    phone = arrive("cy", phone=True)
    answers = []
    for address in ("neb@nunlle.example", email):
        phone.go("/my/sign-in")
        phone.follow("Forgotten your password?")
        phone.fill("Email address", address)
        phone.press("Send the link")
        phone.expect_heading("Check your email")
        answers.append(re.sub(r'nonce="[^"]+"|name="email" value="[^"]+"', "", phone.page.content()))
    assert answers[0] == answers[1]
    phone.shot("8-forgot")
    letter = letter_to(phone, email, "/my/reset/")
    assert "To: neb@nunlle.example" not in phone.server.log.read_text(encoding="utf-8")
    link = link_in(letter, "reset")
    phone.go(link)
    phone.fill("New password", PASTED)
    phone.press("Change password")
    phone.expect_said("Your password has been changed. Sign in with the new one.")
    gwilym.page.reload()
    gwilym.expect_heading("Sign in", "heading")
    gwilym.sign_in(email, password=PASSPHRASE)
    gwilym.expect_problem(FAULT)
    gwilym.sign_in(email, password=PASTED)
    gwilym.expect_heading("My cases")
    phone.go(link, status=404)
    phone.expect_heading("This link no longer works")


def test_somebody_who_leaves_is_signed_out_at_once_and_their_role_stands_open(arrive: Arrive) -> None:
    heledd = at_people(arrive, HELEDD)
    email = "ifor.meirion@glannau-ogwen.example"
    ifor = arrive("en")
    join(ifor, invite_by_slip(heledd, "Ifor Meirion", email))
    heledd.follow("Go back to the list")
    heledd.fill("Name or email address", "ifor")
    heledd.press("Search")
    heledd.tap(heledd.page.get_by_role("link", name="Ifor Meirion"))
    heledd.follow("Give a role", "button")
    heledd.page.locator("input[name=role][value=request_handler]").check()
    heledd.fill("Job title in Welsh", "Swyddog Llywodraethu Gwybodaeth")
    heledd.fill("Job title in English", "Information Governance Officer")
    heledd.press("Give role")
    heledd.expect_text("Information Governance Officer")
    heledd.shot("8-person")
    ifor.page.reload()
    ifor.follow("Access requests")
    ifor.expect_heading("Access requests")

    heledd.follow("Close the account of somebody who leaves")
    heledd.expect_said(
        "They are signed out at once and cannot sign in again. Every role and every engagement ends today."
    )
    heledd.shot("8-leave")
    heledd.press("Close account")
    heledd.expect_heading("Account closed")
    ifor.page.reload()
    ifor.expect_heading("Sign in", "heading")
    ifor.sign_in(email, password=PASSPHRASE)
    ifor.expect_problem(FAULT)


def test_no_employers_administrator_sees_a_representative_and_no_branch_sees_staff(arrive: Arrive) -> None:
    gwenno = arrive("cy")
    gwenno.sign_in(GWENNO)
    gwenno.follow("The branch’s representatives")
    gwenno.expect_heading("Representatives")
    link = invite_by_slip(gwenno, "Anwen Glyn", "anwen.glyn@unison.example", button="Invite a representative")
    anwen = arrive("cy")
    join(anwen, link)
    expect(anwen.page.locator("main")).not_to_contain_text(anwen.say("Ask for a copy of my data"))
    gwenno.go("/my/admin/branches/unison-cledwen")
    gwenno.expect_text("anwen.glyn@unison.example")
    gwenno.expect_no_text("anwen.glyn@dyffryn-cledwen.example")
    gwenno.shot("8-representatives")
    philip = at_people(arrive, PHILIP)
    philip.fill("Name or email address", "Anwen")
    philip.press("Search")
    philip.expect_text("anwen.glyn@dyffryn-cledwen.example")
    for walker, paths in (
        (philip, ("/my/admin/branches", "/my/admin/branches/unison-cledwen", "/my/admin/bodies/glannau-ogwen")),
        (gwenno, ("/my/admin/bodies/dyffryn-cledwen", "/my/admin/branches/gmb-cledwen", "/my/desk/access")),
    ):
        for path in paths:
            answer = walker.page.goto(f"{walker.server.base_url}/{walker.locale.value}{path}")
            assert answer is not None
            assert answer.status in {403, 404}, (path, answer.status)
    philip.expect_no_text("unison")
