"""Choices of a list that somebody saved under a name: each person's own, for the list of one kind of case."""

from collections.abc import Sequence

from sqlalchemy import ForeignKey, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.cases.rules import CaseKind
from portal.core import ids
from portal.core.columns import Id
from portal.core.db import Base
from portal.core.errors import NotFound, Refused
from portal.core.text import pmsg
from portal.identity.actor import Actor

MOST_VIEWS = 30
TOO_MANY_VIEWS = pmsg("error", "You have saved as many choices as can be kept. Delete one first")


class SavedView(Base):
    """A filter of a list under a name, for the person who saved it."""

    __tablename__ = "access_saved_views"
    __table_args__ = (UniqueConstraint("account_id", "kind", "name", name="uq_access_saved_views_account_name"),)

    id: Mapped[Id]
    account_id: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"))
    kind: Mapped[str] = mapped_column(String(40), server_default=CaseKind.ACCESS.value)
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(400))


def list_views(session: Session, actor: Actor, kind: CaseKind) -> Sequence[SavedView]:
    """What somebody saved of one list, by name."""
    mine = select(SavedView).where(SavedView.account_id == actor.account_id, SavedView.kind == kind.value)
    return session.scalars(mine.order_by(SavedView.name)).all()


def save_view(session: Session, actor: Actor, kind: CaseKind, name: str, query: str) -> SavedView:
    """Keep what is shown under a name; the same name again replaces it."""
    mine = select(SavedView).where(SavedView.account_id == actor.account_id, SavedView.kind == kind.value)
    found = session.scalars(mine.where(SavedView.name == name)).one_or_none()
    if found is None:
        if (session.scalar(select(func.count()).select_from(mine.subquery())) or 0) >= MOST_VIEWS:
            raise Refused(TOO_MANY_VIEWS)
        found = SavedView(id=ids.new_id(), account_id=actor.account_id, kind=kind.value, name=name)
        session.add(found)
    found.query = query
    session.flush()
    return found


def delete_view(session: Session, actor: Actor, kind: CaseKind, view_id: str) -> None:
    """Forget a saved choice. Another's is NotFound."""
    found = session.get(SavedView, view_id)
    if found is None or found.account_id != actor.account_id or found.kind != kind.value:
        raise NotFound
    session.delete(found)
