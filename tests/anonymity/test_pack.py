"""What is cut out of a pack is gone from it, in every spelling that the reader named."""

import json
import subprocess

from tests.prepared import ROOT

CUT = """
import { Cutter, linesOf } from "./anonymity/browser/pack.js";
const cases = JSON.parse(process.argv[1]);
console.log(JSON.stringify(cases.map(([words, text]) => {
  const cutter = new Cutter(linesOf(words));
  return [cutter.cut(text), cutter.places, cutter.notFound];
})));
"""
GONE = "█████"


def cut(*cases: tuple[str, str]) -> list[tuple[str, int, list[str]]]:
    done = subprocess.run(
        ["node", "--input-type=module", "-e", CUT, "--", json.dumps(cases)],
        cwd=ROOT,
        capture_output=True,
        check=True,
        timeout=60,
    )
    return [(text, places, missing) for text, places, missing in json.loads(done.stdout)]


def test_what_is_named_is_cut_out_wherever_it_stands_and_what_is_not_found_is_said() -> None:
    found = cut(
        ("Siân", "Siân said that SIÂN and sia\u0302n are one."),
        ("Ann\nAnnwyl Ann", "Annwyl Ann, Annie"),  # the longest first, so nothing is left of it
        ("ward  seven", "On ward\nseven, and Ward seven."),
        ("D’Arcy", "D'Arcy and d’arcy"),
        ("a.b*(c)", "a.b*(c) axb"),
        ("Nobody\n\n  \nNobody", "Somebody else"),
        ("x", ""),
    )
    assert found == [
        (f"{GONE} said that {GONE} and {GONE} are one.", 3, []),
        (f"{GONE}, {GONE}ie", 2, []),
        (f"On {GONE}, and {GONE}.", 2, []),
        (f"{GONE} and {GONE}", 2, []),
        (f"{GONE} axb", 1, []),
        ("Somebody else", 0, ["Nobody"]),
        ("", 0, ["x"]),
    ]
