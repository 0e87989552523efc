"""What was typed comes back to the same account and to no other."""

import base64

import pytest

from portal.account.resume import local_path, open_resume, seal_resume
from portal.core.vault import Vault

TYPED = [
    ("what", "Newidiwyd fy sifft’n sydyn"),
    ("what", "eto"),
    ("csrf", "t"),
    ("new_password", "p"),
    ("password", "q"),
]


def test_the_same_account_gets_its_fields_again_without_passwords_and_token(vault: Vault) -> None:
    sealed = seal_resume(vault, "sian", "/cy/my/access/new", TYPED)
    resumed = open_resume(vault, "sian", sealed)
    assert resumed is not None
    assert resumed.path == "/cy/my/access/new"
    assert resumed.fields == tuple(TYPED[:2])
    assert "sifft" not in repr(resumed)


def test_another_account_and_a_changed_token_open_nothing(vault: Vault) -> None:
    sealed = seal_resume(vault, "sian", "/cy/my/access/new", TYPED)
    assert open_resume(vault, "gwen", sealed) is None
    changed = bytearray(base64.urlsafe_b64decode(sealed))
    changed[-1] ^= 1
    assert open_resume(vault, "sian", base64.urlsafe_b64encode(bytes(changed)).decode()) is None
    for nonsense in ("", "x", "é", "AAAA", sealed[:-5]):
        assert open_resume(vault, "sian", nonsense) is None


@pytest.mark.parametrize("path", ["/cy/concern", "//evil.example/my", "/en/my/../x?y", "https://evil.example/en/my"])
def test_only_paths_of_the_signed_in_area_are_sealed(vault: Vault, path: str) -> None:
    assert seal_resume(vault, "sian", path, TYPED) == "" or ".." in path


def test_a_long_text_fits_into_the_form_again(vault: Vault) -> None:
    text = "Mae’r rota newydd yn golygu fy mod yn gweithio dwy shifft yn olynol. " * 500
    assert len(seal_resume(vault, "sian", "/cy/my/review/new", [("facts", text)])) < 20_000


@pytest.mark.parametrize(
    "asked", ["/my", "/my/cases/AC-7K2M-93QX", "/my/a..b/...", "/my/desk/access?after=abc_-&state=open"]
)
def test_a_local_path_is_kept(asked: str) -> None:
    assert local_path(asked) == asked


@pytest.mark.parametrize(
    "asked",
    ["", "/", "//evil.example", "/my//evil", "https://evil.example", "/mystery", "/my/a\r\nset-cookie: x", "/my/<b>",
     "/cy/my", "\\\\evil", "/my/" + "a" * 500, "/my?next=https://x",
     "/my/../../choose", "/my/..", "/my/./x", "/my/..?a=b"],
)  # fmt: skip
def test_everything_else_is_not(asked: str) -> None:
    assert local_path(asked) == ""
