"""What unions and employers of the demonstration have said about two systems, an agreement and a disagreement: signed
and answered by the portal's own verbs, on the days that the file names."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.ids import new_id
from portal.directory.models import Person, UnionBranch
from portal.identity.actor import Actor
from portal.identity.queries import get_actor_of
from portal.register.lifecycle.telling import Post
from portal.register.models import System
from portal.register.parts import Both
from portal.register.rules import Position
from portal.register.talks import OfferKind, UnionOffer, UnionTalk
from portal.register.terms import TalkStage
from portal.register.voices import offers, service
from portal.register.voices.models import UnionCondition
from portal.register.voices.offers import NewOffer, NewRight
from portal.register.voices.rules import EntryKind
from portal.register.voices.service import NewEntry, NewStatement, NewTalk
from portal.settings.models import Settings

FILE = Path(__file__).resolve().parent / "demo" / "voices.json"
Told = Mapping[str, Any]


class Scene:
    """One system, what its unions and employer do, and the consultation and condition that they do it about."""

    def __init__(self, session: Session, settings: Settings, short_code: str) -> None:
        self.session, self.settings = session, settings
        self.system = session.scalars(select(System).where(System.short_code == short_code)).one()
        self.talk: UnionTalk | None = None
        self.condition: UnionCondition | None = None
        self.offered: list[UnionOffer] = []

    def play(self, told: Told) -> None:
        """One act, by who does it and on its day. No letter: the day is long past."""
        on = date.fromisoformat(told["on"])
        post = Post(self.settings.vault, self.settings.public_url, datetime.combine(on, time(10), tzinfo=UTC))
        person = self.session.scalars(select(Person.id).where(Person.email == told["who"])).one()
        ACTS[told["act"]](self, get_actor_of(self.session, person, today=on), told, post)

    def branch(self, told: Told) -> str:
        return self.session.scalars(select(UnionBranch.id).where(UnionBranch.slug == told["branch"])).one()


def seed_voices(session: Session, settings: Settings) -> None:
    """Play both scenes."""
    for short_code, acts in json.loads(FILE.read_text(encoding="utf-8")).items():
        scene = Scene(session, settings, short_code)
        for told in acts:
            scene.play(told)


def _open_talk(scene: Scene, actor: Actor, told: Told, post: Post) -> None:
    new = NewTalk(new_id(), TalkStage(told["stage"]), Both(**told["text"]), date.fromisoformat(told["answers_by"]))
    scene.talk = service.open_talk(scene.session, actor, scene.system, new, post=post, tells=False)


def _close_talk(scene: Scene, actor: Actor, _told: Told, post: Post) -> None:
    if scene.talk is not None:
        service.close_talk(scene.session, actor, scene.system, scene.talk, post=post)


def _enter(scene: Scene, actor: Actor, told: Told, post: Post) -> None:
    new = NewEntry(new_id(), EntryKind(told["kind"]), post.today, Both(**told["text"]), Both())
    if scene.talk is not None:
        service.add_entry(scene.session, actor, scene.system, scene.talk, new, branch_id=None, post=post, tells=False)


def _sign(scene: Scene, actor: Actor, told: Told, post: Post) -> None:
    effects = {key: Both(**view) for key, view in told.get("effects", {}).items()}
    new = NewStatement(new_id(), Position(told["position"]), Both(**told["text"]), effects)
    service.sign(scene.session, actor, scene.system, scene.branch(told), new, post=post, tells=False)


def _respond(scene: Scene, actor: Actor, told: Told, post: Post) -> None:
    text, made = Both(**told["text"]), new_id()
    branch = scene.branch(told)
    service.respond(scene.session, actor, scene.system, branch, text, response_id=made, post=post, tells=False)


def _set_condition(scene: Scene, actor: Actor, told: Told, post: Post) -> None:
    text, due_on = Both(**told["text"]), date.fromisoformat(told["due_on"])
    scene.condition = service.set_condition(
        scene.session,
        actor,
        scene.system,
        scene.branch(told),
        text,
        due_on,
        condition_id=new_id(),
        post=post,
        tells=False,
    )


def _act_on(scene: Scene, actor: Actor, told: Told, post: Post) -> None:
    owner, done = Both(**told["owner"]), Both(**told["done"])
    if scene.condition is not None:
        service.act_on(scene.session, actor, scene.system, scene.condition, owner, done, post=post, tells=False)


def _judge(scene: Scene, actor: Actor, _told: Told, post: Post) -> None:
    if scene.condition is not None:
        service.judge(scene.session, actor, scene.system, scene.condition, is_met=True, post=post, tells=False)


def _offer(scene: Scene, actor: Actor, told: Told, post: Post) -> None:
    new = NewOffer(new_id(), OfferKind(told["kind"]), Both(**told["text"]), Both(**told["by"]), post.today)
    scene.offered = offers.offer(scene.session, actor, scene.system, new, post=post, tells=False)


def _take_up(scene: Scene, actor: Actor, told: Told, post: Post) -> None:
    own = next(one for one in scene.offered if one.branch_id == scene.branch(told))
    offers.answer_offer(scene.session, actor, scene.system, own, is_taken=True, post=post)


def _agree(scene: Scene, actor: Actor, told: Told, post: Post) -> None:
    texts = {name: Both(**told[name]) for name in ("agreement", "text", "partner")}
    days = told.get("review_working_days")
    new = NewRight(id=new_id(), link="", since=post.today, review_working_days=days, **texts)
    offers.add_right(scene.session, actor, scene.system.body_id, new, post=post)


ACTS: Mapping[str, Callable[[Scene, Actor, Told, Post], None]] = {
    "open_talk": _open_talk,
    "close_talk": _close_talk,
    "enter": _enter,
    "sign": _sign,
    "respond": _respond,
    "set_condition": _set_condition,
    "act_on": _act_on,
    "judge": _judge,
    "offer": _offer,
    "take_up": _take_up,
    "agree": _agree,
}
