"""P1, P2, P3, P4, P9, P18: processor milliseconds of one request, and the bytes of the first view of each page."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count as counting

from argon2 import PasswordHasher

from anonymity.item import About as SealedAbout
from anonymity.item import Matter, SealedBy
from anonymity.plaintext import Plaintext
from anonymity.receipt import draw_code
from anonymity.reporting import Concern, raise_concern
from portal.concerns.queries import find_channel, get_about
from portal.concerns.reporting.service import card_of
from portal.core.clock import london_day
from tests.bench.processes import Served
from tests.bench.rounds import Case, alternate, quickest, same
from tests.bench.table import Row
from tests.bench.wire import Ask, Line, sign_in
from tests.bench.world import BODY, SYSTEM, World
from tests.tickets import solve

TEXT = ("Since the new rota began, three of us have worked two long nights in a row every week. " * 60)[:4096]
READERS = 3
BOX = "/en/concern/box"
EMAIL = "sian.prydderch@glannau-ogwen.example"
OFFICER = "mair.tudur@dyffryn-cledwen.example"
CONCERN = {"body": BODY, "about": f"system:{SYSTEM}"}
LIST = f"/systems/all?employer={BODY}"
AFFECTING = f"/systems?employer={BODY}&workplace=ward-alaw&staff_group=nursing&kind=employee"
FIRST_VIEW, SIGNED_VIEW = 10_240, 14_336


def measure_pages(portal: Served, ceilings: Served, *, rounds: int, count: int) -> list[Row]:
    """P1, P3, P18 and the ceilings themselves."""

    def page(path: str, served: Served = portal, **headers: str) -> Case:
        return Case(path, served, same(Ask.get(path, **headers)))

    hello, small, letter = page("/hello", ceilings), page("/page", ceilings), _letters(ceilings)
    fixed = [page("/en"), page("/cy"), page("/en/help"), page("/cy/help")]
    with Line(portal.port) as line:
        tags = {path: line.ask(Ask.get(path)).headers.get("etag", '""') for path in ("/en", "/cy/help")}
    again = [Case(path, portal, same(Ask.get(path, if_none_match=tag, status=304 if tag != '""' else 200)))
             for path, tag in tags.items()]  # fmt: skip
    form, device = (Case(name, portal, same(Ask.form(f"/en/concern/{name}", CONCERN))) for name in ("form", "write"))
    english, welsh = _made_anew("en", f"/s/{SYSTEM}?", portal), _made_anew("cy", f"/s/{SYSTEM}?", portal)
    alternate([hello, small, letter, *fixed, *again, form, device, english, welsh], rounds=rounds, count=count)
    rows = [
        Row("", "ceiling: FastAPI, hello", hello.least, "ms"),
        Row("", "ceiling: FastAPI + Jinja, small page", small.least, "ms"),
        Row("", "ceiling: POST of 4 kB stored and committed", letter.least, "ms"),
    ]
    rows += [Row("P1", f"page {case.name}", case.least, "ms", small.least, 2) for case in fixed]
    rows += [Row("P1", f"page {case.name} asked again (304)", case.least, "ms", hello.least, 1.5) for case in again]
    rows += [
        Row("P3", "concern form, sealed here", form.least, "ms", small.least, 4),
        Row("P3", "concern form, sealed on the device", device.least, "ms", small.least, 4),
        Row("P18", "a system's page in Welsh against English", welsh.least, "ms", english.least, 1.05),
    ]
    return rows


def _letters(ceilings: Served) -> Case:
    return Case("letter", ceilings, same(Ask.post("/letter", TEXT.encode(), status=201)))


def _made_anew(locale: str, address: str, served: Served) -> Case:
    """A page that is never taken from memory, because no two addresses are the same."""
    numbers = counting()

    def asks(count: int) -> Sequence[Ask]:
        return [Ask.get(f"/{locale}{address}n={next(numbers)}") for _ in range(count)]

    return Case(locale, served, asks)


def measure_list(portal: Served, ceilings: Served, where: str, *, rounds: int, count: int) -> list[Row]:
    """P2: the list of systems, made anew for each request and as people get it; each way against the ceiling."""
    ceiling = Case("rows", ceilings, same(Ask.get(f"/rows?body={BODY}")))
    made = [_made_anew(locale, f"{LIST}&", portal) for locale in ("en", "cy")]
    kept = Case("kept", portal, same(Ask.get(f"/en{LIST}")))
    alternate([ceiling, *made, kept], rounds=rounds, count=count)
    return [
        Row("", f"ceiling: 25 rows, three Core queries, {where}", ceiling.least, "ms"),
        Row("P2", f"systems, 25 rows, {where}", kept.least, "ms", ceiling.least, 1.5),
        *(Row("P2", f"the same, made anew, {case.name}, {where}", case.least, "ms", ceiling.least, 1.5)
          for case in made),
    ]  # fmt: skip


def sealed_concerns(world: World, count: int) -> list[bytes]:
    """Concerns as devices send them: 4 kB of text, three readers of the demonstration's own channel."""
    today = london_day(datetime.now(UTC))
    with world.database() as database, database.reading() as session:
        about = get_about(session, BODY, f"system:{SYSTEM}")
        readers = tuple(card_of(one) for one in find_channel(session, about, today=today).readers[:READERS])
        sealed_about = SealedAbout(about.body.id, Matter.SYSTEM, about.subject)
    concern = Concern(
        about=sealed_about,
        text=Plaintext(TEXT),
        name=None,
        lang="en",
        day=today,
        readers=readers,
    )
    return [raise_concern(concern, draw_code(), sealed_by=SealedBy.DEVICE).to_json() for _ in range(count)]


