"""How many questions the pages that are looked at most ask their database, whatever stands in their lists.

Which index answers is asserted where the question is (``tests/cases/test_queries``, ``tests/concerns/casework``,
``tests/register/test_queries``); the desk of concerns and the page of one are counted in ``casework/test_plans``.
"""

from tests.concerns.casework.test_plans import questions
from tests.demonstrated import LLINOS, Demonstrated

BETHAN = "bethan.islwyn@glannau-ogwen.example"
QUEUES = {"/en/my/desk/access": 16, "/en/my/desk/reviews": 24, "/en/my/desk/complaints": 18}
REPORT, MOST_OF_REPORT = "/en/my/report", 13
PUBLIC = {"/en/systems/all": 3, "/en/systems": 1}


def test_the_queues_of_three_rooms_ask_so_much_and_no_more_for_a_full_page(demonstrated: Demonstrated) -> None:
    engine = demonstrated.app.state.database.engine
    with demonstrated.signed_in(BETHAN) as officer:
        for address, most in QUEUES.items():
            officer.get(address)
            with questions(engine) as of_all:
                assert officer.get(address).status_code == 200
            with questions(engine) as of_few:
                assert officer.get(f"{address}?handler=nobody&within=1").status_code == 200
            assert len(of_few) <= len(of_all) <= most, address


def test_a_quarters_report_asks_so_much_whatever_it_tells(demonstrated: Demonstrated) -> None:
    engine = demonstrated.app.state.database.engine
    with demonstrated.signed_in(LLINOS) as reader:
        reader.get(REPORT)
        with questions(engine) as of_last:
            assert reader.get(REPORT).status_code == 200
    assert len(of_last) <= MOST_OF_REPORT


def test_public_pages_ask_little_and_nothing_when_nothing_changed(demonstrated: Demonstrated) -> None:
    engine = demonstrated.app.state.database.engine
    with demonstrated.visiting(demonstrated.app) as visitor:
        for address, most in PUBLIC.items():
            visitor.get(address)
            with questions(engine) as of_new:
                assert visitor.get(f"{address}?n=1").status_code == 200
            assert len(of_new) <= most, address
            with questions(engine) as of_known:
                assert visitor.get(f"{address}?n=1").status_code == 200
            assert of_known == [], address
