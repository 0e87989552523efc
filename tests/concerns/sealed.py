"""Concerns as devices seal them, for a demonstration's own channel."""

from anonymity.item import About as SealedAbout
from anonymity.item import Matter, SealedBy
from anonymity.plaintext import Plaintext
from anonymity.receipt import Code, draw_code
from anonymity.reporting import Concern, raise_concern
from portal.concerns.queries import find_channel, get_about
from portal.concerns.reporting.service import card_of
from tests.demonstrated import BODY, Demonstrated


def sealed_concerns(world: Demonstrated, count: int, text: str = "Mae’r rota’n beryglus") -> list[tuple[Code, bytes]]:
    """Codes, and what a device sends for each."""
    today = world.settings.clock.today()
    with world.database.reading() as session:
        about = get_about(session, BODY, f"system:{world.code_of('e-rostering')}")
        readers = tuple(card_of(reader) for reader in find_channel(session, about, today=today).readers)
        sealed_about = SealedAbout(about.body.id, Matter.SYSTEM, about.subject)
    concern = Concern(sealed_about, Plaintext(text), None, "cy", today, readers, ())
    codes = [draw_code() for _ in range(count)]
    return [(code, raise_concern(concern, code, sealed_by=SealedBy.DEVICE).to_json()) for code in codes]
