"""Share links: the unit makes links to findings for people without an account, sees openings, and ends them."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portal.access import StaffRequest, desk_page, find, posted, render_page
from portal.form_actions import attempt
from portal.returns.forms import ShareForm
from submissions.exports import share_links
from submissions.findings import filtering
from submissions.findings.filtering import FindingFilter
from submissions.models import Share, Submission
from submissions.workflow import permissions
from submissions.workflow.permissions import Action
from submissions.workflow.refusals import RefusalError


@desk_page
def shares(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    submission = find(request, submission_id)
    share_links.require_sharer(request.user, submission)
    if request.method == "POST":
        permissions.require(request.user, Action.SHARE, submission)
    cities = _cities(request, submission)
    initial = {"days": 7, **{name: request.GET.get(name, "") for name in ("city", "enterprise")}}
    form = ShareForm(posted(request), initial=initial, cities=cities, days=_days())
    if form.is_valid():
        made = attempt(form, partial(_share, request, submission, form))
        if not isinstance(made, RefusalError):
            messages.success(
                request, _("The link is ready. Copy it from the list and send it."), extra_tags="kept"
            )
            return redirect("portal:shares", submission.pk)
    context = {
        "submission": submission,
        "form": form,
        "may_share": permissions.can(request.user, Action.SHARE, submission),
        "shares": _listed(request, submission, dict(cities)),
    }
    return render_page(request, "returns/shares.html", context, status=400 if form.errors else 200)


@require_POST
@desk_page
def revoke_share(request: StaffRequest, submission_id: UUID, share_id: int) -> HttpResponse:
    submission = find(request, submission_id)
    share = get_object_or_404(Share.objects.select_related("submission"), pk=share_id, submission=submission)
    share_links.revoke(share=share, by=request.user, request_id=request.request_id)
    messages.success(request, _("The link no longer opens."))
    return redirect("portal:shares", submission.pk)


def _share(request: StaffRequest, submission: Submission, form: ShareForm) -> Share:
    return share_links.share(
        submission=submission, by=request.user, **form.cleaned_data, request_id=request.request_id
    )


def _cities(request: StaffRequest, submission: Submission) -> list[tuple[str, str]]:
    findings = filtering.filtered(submission, request.user, FindingFilter())
    return [(city.code, city.name or _("unknown place")) for city in filtering.cities(submission, findings)]


def _days() -> list[tuple[int, str]]:
    return [
        (days, ngettext("%(count)s day", "%(count)s days", days) % {"count": days})
        for days in share_links.DAYS
    ]


def _listed(
    request: StaffRequest, submission: Submission, cities: dict[str, str]
) -> list[tuple[Share, str, str]]:
    """Return the links, newest first, each with its address (empty when it has ended) and its city's name."""
    links = submission.shares.select_related("by", "revoked_by").annotate(
        opened=Count("openings"), last_opened=Max("openings__at")
    )
    return [
        (
            share,
            _address(request, share) if share_links.holds(share) else "",
            cities.get(share.city, share.city),
        )
        for share in links
    ]


def _address(request: StaffRequest, share: Share) -> str:
    return request.build_absolute_uri(reverse("shared:findings", args=[share_links.token_of(share)]))
