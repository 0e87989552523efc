"""``porth client``: write the file, and say what a union publishes beside it."""

from pathlib import Path

import brotli

from portal.cli.standalone.page import make_standalone, read_portal, read_slug


def run(out: Path, portal: str, body: str) -> int:
    """Write the page, and say its digest, its version and its weight."""
    made = make_standalone(read_portal(portal), read_slug(body))
    out.write_bytes(made.html)
    packed = len(brotli.compress(made.html))
    print(f"{out}: Porth {made.version}, for {read_portal(portal)}{f', for {body} only' if body else ''}")
    print(f"{len(made.html) / 1000:,.0f} kB; {packed / 1000:,.0f} kB where a host compresses it (brotli)")
    print(f"SHA-256 {made.sha256}")
    print("Publish the SHA-256 beside the file, so that everybody can see that theirs is the same.")
    return 0
