"""From which pages a form is taken: our own, by the address of the settings or the one asked for, in our own scheme."""

from dataclasses import replace

import pytest

from tests.demonstrated import Demonstrated

HOST = "127.0.0.1:8000"


@pytest.mark.parametrize(
    ("tls", "origin", "is_taken"),
    [
        (False, f"http://{HOST}", True), (False, f"https://{HOST}", False), (False, "https://porth.example", True),
        (True, f"https://{HOST}", True), (True, f"http://{HOST}", False), (True, "https://porth.example", True),
        (True, "http://porth.example", False), (True, "null", False),
        (True, "https://porth.example.evil.example", False),
    ],
)  # fmt: skip
def test_a_page_that_came_without_tls_sends_no_form_to_one_with_it(
    demonstrated: Demonstrated, tls: bool, origin: str, is_taken: bool
) -> None:
    """Whoever sits on the way could write such a page, and sign somebody in as somebody else."""
    changed = demonstrated.settings.model_copy(update={"tls": tls, "public_url": "https://porth.example"})
    with replace(demonstrated, settings=changed).visiting() as visitor:
        answer = visitor.client.post("/en/case", data={"words": "x"}, headers={"origin": origin})
    assert (answer.status_code != 403) is is_taken
