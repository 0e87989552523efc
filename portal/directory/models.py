"""The tables of the directory. A period runs from its first day up to, and without, the day it ended on."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id
from portal.core.db import Base
from portal.directory.rules import (
    SYSTEM_ROLES,
    UNION_ROLES,
    AwaySource,
    BodyKind,
    EngagementKind,
    HelpKind,
    Matter,
    Prescribed,
    RoleName,
)

PERIOD = "ended_on IS NULL OR ended_on >= started_on"
SYSTEM_ROLE = ", ".join(f"'{role.value}'" for role in sorted(SYSTEM_ROLES))
UNION_ROLE = ", ".join(f"'{role.value}'" for role in sorted(UNION_ROLES))


def words_of(words: type[StrEnum], name: str, *, is_told: bool = True) -> Enum:
    """A column that holds one of the words, told to the database by a CHECK of that name.

    A column that came to a table later is not told: going back to an older revision could not take the CHECK away.
    """
    return Enum(
        words,
        name=name,
        native_enum=False,
        create_constraint=is_told,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


class Body(Base):
    """A public body: an employer, a controller, and the owner of the texts that its footer pages show.

    ``networks`` are the address ranges of its own network, one a line: a visitor of the anonymous pages who comes from
    there is warned.
    """

    __tablename__ = "bodies"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name_cy: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    kind: Mapped[BodyKind] = mapped_column(words_of(BodyKind, "kind"))
    accessibility_contact_cy: Mapped[str] = mapped_column(Text, default="")
    accessibility_contact_en: Mapped[str] = mapped_column(Text, default="")
    dpo_contact_cy: Mapped[str] = mapped_column(Text, default="")
    dpo_contact_en: Mapped[str] = mapped_column(Text, default="")
    welsh_contact_cy: Mapped[str] = mapped_column(Text, default="")
    welsh_contact_en: Mapped[str] = mapped_column(Text, default="")
    networks: Mapped[str] = mapped_column(Text, default="")


class Workplace(Base):
    """A place of work of a body; a ward lies in its hospital by ``parent_id``."""

    __tablename__ = "workplaces"
    __table_args__ = (
        UniqueConstraint("body_id", "slug", name="uq_workplaces_body_slug"),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_its_own_parent"),
    )

    id: Mapped[Id]
    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"))
    parent_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("workplaces.id"), index=True)
    slug: Mapped[str] = mapped_column(String(60))
    name_cy: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))


class StaffGroup(Base):
    """A group of staff as its body names it: nursing, refuse."""

    __tablename__ = "staff_groups"
    __table_args__ = (UniqueConstraint("body_id", "code", name="uq_staff_groups_body_code"),)

    id: Mapped[Id]
    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"))
    code: Mapped[str] = mapped_column(String(60))
    name_cy: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))


class Person(Base):
    """Somebody who works for a body, or (with no body) who represents a union's members.

    ``slug`` is the name an imported row goes by; somebody invited by hand has none. ``locale`` is the language
    they chose for messages, None while nobody has asked them.
    """

    __tablename__ = "persons"
    __table_args__ = (CheckConstraint("locale IN ('cy', 'en')", name="locale"),)

    id: Mapped[Id]
    body_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("bodies.id"), index=True)
    slug: Mapped[str | None] = mapped_column(String(60), unique=True)
    display_name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    locale: Mapped[str | None] = mapped_column(String(2))


class Engagement(Base):
    """One engagement of one person with one body: a person may have several, in several bodies.

    ``manager_person_id`` is whom they answer to in it. No page shows it: the rule book alone asks, so that nothing
    about somebody goes one level up or down.
    """

    __tablename__ = "engagements"
    __table_args__ = (
        CheckConstraint(PERIOD, name="period"),
        UniqueConstraint(
            "person_id", "workplace_id", "staff_group_id", "kind", "started_on", name="uq_engagements_one_of_each"
        ),
    )

    id: Mapped[Id]
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"), index=True)
    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"), index=True)
    workplace_id: Mapped[str] = mapped_column(String(26), ForeignKey("workplaces.id"), index=True)
    staff_group_id: Mapped[str] = mapped_column(String(26), ForeignKey("staff_groups.id"), index=True)
    kind: Mapped[EngagementKind] = mapped_column(words_of(EngagementKind, "kind"))
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    manager_person_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("persons.id"), index=True)


class Union(Base):
    """A trade union."""

    __tablename__ = "unions"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))


class UnionBranch(Base):
    """A branch of a union, to which its representatives belong."""

    __tablename__ = "union_branches"

    id: Mapped[Id]
    union_id: Mapped[str] = mapped_column(String(26), ForeignKey("unions.id"), index=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name_cy: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))


class BranchRecognition(Base):
    """A body recognises a branch: its workers may ask that branch to stand beside them."""

    __tablename__ = "branch_recognitions"

    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"), primary_key=True)
    branch_id: Mapped[str] = mapped_column(String(26), ForeignKey("union_branches.id"), primary_key=True, index=True)


class RoleHolding(Base):
    """Somebody holds a role, for a body or for a union branch, perhaps as a deputy, perhaps for one system only.

    ``system_slug`` names the system as the register's file does; ``system_id`` is its row once the register has it
    (``service.link_systems``), since the directory comes first.
    """

    __tablename__ = "role_holdings"
    __table_args__ = (
        CheckConstraint(PERIOD, name="period"),
        CheckConstraint(
            f"(role IN ({UNION_ROLE}) AND branch_id IS NOT NULL AND body_id IS NULL)"
            f" OR (role NOT IN ({UNION_ROLE}) AND body_id IS NOT NULL AND branch_id IS NULL)",
            name="body_or_branch",
        ),
        CheckConstraint(f"system_slug IS NULL OR role IN ({SYSTEM_ROLE})", name="system_of_a_system_role"),
        CheckConstraint("system_id IS NULL OR system_slug IS NOT NULL", name="linked_by_slug"),
        Index("ix_role_holdings_body_role", "body_id", "role"),
        Index("ix_role_holdings_branch_role", "branch_id", "role"),
    )

    id: Mapped[Id]
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"), index=True)
    role: Mapped[RoleName] = mapped_column(words_of(RoleName, "role"))
    body_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("bodies.id"))
    branch_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("union_branches.id"))
    system_slug: Mapped[str | None] = mapped_column(String(60))
    system_id: Mapped[str | None] = mapped_column(String(26), index=True)
    post_cy: Mapped[str] = mapped_column(String(200), default="")
    post_en: Mapped[str] = mapped_column(String(200), default="")
    is_deputy: Mapped[bool] = mapped_column(default=False)
    shown_by_name: Mapped[bool] = mapped_column(default=False)
    started_on: Mapped[date]
    ended_on: Mapped[date | None]


class Absence(Base):
    """Somebody is away, last day included: what would come to them goes to their deputy at once."""

    __tablename__ = "absences"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="period"),
        Index("ix_absences_person", "person_id", "until_on"),
    )

    id: Mapped[Id]
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    source: Mapped[AwaySource] = mapped_column(
        words_of(AwaySource, "source", is_told=False), default=AwaySource.SELF, server_default=AwaySource.SELF.value
    )


class OnCallNumber(Base):
    """The telephone number of somebody on call: shown to whoever reports that people are in danger."""

    __tablename__ = "on_call_numbers"

    holding_id: Mapped[str] = mapped_column(String(26), ForeignKey("role_holdings.id"), primary_key=True)
    telephone: Mapped[str] = mapped_column(String(40))


class RepresentativeTie(Base):
    """A union's representative is near to somebody: of one household, or in one line. Only the rule book reads it, and
    only the representative sees it."""

    __tablename__ = "representative_ties"
    __table_args__ = (CheckConstraint("person_id <> tied_person_id", name="two_people"),)

    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"), primary_key=True)
    tied_person_id: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"), primary_key=True, index=True)
    declared_on: Mapped[date]


class MatterSeat(Base):
    """Who receives concerns about one matter of a body: an officer for named matters, in the order of ``place``."""

    __tablename__ = "matter_seats"
    __table_args__ = (Index("ix_matter_seats_body", "body_id", "matter", "place"),)

    holding_id: Mapped[str] = mapped_column(String(26), ForeignKey("role_holdings.id"), primary_key=True)
    matter: Mapped[Matter] = mapped_column(words_of(Matter, "matter"), primary_key=True)
    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"))
    place: Mapped[int] = mapped_column(default=0)


class BodyProcedure(Base):
    """Whether a body has authorised the portal as a procedure for disclosures (Employment Rights Act 1996, s. 43C(2)).

    No row: nobody has said. ``words`` are what staff read about it; ``signed_by`` is who decided it for the body.
    """

    __tablename__ = "body_procedures"
    __table_args__ = (
        CheckConstraint(
            "NOT is_authorised OR (since IS NOT NULL AND words_cy <> '' AND words_en <> ''"
            " AND signed_by_cy <> '' AND signed_by_en <> '')",
            name="authorised_in_words",
        ),
    )

    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"), primary_key=True)
    is_authorised: Mapped[bool]
    words_cy: Mapped[str] = mapped_column(Text, default="")
    words_en: Mapped[str] = mapped_column(Text, default="")
    signed_by_cy: Mapped[str] = mapped_column(String(200), default="")
    signed_by_en: Mapped[str] = mapped_column(String(200), default="")
    since: Mapped[date | None]
    told_on: Mapped[date]


class HelpEntry(Base):
    """One line of a body's list of other places that can help: live from the day on which a second person approved it.

    A change is a new line that ``replaces_id`` names; approved, it takes the old one's place. One that ``removes`` only
    ends it. What the body took over from the portal's own list has neither a writer nor an approver. ``checked_on``:
    when somebody last compared it with what the place itself says; None while nobody has.
    """

    __tablename__ = "help_entries"
    __table_args__ = (
        CheckConstraint("approved_by IS NULL OR written_by IS NULL OR approved_by <> written_by", name="two_people"),
        CheckConstraint("approved_on IS NOT NULL OR written_by IS NOT NULL", name="proposed_by_somebody"),
        CheckConstraint("NOT removes OR replaces_id IS NOT NULL", name="removes_something"),
        Index("ix_help_entries_body", "body_id", "ended_on", "place"),
    )

    id: Mapped[Id]
    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"))
    kind: Mapped[HelpKind] = mapped_column(words_of(HelpKind, "kind"))
    name_cy: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    for_cy: Mapped[str] = mapped_column(Text)
    for_en: Mapped[str] = mapped_column(Text)
    contact_cy: Mapped[str] = mapped_column(Text, default="")
    contact_en: Mapped[str] = mapped_column(Text, default="")
    link: Mapped[str] = mapped_column(String(300), default="")
    prescribed: Mapped[Prescribed] = mapped_column(words_of(Prescribed, "prescribed"), default=Prescribed.NO)
    source: Mapped[str] = mapped_column(String(300), default="")
    checked_on: Mapped[date | None]
    place: Mapped[int] = mapped_column(default=0)
    removes: Mapped[bool] = mapped_column(default=False)
    replaces_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("help_entries.id"), index=True)
    written_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("persons.id"), index=True)
    approved_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("persons.id"), index=True)
    written_on: Mapped[date]
    approved_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    reminded_on: Mapped[date | None]
