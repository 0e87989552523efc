"""Goes every way that one person can go through a portal, and tells where its twin answers otherwise."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import parse_qsl, urlsplit

from tests.notrace.twins import Portal
from tests.prepared import FULL

LINK = re.compile(r'(?:href|action|hx-get)="(/cy/[^"]*)"')
MASKED = (
    (re.compile(r'(name="(?:form_id|csrf|case_id|act_id|code|csrf-token)" (?:value|content)=")[^"]*'), r"\1*"),
    (re.compile(r'(nonce-|nonce=")[A-Za-z0-9_/+=-]+'), r"\1*"),
)
"""What is drawn anew for every answer: tokens of forms, and nonces."""
DRAWN_HEADERS = {"content-length", "date", "set-cookie"}
FIGURES = (
    *(f"/cy/my/report{part}" for part in ("", ".csv", "/print")),
    *(f"/cy/my/desk/access/figures{part}" for part in ("", ".csv")),
)
"""The one exception that is stated: a quarter's suppressed figures count what is hidden from their readers, too."""
LEAVES = ("/my/sign-out",)
OF_A_KIND = 3 if FULL else 1
"""Pages of one shape that are asked: a case of a list, not all of them."""
TOKEN = re.compile(r'name="csrf" (?:value|content)="([^"]+)"')
ID = re.compile(r"[A-Za-z0-9_-]{20,}|[A-Z]{2}-[A-Z0-9-]{9}|\d+")


@dataclass
class Trace:
    """Where the two portals answered otherwise."""

    email: str
    asked: set[str] = field(default_factory=set)
    found: list[str] = field(default_factory=list)


def shape_of(address: str) -> tuple[str, tuple[str, ...]]:
    parts = urlsplit(address)
    return ID.sub("*", parts.path), tuple(sorted(name for name, _ in parse_qsl(parts.query, keep_blank_values=True)))


def plain(text: str) -> str:
    for drawn, instead in MASKED:
        text = drawn.sub(instead, text)
    return text


def links_of(text: str) -> Iterator[str]:
    for found in LINK.findall(text):
        address = unescape(found).partition("#")[0]
        if not any(address.split("?")[0].endswith(leaving) for leaving in LEAVES):
            yield address


def compare(
    one: Portal,
    other: Portal,
    email: str,
    address: str,
    trace: Trace,
    method: str = "GET",
    tokens: Sequence[str] = ("", ""),
) -> str:
    """Ask both the same, and note what differs: the answer, its headers, or how much was asked of the database."""
    texts, seen = [], []
    for portal, token in zip((one, other), tokens, strict=True):
        before = portal.asked.number
        answer = portal.ask(email, method, address, {"csrf": token} if method == "POST" else None)
        texts.append(plain(answer.text))
        headers = {name: plain(value) for name, value in answer.headers.items() if name not in DRAWN_HEADERS}
        seen.append((answer.status_code, headers, portal.asked.number - before))
    trace.asked.add(address)
    if address.split("?")[0] in FIGURES:
        return texts[1]
    if texts[0] != texts[1]:
        trace.found.append(f"{method} {address}: {first_difference(*texts)}")
    elif seen[0] != seen[1]:
        trace.found.append(f"{method} {address}: {differing(*seen)}")
    return texts[1]


def differing(one: tuple[int, dict[str, str], int], other: tuple[int, dict[str, str], int]) -> str:
    headers = {name for name in one[1].keys() | other[1].keys() if one[1].get(name) != other[1].get(name)}
    return f"status {one[0]} {other[0]}, statements {one[2]} {other[2]}, headers {sorted(headers)}"


def first_difference(one: str, other: str) -> str:
    at = next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return f"{one[max(0, at - 60) : at + 60]!r} instead of {other[max(0, at - 60) : at + 60]!r}"


def walk(one: Portal, other: Portal, email: str, start: str, *, below: str = "/cy/") -> Trace:
    """Every page below an address that links lead to from this one, and what it leads to in turn."""
    trace, kinds = Trace(email), Counter[tuple[str, tuple[str, ...]]]()
    waiting = [start]
    seen = {start}
    while waiting:
        address = waiting.pop(0)
        text = compare(one, other, email, address, trace)
        for link in links_of(text):
            shape = shape_of(link)
            if link.startswith(below) and link not in seen and kinds[shape] < OF_A_KIND:
                seen.add(link)
                kinds[shape] += 1
                waiting.append(link)
    return trace


def try_addresses(one: Portal, other: Portal, email: str, addresses: list[tuple[str, str]]) -> Trace:
    """What one would ask who knows what to ask for: each address by its method, with the token of an own page."""
    trace = Trace(email)
    found = [TOKEN.search(portal.ask(email, "GET", "/cy/my").text) for portal in (one, other)]
    tokens = [token.group(1) if token else "" for token in found]
    for method, address in addresses:
        compare(one, other, email, address, trace, method, tokens)
    return trace
