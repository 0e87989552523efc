"""Who reads concerns at the desk, and the steps they take there."""

import re
from collections.abc import Sequence

from playwright.sync_api import FilePayload, Locator, expect

from portal.cli.sealed_seeds import rota_picture
from tests.journeys.sealed import answer, unlock
from tests.journeys.walker import RECEIPT_PATIENCE, Arrive, Walker
from tests.prepared import START_OF_TESTS

TODAY = START_OF_TESTS.date()
ELIN, DYLAN = "elin.haf.morris@glannau-ogwen.example", "dylan.bowyer@glannau-ogwen.example"
MARIAN = "marian.ogwen.hughes@glannau-ogwen.example"
LLINOS = "llinos.dafis@glannau-ogwen.example"
CARYS, IDRIS = "carys.bowen@unison.example", "idris.fychan@unison.example"
PATRICK, SIONED = "patrick.adeyemi@rcn.example", "sioned.puw@rcn.example"
LEFT_OUT = "Somebody on the list is not to know that I wrote this."
PNG = rota_picture()
SIX_WORDS = re.compile(r"^\s*\S+(\s+\S+){5}\s*$")
"""The words by which people compare a key."""


def words_of(walker: Walker, email: str) -> str:
    words: str = walker.server.secrets["recovery_words"][email]
    return words


def enter(arrive: Arrive, locale: str, email: str, *, phone: bool = False) -> Walker:
    reader = arrive(locale, phone=phone)
    unlock(reader, email, words_of(reader, email))
    return reader


def reload_list(reader: Walker, words: str) -> None:
    reader.go("/my/concerns")
    reader.fill("Your ten recovery words", words)
    reader.press("Unlock")
    expect(reader.page.locator("[data-step=list]")).to_be_visible(timeout=RECEIPT_PATIENCE)


def thread_of(reader: Walker, lane: str = "joint") -> Locator:
    return reader.page.locator(f"[data-thread={lane}]")


def unfold(part: Locator, reader: Walker, msgid: str) -> Locator:
    """Open one of the folded parts below a thread."""
    folded = part.locator("details", has=reader.page.locator("summary", has_text=reader.say(msgid)))
    if folded.get_attribute("open") is None:
        folded.locator("summary").first.click()
    return folded


def is_told(words: Sequence[str], sent: str) -> bool:
    """Whether what was sent holds these words: one short word may stand in a ciphertext by chance."""
    return all(word in sent for word in words)


def read_words(reader: Walker) -> str:
    expect(reader.page.locator("[data-step=words]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    words = " ".join(reader.words_in("#code-words li"))
    reader.press("I have written them down")
    reader.main.get_by_label(reader.say("The ten recovery words")).fill(words)
    reader.press("Save my keys")
    return words


def attach_and_send(reader: Walker, *files: FilePayload) -> None:
    part = thread_of(reader)
    part.locator("input[type=file]").set_input_files(list(files))
    expect(part.locator("[data-file-list] > li")).to_have_count(len(files))
    expect(part.locator("[data-file-list] progress")).to_have_count(0, timeout=RECEIPT_PATIENCE)
    reader.shot("desk-attached")
    answer(reader, "Here is what I have.")
