"""The receipt of a concern belongs on another page: this one sends what is typed to the server."""

import pytest

from tests.demonstrated import Demonstrated

SAID = {"cy": "Peidiwch â theipio geiriau derbyn pryder yma", "en": "Do not type the receipt of a concern here"}


@pytest.mark.parametrize("locale", ["cy", "en"])
def test_before_the_words_are_typed_the_page_says_which_do_not_belong_here(
    demonstrated: Demonstrated, locale: str
) -> None:
    with demonstrated.visiting() as visitor:
        page = visitor.get(f"/{locale}/case").text
    field = page.index("<textarea")
    assert page.index(SAID[locale]) < page.index(f'href="/{locale}/concern/return"') < field
