"""A union branch's own administrator: its representatives, whose accounts no employer's administrator can see."""

from fastapi import APIRouter
from starlette.responses import Response

from portal.administration import forms, queries, service
from portal.administration.forms import Offered
from portal.administration.inviting import post_of, show_invited
from portal.authz.permissions import Permission
from portal.core.errors import Conflict, Refused
from portal.core.ids import new_id
from portal.core.text import pmsg
from portal.directory import queries as directory
from portal.directory.models import Person, UnionBranch
from portal.directory.rules import BRANCH_READERS, RoleName
from portal.directory.service import RoleOffer
from portal.directory.titles import role_title
from portal.identity import queries as identity
from portal.web.anonymous import Fields, Read, Write
from portal.web.dependencies import SignedIn, SignedVisit, requires
from portal.web.forms import Problems, choice, form_id
from portal.web.rendering import redirect, render

router = APIRouter()

BRANCHES = "/my/admin/branches"
ADMINISTER = requires(Permission.ADMINISTER_BRANCH)


@router.get("/my/admin/branches", dependencies=[ADMINISTER])
def choose_branch(visit: SignedVisit, session: Read) -> Response:
    branches = queries.list_own_branches(session, visit.actor)
    if len(branches) == 1:
        return redirect(visit, f"{BRANCHES}/{branches[0].slug}")
    return render(visit, "administration/branches.html", branches=branches)


@router.get("/my/admin/branches/{slug}", dependencies=[ADMINISTER])
def representatives(visit: SignedVisit, session: Read, slug: str) -> Response:
    branch = queries.get_own_branch(session, visit.actor, slug)
    entries = queries.list_representatives(session, branch, today=visit.today)
    held = {role.role for entry in entries for role in entry.roles if role.branch_id == branch.id}
    return render(
        visit,
        "administration/branch.html",
        branch=branch,
        entries=entries,
        missing=[role_title(role) for role in BRANCH_READERS if role not in held],
        role_title=role_title,
    )


@router.get("/my/admin/branches/{slug}/invite", dependencies=[ADMINISTER])
def ask_whom_to_invite(visit: SignedVisit, session: Read, slug: str) -> Response:
    return _invite_page(visit, queries.get_own_branch(session, visit.actor, slug))


@router.post("/my/admin/branches/{slug}/invite", dependencies=[ADMINISTER])
def invite(visit: SignedVisit, session: Write, fields: Fields, slug: str) -> Response:
    branch = queries.get_own_branch(session, visit.actor, slug)
    asked = forms.read_invitation(fields, Offered())
    if asked.problems:
        return _invite_page(visit, branch, fields=fields, problems=asked.problems)
    try:
        with session.begin_nested():
            post = post_of(visit, fields, asked.purpose)
            invited = service.invite_representative(session, visit.actor, branch, asked.newcomer, post, now=visit.now)
    except Conflict as clash:
        return _invite_page(visit, branch, fields=fields, problems=Problems(email=clash.message))
    return show_invited(visit, invited, f"{BRANCHES}/{slug}")


def _invite_page(
    visit: SignedIn, branch: UnionBranch, *, fields: Fields | None = None, problems: Problems | None = None
) -> Response:
    return render(
        visit,
        "administration/invite_representative.html",
        problems=problems,
        branch=branch,
        given=(lambda name: fields.one(name) if fields else ""),
        form_id=(form_id(fields) if fields else "") or new_id(),
    )


@router.get("/my/admin/branches/{slug}/people/{person_id}", dependencies=[ADMINISTER])
def representative(visit: SignedVisit, session: Read, slug: str, person_id: str) -> Response:
    branch = queries.get_own_branch(session, visit.actor, slug)
    someone = queries.get_member_of(session, person_id, branch=branch, today=visit.today)
    return _page(visit, session, branch, someone)


def _page(
    visit: SignedIn, session: Read, branch: UnionBranch, someone: Person, *, problems: Problems | None = None
) -> Response:
    account = identity.find_account_of(session, someone.id)
    held = directory.list_holdings_of(session, someone.id, today=visit.today)
    roles = [holding for holding in held if holding.branch_id == branch.id]
    return render(
        visit,
        "administration/representative.html",
        problems=problems,
        branch=branch,
        person=someone,
        state=queries.state_of(account),
        may_be_invited=queries.may_be_invited(account),
        roles=roles,
        is_administrator=any(holding.role is RoleName.UNION_ADMINISTRATOR for holding in roles),
        may_get=[(role.value, role_title(role)) for role in BRANCH_READERS if role not in {one.role for one in roles}],
        role_title=role_title,
        form_id=new_id(),
    )


