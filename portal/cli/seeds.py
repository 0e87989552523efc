"""What has already happened in the demonstration: requests, reviews and one sealed concern, made by the same verbs."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from anonymity.item import About as SealedAbout
from anonymity.item import Matter as SealedMatter
from anonymity.item import SealedBy
from anonymity.plaintext import Plaintext
from anonymity.receipt import draw_code
from anonymity.reporting import Concern, raise_concern
from portal.cases.turn import Desk
from portal.concerns.queries import find_channel, get_about
from portal.concerns.reporting.service import card_of, store
from portal.concerns.rules import EMPLOYER, INDEPENDENT
from portal.core import ids
from portal.core.clock import london_day
from portal.core.text import Locale, Words
from portal.decision_review.rules import Wanted
from portal.decision_review.service import NewReview, submit
from portal.directory.models import Person
from portal.identity.actor import Actor
from portal.identity.queries import get_actor_of
from portal.register.models import System
from portal.register.queries import list_decision_points
from portal.settings.models import Settings
from portal.subject_access import service as access
from portal.subject_access.rules import Channel
from portal.subject_access.service import NewRequest, Sent
from portal.timelimits.calendar import WorkingDays

CONCERN = (
    "Ers i’r rota newydd ddechrau, mae’r system yn dyrannu dwy noson hir yn olynol i’r un tair nyrs bob wythnos. "
    "Rydym wedi dweud wrth y rheolwr ddwywaith. Mae pobl yn gwneud camgymeriadau gyda meddyginiaeth."
)


@dataclass(frozen=True, slots=True)
class Logged:
    """A request of the demonstration that came in another way than through the portal."""

    name: str
    reach: str
    wanted: str
    locale: Locale
    channel: Channel
    days_ago: int
    why_late: str
    is_begun: bool = False


ACCESS_REQUESTS = {
    "rhodri.vaughan@glannau-ogwen.example": (
        Logged(
            "Enid Mostyn",
            "Ffôn: 01632 960345",
            "Popeth y mae’r rota electronig yn ei gadw amdanaf ers mis Ionawr.",
            Locale.CY,
            Channel.PHONE,
            26,
            "Ffoniodd y ward; daeth y neges atom y bore wedyn.",
            is_begun=True,
        ),
        Logged(
            "Philip Garland",
            "By post: 4 Station Row, Llan-y-lan",
            "My sickness record and the letters about the trigger score.",
            Locale.EN,
            Channel.LETTER,
            12,
            "The letter went to the wrong department first.",
        ),
    ),
    "mair.tudur@dyffryn-cledwen.example": (
        Logged(
            "Bronwen Elias",
            "Ffôn: 01632 960378",
            "Y lleoliadau a gadwodd fy nyfais gweithio’n unigol ym mis Medi.",
            Locale.CY,
            Channel.SPOKEN,
            20,
            "Dywedodd wrth ei rheolwr; ysgrifennodd hwnnw atom drannoeth.",
            is_begun=True,
        ),
    ),
}


def seed_cases(session: Session, settings: Settings) -> dict[str, Any]:
    """Make the examples; returns what the demonstration's own notes keep (the receipt of the concern)."""
    now = settings.clock.now()
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    _review(session, desk)
    for email, requests in ACCESS_REQUESTS.items():
        _access_requests(session, desk, email, requests)
    return {"receipt": _concern(session, london_day(now))}


def _actor(session: Session, email: str, today: date) -> Actor:
    person = session.scalars(select(Person).where(Person.email == email)).one()
    return get_actor_of(session, person.id, today=today)


def _access_requests(session: Session, desk: Desk, email: str, requests: tuple[Logged, ...]) -> None:
    """Requests that reached a body by telephone and letter, written down by its officer with their true days."""
    officer = _actor(session, email, desk.today)
    for logged in requests:
        case = access.submit(
            session,
            officer,
            NewRequest(
                case_id=ids.new_id(),
                body_id=officer.body_id or "",
                wanted=Words(logged.wanted),
                is_everything=False,
                locale=logged.locale,
                answer_locale=logged.locale,
                channel=logged.channel,
                received_on=desk.today - timedelta(days=logged.days_ago),
                late_reason=Words(logged.why_late),
                name=Words(logged.name),
                reach=Words(logged.reach),
            ),
            desk=desk,
        )
        if logged.is_begun:
            access.start(session, officer, case, Sent(ids.new_id()), desk=desk)


def _review(session: Session, desk: Desk) -> None:
    gwynfor = _actor(session, "gwynfor.hughes@dyffryn-cledwen.example", desk.today)
    system = session.scalars(select(System).where(System.slug == "telematics")).one()
    point = list_decision_points(session, system.id)[0]
    submit(
        session,
        gwynfor,
        NewReview(
            case_id=ids.new_id(),
            body_id=system.body_id,
            system_id=system.id,
            decision_point_id=point.id,
            decided_on=desk.today - timedelta(days=6),
            what_happened=Words(
                "Cefais fy marcio i lawr am frecio’n galed ar Allt-y-coed. Mae gwaith ffordd yno ers mis, ac mae’r "
                "map yn dal i ddweud 40 milltir yr awr."
            ),
            wanted=(Wanted.HUMAN, Wanted.CONTEST),
            wanted_words=Words("Tynnu’r sgôr oddi ar fy nghofnod."),
            locale=Locale.CY,
            requester_person_id=gwynfor.person_id,
        ),
        desk=desk,
    )


def _concern(session: Session, today: date) -> str:
    system = session.scalars(select(System).where(System.slug == "e-rostering")).one()
    about = get_about(session, "glannau-ogwen", f"system:{system.short_code}")
    channel = find_channel(session, about, today=today)
    code = draw_code()
    submission = raise_concern(
        Concern(
            about=SealedAbout(about.body.id, SealedMatter.SYSTEM, about.subject),
            text=Plaintext(CONCERN),
            name=None,
            lang="cy",
            day=today,
            readers=tuple(card_of(one) for one in channel.readers if one.group in {EMPLOYER, INDEPENDENT}),
        ),
        code,
        sealed_by=SealedBy.SERVER,
    )
    store(session, submission, today=today)
    return " ".join(code.words("cy"))