def admitted(line: Line) -> str:
    """The value of the header that admits one request to the box."""
    given = json.loads(line.ask(Ask.post(f"{BOX}/challenge", b"")).body)
    return solve(given["challenge"], given["bits"])


def measure_concerns(world: World, portal: Served, *, rounds: int, count: int) -> list[Row]:
    """P4: a sealed concern, taken and committed with synchronous=FULL; and the first of a new connection."""
    made = iter(sealed_concerns(world, rounds * (count + 1) + max(1, count // 20) + 1))

    def sending(count: int) -> list[Ask]:
        with Line(portal.port) as line:
            return [Ask.post(BOX, next(made), status=201, porth_work=admitted(line)) for _ in range(count)]

    many, first = Case("many", portal, sending), Case("first", portal, sending)
    first.run(1)
    alternate([many], rounds=0, count=count)
    for _ in range(rounds):
        many.run(count)
        first.run(1)
    return [
        Row("P4", "concern sealed on the device, taken and committed", many.least, "ms", most=3),
        Row("P4", "the same, first on its connection", first.least, "ms", most=3),
    ]


def measure_sign_in(world: World, portal: Served, *, rounds: int, count: int) -> list[Row]:
    """P9: a sign-in beside bare argon2, and how many hashes' memory many sign-ins at once take."""
    password = world.secrets["password"]
    asks = same(Ask.form("/en/my/sign-in", {"email": EMAIL, "password": password}, status=303))
    signing = Case("sign-in", portal, asks)
    hasher = PasswordHasher(time_cost=world.argon2_passes, memory_cost=world.argon2_kib, parallelism=1)
    stored, bare = hasher.hash(password), float("inf")
    signing.run(1)
    signing.least = float("inf")
    for _ in range(rounds):
        signing.run(count)
        bare = min(bare, quickest(lambda: [hasher.verify(stored, password) for _ in range(count)], 1) / count)
    return [
        Row("P9", "sign-in against bare argon2", signing.least, "ms", bare, 3, is_difference=True),
        Row("P9", "hashes in memory while twelve sign in at once", _hashes_at_once(world, portal), "hashes", most=2.5),
    ]


def _hashes_at_once(world: World, portal: Served) -> float:
    portal.forget_peak()
    before = portal.memory()

    def one(_: int) -> str:
        return sign_in(portal.port, EMAIL, world.secrets["password"])

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(one, range(12)))
    return (portal.memory("VmHWM") - before) / (1024 * world.argon2_kib)


def weigh(world: World, portal: Served) -> list[Row]:
    """P12: bytes of the first answer, headers and inlined style included."""
    cookie = sign_in(portal.port, OFFICER, world.secrets["password"])
    asked = [
        ("landing page", Ask.get("/cy"), FIRST_VIEW),
        ("systems, 25 rows", Ask.get(f"/cy{LIST}"), FIRST_VIEW),
        ("systems that affect a nurse", Ask.get(f"/cy{AFFECTING}"), FIRST_VIEW),
        ("a system's page", Ask.get(f"/cy/s/{SYSTEM}"), FIRST_VIEW),
        ("concern form, sealed here", Ask.form("/cy/concern/form", CONCERN), FIRST_VIEW),
        ("concern form, sealed on the device", Ask.form("/cy/concern/write", CONCERN), FIRST_VIEW),
        ("access queue, signed in", Ask.get("/cy/my/desk/access", cookie=cookie), SIGNED_VIEW),
    ]
    with Line(portal.port) as line:
        return [Row("P12", f"weight: {what}", line.ask(ask).wire, "bytes", most=most) for what, ask, most in asked]
