"""The ceilings: the least that the same stack can do for the same kind of work. Each is a process of its own.

``python -m tests.bench.ceilings serve PORT DATABASE_URL`` serves them; ``… packages`` imports the packages and waits.
What the product needs in production and these leave out: sessions, tokens, headers, languages, compression, audit.
"""

import importlib
import sys
from typing import Any

PACKAGES = (
    "fastapi",
    "uvicorn",
    "sqlalchemy.orm",
    "sqlalchemy.dialects.sqlite",
    "holidays",
    "jinja2",
    "jinja2_fragments",
    "python_multipart",
    "pydantic",
    "argon2",
    "cryptography.hazmat.primitives.ciphers.aead",
    "cryptography.hazmat.primitives.asymmetric.ed25519",
    "cryptography.hazmat.primitives.asymmetric.x25519",
    "cryptography.hazmat.primitives.kdf.hkdf",
    "brotli",
)
"""The packages of pyproject.toml that a server on SQLite works with."""

SMALL = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head>
<body><h1>{{ title }}</h1><p>{{ text }}</p><ul>{% for item in items %}<li><a href="/{{ item }}">{{ item }}</a></li>
{% endfor %}</ul></body></html>"""

ROWS = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head>
<body><h1>{{ title }}</h1><select>{% for body in bodies %}<option value="{{ body.slug }}">{{ body.name_en }}</option>
{% endfor %}</select><ul>{% for row in rows %}<li><h2><a href="/s/{{ row.short_code }}">{{ row.name_en }}</a></h2>
<p>{{ row.state }}</p><p>{{ row.one_sentence_en }}</p><dl><dt>Employer</dt><dd>{{ row.body }}</dd>
<dt>Who is responsible</dt><dd>{{ row.responsible_en }}</dd><dt>Last changed</dt><dd>{{ row.published_on }}</dd></dl>
</li>{% endfor %}</ul></body></html>"""

FLOOR = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Floor</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><h1>A page of two sentences</h1><p>It has no style. It has no script.</p></body></html>"""


def rows_of_a_body() -> Any:
    """The systems of one body, as a list shows them."""
    from sqlalchemy import bindparam, select

    from portal.directory.models import Body
    from portal.register.models import System, SystemVersion

    current = (SystemVersion.system_id == System.id) & (SystemVersion.number == System.current_number)
    return (
        select(
            System.short_code,
            SystemVersion.name_en,
            SystemVersion.one_sentence_en,
            SystemVersion.responsible_en,
            Body.name_en.label("body"),
            SystemVersion.state,
            SystemVersion.published_on,
        )
        .join(SystemVersion, current)
        .join(Body, Body.id == System.body_id)
        .where(System.body_id == bindparam("body_id"))
        .order_by(SystemVersion.sort_en, SystemVersion.id)
        .limit(26)
    )


def make_app(database_url: str) -> Any:
    """Hello, a small page, a page of 25 rows with three queries, four kilobytes stored."""
    from fastapi import FastAPI, Request
    from jinja2 import Environment
    from sqlalchemy import LargeBinary, bindparam, column, insert, select, table
    from starlette.responses import HTMLResponse, PlainTextResponse

    from portal.core.db import Database
    from portal.directory.models import Body

    quiet = {"tracing": False, "metrics": False, "logs": False, "operation_spans": False, "auto_configure": False}
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, telemetry=quiet)
    database = Database(database_url)
    env = Environment(autoescape=True, auto_reload=False)
    small, rows = env.from_string(SMALL), env.from_string(ROWS)
    one = select(Body.id, Body.name_en).where(Body.slug == bindparam("slug"))
    everybody = select(Body.slug, Body.name_en).order_by(Body.name_en)
    listed = rows_of_a_body()
    letters = table("bench_letters", column("content", LargeBinary))
    putting = insert(letters)
    reading = database.engine.connect()
    with database.engine.begin() as preparing:
        kind = "BLOB" if database.is_sqlite else "BYTEA"
        preparing.exec_driver_sql(f"CREATE TABLE IF NOT EXISTS bench_letters (content {kind} NOT NULL)")

    @app.get("/hello")
    async def hello() -> PlainTextResponse:
        return PlainTextResponse("hello")

    @app.get("/page")
    async def page() -> HTMLResponse:
        return HTMLResponse(small.render(title="A small page", text="Some words.", items=["a", "b", "c", "d", "e"]))

    @app.get("/floor")
    async def floor() -> HTMLResponse:
        return HTMLResponse(FLOOR)

    @app.get("/rows")
    async def some_rows(body: str) -> HTMLResponse:
        found = reading.execute(one, {"slug": body}).one()
        bodies = reading.execute(everybody).all()
        systems = reading.execute(listed, {"body_id": found.id}).all()
        reading.rollback()
        return HTMLResponse(rows.render(title=found.name_en, bodies=bodies, rows=systems[:25]))

    @app.post("/letter")
    async def letter(request: Request) -> PlainTextResponse:
        content = await request.body()
        with database.engine.begin() as connection:
            connection.execute(putting, {"content": content})
        return PlainTextResponse("stored", status_code=201)

    return app


def main(arguments: list[str]) -> None:
    if arguments[0] == "packages":
        for name in PACKAGES:
            importlib.import_module(name)
        print("imported", flush=True)
        sys.stdin.read()
        return
    import uvicorn

    app = make_app(arguments[2])
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(arguments[1]),
        access_log=False,
        server_header=False,
        proxy_headers=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main(sys.argv[1:])