@router.post("/my/admin/branches/{slug}/people/{person_id}/invite", dependencies=[ADMINISTER])
def invite_again(visit: SignedVisit, session: Write, fields: Fields, slug: str, person_id: str) -> Response:
    branch = queries.get_own_branch(session, visit.actor, slug)
    someone = queries.get_member_of(session, person_id, branch=branch, today=visit.today)
    problems = Problems()
    purpose = forms.read_purpose(fields, problems)
    if problems:
        return _page(visit, session, branch, someone, problems=problems)
    invited = service.invite_again(session, visit.actor, someone, post_of(visit, fields, purpose), now=visit.now)
    return show_invited(visit, invited, f"{BRANCHES}/{slug}/people/{person_id}")


@router.post("/my/admin/branches/{slug}/people/{person_id}/administrator", dependencies=[ADMINISTER])
def make_administrator(visit: SignedVisit, session: Write, slug: str, person_id: str) -> Response:
    branch = queries.get_own_branch(session, visit.actor, slug)
    someone = queries.get_member_of(session, person_id, branch=branch, today=visit.today)
    offer = RoleOffer(RoleName.UNION_ADMINISTRATOR, branch_id=branch.id)
    try:
        service.assign_role(session, visit.actor, someone, offer, now=visit.now)
    except Conflict as no:
        return _page(visit, session, branch, someone, problems=Problems(page=no.message))
    return redirect(visit, f"{BRANCHES}/{slug}/people/{person_id}")


@router.post("/my/admin/branches/{slug}/people/{person_id}/role", dependencies=[ADMINISTER])
def give_role(visit: SignedVisit, session: Write, fields: Fields, slug: str, person_id: str) -> Response:
    """One of the roles in which the union’s people read concerns."""
    branch = queries.get_own_branch(session, visit.actor, slug)
    someone = queries.get_member_of(session, person_id, branch=branch, today=visit.today)
    problems = Problems()
    chosen = choice(fields, "role", problems, allowed=set(BRANCH_READERS), required=pmsg("error", "Choose a role"))
    if not problems:
        try:
            offer = RoleOffer(RoleName(chosen), branch_id=branch.id)
            service.assign_role(session, visit.actor, someone, offer, now=visit.now)
        except Conflict as no:
            problems["role"] = no.message
    if problems:
        return _page(visit, session, branch, someone, problems=problems)
    return redirect(visit, f"{BRANCHES}/{slug}/people/{person_id}")


@router.post("/my/admin/branches/{slug}/people/{person_id}/roles/{holding_id}/end", dependencies=[ADMINISTER])
def end_role(visit: SignedVisit, session: Write, slug: str, person_id: str, holding_id: str) -> Response:
    branch = queries.get_own_branch(session, visit.actor, slug)
    someone = queries.get_member_of(session, person_id, branch=branch, today=visit.today)
    try:
        service.end_role(session, visit.actor, queries.get_holding_of(session, holding_id, someone), now=visit.now)
    except Refused as no:
        return _page(visit, session, branch, someone, problems=Problems(page=no.message))
    return redirect(visit, f"{BRANCHES}/{slug}")


@router.get("/my/admin/branches/{slug}/people/{person_id}/leave", dependencies=[ADMINISTER])
def ask_leave(visit: SignedVisit, session: Read, slug: str, person_id: str) -> Response:
    branch = queries.get_own_branch(session, visit.actor, slug)
    someone = queries.get_member_of(session, person_id, branch=branch, today=visit.today)
    return render(visit, "administration/representative_leave.html", branch=branch, person=someone)


@router.post("/my/admin/branches/{slug}/people/{person_id}/leave", dependencies=[ADMINISTER])
def leave(visit: SignedVisit, session: Write, slug: str, person_id: str) -> Response:
    branch = queries.get_own_branch(session, visit.actor, slug)
    someone = queries.get_member_of(session, person_id, branch=branch, today=visit.today)
    try:
        service.close_leaver(session, visit.actor, someone, now=visit.now)
    except Refused as no:
        return _page(visit, session, branch, someone, problems=Problems(page=no.message))
    return redirect(visit, f"{BRANCHES}/{slug}")
