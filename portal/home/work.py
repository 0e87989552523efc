"""The desks of somebody's duties, as «my cases» lists them."""

from datetime import date

from sqlalchemy.orm import Session

from portal.authz.permissions import Permission, permits
from portal.cases.passing_on import list_to_take_back
from portal.complaints.queries import count_own_work, works_by_name
from portal.core.text import Message, msg, nmsg
from portal.decision_review.evidence.queries import list_own_packs
from portal.decision_review.outcome.chairs import list_panels
from portal.decision_review.outcome.queries import list_own_remedies
from portal.decision_review.reviewing.queries import list_own_questions
from portal.identity.actor import Actor
from portal.subject_access.officer.queries import count_to_search

WORK = (
    (
        Permission.ACCESS_QUEUE,
        (msg("Access requests"), "/my/desk/access", msg("Requests for a copy of data, by the day they are due")),
    ),
    (
        Permission.REVIEW_DESK,
        (msg("Reviews"), "/my/desk/reviews", msg("Decisions that somebody asked a person to look at again")),
    ),
    (
        Permission.COMPLAINT_QUEUE,
        (
            msg("Data-protection complaints"),
            "/my/desk/complaints",
            msg("What somebody says was done wrong with their data, with both days"),
        ),
    ),
    (
        Permission.REVIEW_HOLDS,
        (msg("Does the effect wait?"), "/my/holds", msg("Decisions whose effect a worker wants to wait, by the day")),
    ),
    (
        Permission.REVIEW_HOLDS,
        (
            msg("What is put right in my systems"),
            "/my/managed",
            msg("What reviews found must be put right, by whom and by when"),
        ),
    ),
    (
        Permission.CONCERNS_DESK,
        (msg("Concerns"), "/my/concerns", msg("Sealed concerns that were granted to you")),
    ),
    (
        Permission.UNION_WORKSPACE,
        (
            msg("My union’s work room"),
            "/my/union",
            msg("Mandates that end, who is near to you, and what was handed over"),
        ),
    ),
    (
        Permission.REGISTER_EDIT,
        (
            msg("Corrections of the register"),
            "/my/desk/register/corrections",
            msg("What somebody says is wrong, by the day by which to answer"),
        ),
    ),
    (
        Permission.REGISTER_QUESTIONS,
        (
            msg("Tools people asked about"),
            "/my/desk/register/questions",
            msg("What is used and not in the register, by the day by which to answer"),
        ),
    ),
    (
        Permission.REGISTER_DESK,
        (
            msg("Systems and their life"),
            "/my/desk/register",
            msg("Where each system stands, what is missing, and what comes next"),
        ),
    ),
    (
        Permission.REPORT_READ,
        (
            msg("Quarterly report"),
            "/my/report",
            msg("Figures for the joint forum and the board, the same for employer and unions"),
        ),
    ),
    (
        Permission.UNION_VOICE,
        (
            msg("Systems and my branch’s voice"),
            "/my/union/systems",
            msg("What waits for your branch’s answer, and what both sides said"),
        ),
    ),
    (
        Permission.CONSULTATIONS,
        (
            msg("Record of consultation"),
            "/my/desk/register/consultations",
            msg("What was consulted about and signed, for the yearly report"),
        ),
    ),
    (
        Permission.REGISTER_EDIT,
        (
            msg("Rights agreed with the unions"),
            "/my/desk/register/rights",
            msg("What is agreed beyond the law, as staff read it"),
        ),
    ),
    (
        Permission.ADMINISTER,
        (
            msg("Complaints about the data protection team"),
            "/my/desk/complaints/named",
            msg("Who handles them: an officer of another body, or a deputy"),
        ),
    ),
    (
        Permission.ADMINISTER,
        (
            msg("Who hears of late access requests"),
            "/my/desk/access/board",
            msg("Addresses at the top of the body that get a letter before a day is missed"),
        ),
    ),
    (
        Permission.KEEP_HELP,
        (
            msg("Other places that can help"),
            "/my/admin/help",
            msg("The list that staff see: write a change, or approve one"),
        ),
    ),
    (
        Permission.ADMINISTER,
        (msg("Administration"), "/my/admin", msg("People, roles and settings of the body")),
    ),
    (
        Permission.ADMINISTER_BRANCH,
        (msg("The branch’s representatives"), "/my/admin/branches", msg("Accounts of the union’s representatives")),
    ),
)
SEARCHING = msg("Places where somebody’s data may lie, by the day they are due; and when you are away")
ASKED = msg("Questions about somebody’s data, and what was promised to be put right, by their day")
TO_PUT_RIGHT = msg("After a review of a decision, by the day by which it has to be done")
TO_HAND_OVER = msg("Of decisions that somebody wants looked at again, by the day they are due")
TO_ANSWER = msg("What a reviewer wants to know from you about a decision")
TO_DECIDE = msg("Reviews whose worker was not satisfied, by the day they are due")
TO_TAKE_BACK = msg("Take back what you want to work on yourself, or leave it where it is")
BY_NAME = msg("About a body’s own data protection team: you are named to handle them")


def work_of(actor: Actor, session: Session, *, today: date) -> list[tuple[Message, str, Message]]:
    """The desks of somebody's duties; on top what they have to search, if they search at all."""
    work = [line for permission, line in WORK if permits(actor, permission)]
    number = count_to_search(session, actor)
    asked = count_own_work(session, actor)
    if asked is not None:
        title = nmsg("What I am asked in complaints: {n}", "What I am asked in complaints: {n}", asked)
        work.insert(0, (title, "/my/enquiries", ASKED))
    if not permits(actor, Permission.COMPLAINT_QUEUE) and works_by_name(session, actor):
        work.insert(0, (msg("Complaints given to me by name"), "/my/desk/complaints", BY_NAME))
    waiting = (
        (list_own_remedies(session, actor), (msg("What I have to put right"), "/my/remedies", TO_PUT_RIGHT)),
        (list_own_packs(session, actor), (msg("What records I am asked for"), "/my/records", TO_HAND_OVER)),
        (list_own_questions(session, actor), (msg("Questions of reviewers"), "/my/questions", TO_ANSWER)),
        (
            list_to_take_back(session, actor),
            (msg("What went to colleagues while you were away"), "/my/back", TO_TAKE_BACK),
        ),
        (
            list_panels(session, actor, today=today),
            (msg("Second stages that I decide"), "/my/panels", TO_DECIDE),
        ),
    )
    for found, line in waiting:
        if found:
            work.insert(0, line)
    if number is None:
        return work
    title = nmsg("What I have to search: {n} place", "What I have to search: {n} places", number)
    return [(title, "/my/tasks", SEARCHING), *work]
