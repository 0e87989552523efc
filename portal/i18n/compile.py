"""``python -m portal.i18n.compile``: writes messages.mo beside each messages.po. Quick, and safe to run at any time."""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from portal.core.ids import new_id

LOCALES = Path(__file__).resolve().parents[2] / "locales"


def compile_catalogue(po: Path) -> Path:
    """Writes the .mo of a .po and gives its path; in one step, so that a starting server never reads half a file."""
    with po.open("rb") as source:
        catalogue = read_po(source, abort_invalid=True)
    out = BytesIO()
    write_mo(out, catalogue, use_fuzzy=False)
    mo = po.with_suffix(".mo")
    if not mo.exists() or mo.read_bytes() != out.getvalue():
        fresh = mo.with_name(f"{mo.name}.{new_id()}")
        fresh.write_bytes(out.getvalue())
        fresh.replace(mo)
    return mo


def main() -> int:
    """Compiles every catalogue of ``locales/``."""
    catalogues = sorted(LOCALES.glob("*/LC_MESSAGES/*.po"))
    for po in catalogues:
        compile_catalogue(po)
    if not catalogues:
        sys.stderr.write("There is no catalogue in locales/: nothing to compile.\n")
    return 0 if catalogues else 1


if __name__ == "__main__":
    sys.exit(main())
