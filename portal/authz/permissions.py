"""Every permission with one line of meaning, and the whole policy on one screen.

A permission without a subject asks «is this page for somebody like you at all»; which rows they then see is the WHERE
clause of ``cases.queries.readable``. A permission with a body or system asks about that one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from portal.directory.rules import BODY_READERS, BRANCH_READERS, OUTSIDE_THE_LINE, RoleName
from portal.identity.actor import Actor, Holding
from portal.identity.rules import AccountKind


class Permission(StrEnum):
    """What somebody may do; the value is its name in logs."""

    SIGNED_IN = "signed_in"  # see and change what is one's own: profile, own cases, own systems
    MAKE_REQUEST = "make_request"  # ask for one's data or a review with a staff account
    ACCESS_QUEUE = "access_queue"  # see and work on a body's access requests
    LOG_FOR_OTHERS = "log_for_others"  # write down a request that reached the body another way
    REVIEW_DESK = "review_desk"  # see the reviews one is assigned to, or may assign
    REVIEW_DECIDE = "review_decide"  # decide a review one is assigned to
    REVIEW_ASSIGN = "review_assign"  # offer a review to an independent reviewer
    REVIEW_HOLDS = "review_holds"  # say whether the effect of a decision waits, for systems one is responsible for
    COMPLAINT_QUEUE = "complaint_queue"  # work on the data protection complaints of a body
    COMPLAINT_DESK = "complaint_desk"  # open the complaints one works on: as an officer, or given one by name
    CONCERNS_DESK = "concerns_desk"  # hold keys, open concerns one was granted
    REGISTER_EDIT = "register_edit"  # write the body's register
    REGISTER_QUESTIONS = "register_questions"  # answer for a body which tools it uses, or read the answer as the second
    REGISTER_DESK = "register_desk"  # see the life of a body's systems and take the steps of one's role
    UNION_WORKSPACE = "union_workspace"  # the union's own work room: mandates, who is near, what was handed over
    UNION_VOICE = "union_voice"  # sign what one's own union branch says of a system
    EMPLOYER_VOICE = "employer_voice"  # answer the unions for the employer
    CONSULTATIONS = "consultations"  # read and export what both sides recorded of their talks
    REPORT_READ = "report_read"  # read the quarterly report of a body
    REPORT_SIGN = "report_sign"  # write or sign what the quarterly report says beside its figures
    KEEP_HELP = "keep_help"  # write and approve a body's list of other places that can help
    ADMINISTER = "administer"  # a body's people, roles and settings
    ADMINISTER_BRANCH = "administer_branch"  # a union branch's representatives
    UNSENT_LETTERS = "unsent_letters"  # to whom of one's own body or branch no letter could be delivered


@dataclass(frozen=True, slots=True)
class Subject:
    """What a permission is asked about; empty fields are not asked."""

    body_id: str | None = None
    branch_id: str | None = None
    system_id: str | None = None


Predicate = Callable[[Actor, Subject], bool]


SIGNERS_OF_REPORTS = (RoleName.RESPONSIBLE_MANAGER, *OUTSIDE_THE_LINE, *BRANCH_READERS)
READERS_OF_REPORTS = (
    *SIGNERS_OF_REPORTS,
    RoleName.DATA_PROTECTION_OFFICER,
    RoleName.SENIOR_INFORMATION_RISK_OWNER,
)


KEEPERS_OF_HELP = (RoleName.ADMINISTRATOR, RoleName.INDEPENDENT_OFFICER, RoleName.DATA_PROTECTION_OFFICER)


def anybody_signed_in(_actor: Actor, _subject: Subject) -> bool:
    """Every live account."""
    return True


def staff_account(actor: Actor, _subject: Subject) -> bool:
    """A person of the employer; a representative's account belongs to the union."""
    return actor.kind is AccountKind.STAFF


