"""The team's pages: its members, one colleague, and managing their accounts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.access import StaffRequest, desk_page, posted, render_page
from portal.form_actions import attempt
from portal.returns.invitations import mail_link, password_link
from portal.returns.team_forms import DelegationForm, InviteForm, RoleForm
from project.refusal_status import status_of
from submissions.accounts import team as verbs
from submissions.models import Delegation, Role, TeamEvent, User
from submissions.workflow import permissions
from submissions.workflow.permissions import Action
from submissions.workflow.refusals import Refusal, RefusalError

EVENTS_SHOWN = 50


@desk_page
def team(request: StaffRequest) -> HttpResponse:
    people = _team(request).order_by("-is_active", "-role", "display_name", "pk")
    events = TeamEvent.objects.filter(unit=request.user.unit_id).select_related("actor", "about")
    context = _standing(request) | {"people": people, "events": events[:EVENTS_SHOWN]}
    return render_page(request, "returns/team/team.html", context)


@desk_page
def invite(request: StaffRequest) -> HttpResponse:
    permissions.require(request.user, Action.MANAGE_TEAM)
    form = InviteForm(posted(request), initial={"role": Role.UNIT_PREPARER})
    if not form.is_valid():
        status = 400 if form.is_bound else 200
        return render_page(request, "returns/team/invite.html", {"form": form}, status=status)
    verb = partial(verbs.invite, by=request.user, request_id=request.request_id, **form.cleaned_data)
    invited = attempt(form, verb)
    if isinstance(invited, RefusalError):
        return render_page(request, "returns/team/invite.html", {"form": form}, status=status_of(invited))
    return _show_link(request, invited)


@desk_page
def colleague(request: StaffRequest, user_id: int) -> HttpResponse:
    return _colleague_page(request, _find(request, user_id))


@require_POST
@desk_page
def role(request: StaffRequest, user_id: int) -> HttpResponse:
    form = RoleForm(request.POST)
    changed = _find(request, user_id)
    if not form.is_valid():
        return _colleague_page(request, changed, form, status=400)
    return _done(
        request,
        changed,
        partial(verbs.change_role, role=form.cleaned_data["role"]),
        _("The role is changed."),
    )


@require_POST
@desk_page
def link(request: StaffRequest, user_id: int) -> HttpResponse:
    invited = _find(request, user_id)
    verbs.renew_link(colleague=invited, by=request.user, request_id=request.request_id)
    return _show_link(request, invited)


@require_POST
@desk_page
def deactivate(request: StaffRequest, user_id: int) -> HttpResponse:
    message = _("Deactivated. All sessions and API tokens of the account have ended.")
    return _done(request, _find(request, user_id), verbs.deactivate, message)


@require_POST
@desk_page
def reactivate(request: StaffRequest, user_id: int) -> HttpResponse:
    return _done(request, _find(request, user_id), verbs.reactivate, _("The account is active again."))


@require_POST
@desk_page
def delegate(request: StaffRequest, user_id: int) -> HttpResponse:
    deputy, form = _find(request, user_id), DelegationForm(request.POST)
    if not form.is_valid():
        return _colleague_page(request, deputy, form, status=400)
    verb = partial(
        verbs.delegate, colleague=deputy, by=request.user, request_id=request.request_id, **form.cleaned_data
    )
    outcome = attempt(form, verb)
    if isinstance(outcome, RefusalError):
        return _colleague_page(request, deputy, form, status=status_of(outcome))
    return _to_colleague(request, deputy, _("Delegated."))


@require_POST
@desk_page
def end_delegation(request: StaffRequest, user_id: int, delegation_id: int) -> HttpResponse:
    deputy = _find(request, user_id)
    delegation = get_object_or_404(deputy.delegations.all(), pk=delegation_id)
    verbs.end_delegation(delegation=delegation, by=request.user, request_id=request.request_id)
    return _to_colleague(request, deputy, _("The delegation has ended."))


def _team(request: StaffRequest) -> QuerySet[User]:
    """Return the people of the caller's unit, with today's delegations."""
    today = Prefetch(
        "delegations",
        Delegation.objects.in_force(timezone.localdate()).select_related("by"),
        to_attr="delegated_today",
    )
    return User.objects.filter(unit=request.user.unit_id).prefetch_related(today)


def _find(request: StaffRequest, user_id: int) -> User:
    """Return a colleague; raises Http404 for anybody of another unit."""
    return get_object_or_404(_team(request), pk=user_id)


def _standing(request: StaffRequest) -> dict[str, Any]:
    return {"manages": permissions.can(request.user, Action.MANAGE_TEAM)}


def _colleague_page(
    request: StaffRequest, colleague: User, form: RoleForm | DelegationForm | None = None, status: int = 200
) -> HttpResponse:
    """Show a colleague's page; `form` is one that was sent and refused."""
    context = _standing(request) | {
        "colleague": colleague,
        "is_self": colleague.pk == request.user.pk,
        "form": form,
        "role_form": form if isinstance(form, RoleForm) else RoleForm(initial={"role": colleague.role}),
        "delegation_form": form if isinstance(form, DelegationForm) else DelegationForm(),
        "delegations": colleague.delegations.not_ended().filter(ends__gte=timezone.localdate()),
        "today": timezone.localdate(),
        "events": TeamEvent.objects.filter(about=colleague).select_related("actor", "about")[:EVENTS_SHOWN],
    }
    return render_page(request, "returns/team/colleague.html", context, status=status)


def _done(request: StaffRequest, changed: User, verb: Callable[..., None], message: str) -> HttpResponse:
    """Call a verb on a colleague and return to their page with the result or the refusal."""
    try:
        verb(colleague=changed, by=request.user, request_id=request.request_id)
    except RefusalError as refusal:
        if refusal.code in (Refusal.NOT_FOUND, Refusal.NOT_ALLOWED):
            raise
        messages.error(request, refusal.message)
        return _to_colleague(request, changed)
    return _to_colleague(request, changed, message)


def _to_colleague(request: StaffRequest, colleague: User, message: str = "") -> HttpResponse:
    if message:
        messages.success(request, message)
    return redirect("portal:colleague", colleague.pk)


def _show_link(request: StaffRequest, invited: User) -> HttpResponse:
    """Where no e-mail went out the link is on this one page, and never again: it is not stored. Else nobody but
    the invited person sees it."""
    address = password_link(request, invited)
    mailed = mail_link(invited, address)
    context = {"invited": invited, "link": "" if mailed else address, "mailed": mailed}
    return render_page(request, "returns/team/link.html", context)