def holding(*roles: RoleName) -> Predicate:
    """Holds one of the roles, for the subject's body, branch and system as far as they are asked."""

    def predicate(actor: Actor, subject: Subject) -> bool:
        return any(held.role in roles and _covers(held, subject) for held in actor.holdings)

    return predicate


def _covers(held: Holding, subject: Subject) -> bool:
    in_branch = subject.branch_id is None or held.branch_id == subject.branch_id
    return in_branch and held.covers(body_id=subject.body_id, system_id=subject.system_id)


POLICY: dict[Permission, tuple[Predicate, ...]] = {
    Permission.SIGNED_IN: (anybody_signed_in,),
    Permission.MAKE_REQUEST: (staff_account,),
    Permission.ACCESS_QUEUE: (holding(RoleName.DATA_PROTECTION_OFFICER, RoleName.REQUEST_HANDLER),),
    Permission.LOG_FOR_OTHERS: (
        holding(RoleName.DATA_PROTECTION_OFFICER, RoleName.REQUEST_HANDLER, RoleName.RESPONSIBLE_MANAGER),
    ),
    Permission.REVIEW_DESK: (holding(RoleName.REVIEWER, RoleName.DATA_PROTECTION_OFFICER, RoleName.REQUEST_HANDLER),),
    Permission.REVIEW_DECIDE: (holding(RoleName.REVIEWER),),
    Permission.REVIEW_ASSIGN: (holding(RoleName.DATA_PROTECTION_OFFICER, RoleName.REQUEST_HANDLER),),
    Permission.REVIEW_HOLDS: (holding(RoleName.RESPONSIBLE_MANAGER),),
    Permission.COMPLAINT_QUEUE: (holding(RoleName.DATA_PROTECTION_OFFICER, RoleName.REQUEST_HANDLER),),
    Permission.COMPLAINT_DESK: (staff_account,),
    Permission.CONCERNS_DESK: (holding(*BODY_READERS, *BRANCH_READERS),),
    Permission.REGISTER_EDIT: (holding(RoleName.REGISTER_EDITOR),),
    Permission.REGISTER_QUESTIONS: (holding(RoleName.REGISTER_EDITOR, RoleName.DATA_PROTECTION_OFFICER),),
    Permission.REGISTER_DESK: (
        holding(RoleName.REGISTER_EDITOR, RoleName.RESPONSIBLE_MANAGER, RoleName.DATA_PROTECTION_OFFICER),
        holding(RoleName.OFF_SWITCH_HOLDER, RoleName.UNION_REPRESENTATIVE),
    ),
    Permission.UNION_WORKSPACE: (holding(*BRANCH_READERS),),
    Permission.UNION_VOICE: (holding(RoleName.UNION_REPRESENTATIVE),),
    Permission.EMPLOYER_VOICE: (holding(RoleName.REGISTER_EDITOR, RoleName.RESPONSIBLE_MANAGER),),
    Permission.CONSULTATIONS: (
        holding(RoleName.REGISTER_EDITOR, RoleName.RESPONSIBLE_MANAGER, RoleName.UNION_REPRESENTATIVE),
    ),
    Permission.REPORT_READ: (holding(*READERS_OF_REPORTS),),
    Permission.REPORT_SIGN: (holding(*SIGNERS_OF_REPORTS),),
    Permission.KEEP_HELP: (holding(*KEEPERS_OF_HELP),),
    Permission.ADMINISTER: (holding(RoleName.ADMINISTRATOR),),
    Permission.ADMINISTER_BRANCH: (holding(RoleName.UNION_ADMINISTRATOR),),
    Permission.UNSENT_LETTERS: (holding(RoleName.ADMINISTRATOR, RoleName.UNION_ADMINISTRATOR),),
}
"""A permission is given when any clause of its row holds."""


def permits(actor: Actor, permission: Permission, subject: Subject | None = None) -> bool:
    """Whether the actor has the permission, for the subject if one is named."""
    asked = subject or Subject()
    return any(clause(actor, asked) for clause in POLICY[permission])
