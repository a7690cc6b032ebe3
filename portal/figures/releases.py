"""Pages of releases: list and changes for everyone; preview, rescheduling and withdrawal for the ministry."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from national import permissions
from national.definitions.areas import NATION
from national.definitions.moments import database_time
from national.dissemination import releases
from national.dissemination.coverage import coverage
from national.dissemination.freshness import stamp
from national.dissemination.queries import change_filters
from national.dissemination.revisions import ChangeList, Span, since_previous
from national.dissemination.visibility import BEFORE_ALL, visible
from national.models import Release
from national.permissions import Action
from portal.access import StaffRequest, account_page, posted, render_page
from portal.figures.release_forms import ChangesForm, HourForm, ReleaseForm, WithdrawReleaseForm
from portal.form_actions import attempt
from project.refusal_status import status_of
from submissions.workflow.refusals import RefusalError

PAGE = 100


def _is_staff(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.is_national


@require_safe
def releases_page(request: HttpRequest) -> HttpResponse:
    """List all releases, newest first; the ministry also sees those not published yet."""
    context = {
        "releases": visible(staff=_is_staff(request)),
        "may_release": permissions.can(request.user, Action.RELEASE),
    }
    return render(request, "figures/releases/list.html", context)


@require_safe
def release_page(request: HttpRequest, number: int) -> HttpResponse:
    """Show one release: its note, and what changed since the previous one."""
    release = _find(request, number)
    form = ChangesForm(request.GET if request.GET.get("area") else {**request.GET.dict(), "area": NATION})
    changes = _changes(request, since_previous(release), form.filters())
    context = {
        "release": release,
        "form": form,
        "page": Paginator(changes, PAGE).get_page(request.GET.get("page")),
        "may_release": permissions.can(request.user, Action.RELEASE),
        "downloads": _downloads(release, form.filters()),
    }
    return render(request, "figures/releases/release.html", context)


def _find(request: HttpRequest, number: int) -> Release:
    release = visible(staff=_is_staff(request)).filter(number=number).first()
    if release is None:
        raise Http404
    return release


def _changes(request: HttpRequest, span: Span, filters: dict[str, str]) -> ChangeList:
    staff = _is_staff(request)
    return ChangeList(span, change_filters(**filters, staff=staff), staff=staff)


def _downloads(release: Release, filters: dict[str, str]) -> list[tuple[str, str]]:
    """Return format and address of the listed changes; none before publication, when the API needs a token."""
    if not release.is_public:
        return []
    address = reverse("api:release", kwargs={"number": release.number})
    return [
        (
            kind.upper() if kind != "parquet" else "Parquet",
            f"{address}?{urlencode({**filters, 'format': kind})}",
        )
        for kind in ("csv", "xlsx", "parquet", "json")
    ]


@account_page
def new(request: StaffRequest) -> HttpResponse:
    """Preview and make a release; refused when the figures have changed since the preview."""
    permissions.require(request.user, Action.RELEASE)
    form = ReleaseForm(posted(request), initial={"mark": stamp().mark})
    if not form.is_valid():
        return _preview(request, form, 400 if form.is_bound else 200)
    values = form.cleaned_data
    act = partial(
        releases.make,
        by=request.user,
        note_zh=values["note_zh"],
        note_en=values["note_en"],
        published_at=form.published_at,
        mark=values["mark"],
    )
    outcome = attempt(form, act)
    if isinstance(outcome, RefusalError):
        return _preview(request, form, status_of(outcome))
    message = _("Release %(number)s has been made.") % {"number": outcome.number}
    return _to_release(request, outcome, message)


def _preview(request: StaffRequest, form: ReleaseForm, status: int) -> HttpResponse:
    """Render the preview; a form shown again refers to the figures shown with it."""
    if form.is_bound:
        data = request.POST.copy()
        data["mark"] = stamp().mark
        form.data = data
    previous = Release.objects.standing().first()
    span = Span(previous.moment if previous else BEFORE_ALL, database_time())
    changes = _changes(request, span, {"area": NATION})
    context = {
        "form": form,
        "previous": previous,
        "number": releases.next_number(),
        "page": Paginator(changes, PAGE).get_page(request.GET.get("page")),
        "coverage": coverage(),
    }
    return render_page(request, "figures/releases/new.html", context, status=status)


@account_page
def hour(request: StaffRequest, number: int) -> HttpResponse:
    """Move the publication time of a release that is not published yet."""
    permissions.require(request.user, Action.RELEASE)
    release = _find(request, number)
    form = HourForm(posted(request), initial={"hour": timezone.localtime(release.published_at)})
    if not form.is_valid():
        return _form_page(request, "hour", release, form, 400 if form.is_bound else 200)
    act = partial(
        releases.move_hour, release=release, by=request.user, published_at=form.cleaned_data["hour"]
    )
    outcome = attempt(form, act)
    if isinstance(outcome, RefusalError):
        return _form_page(request, "hour", release, form, status_of(outcome))
    return _to_release(request, release, _("The time of release has been changed."))


@account_page
def withdraw(request: StaffRequest, number: int) -> HttpResponse:
    """Withdraw a release, with a reason that everyone can read."""
    permissions.require(request.user, Action.RELEASE)
    release = _find(request, number)
    form = WithdrawReleaseForm(posted(request))
    if not form.is_valid():
        return _form_page(request, "withdraw", release, form, 400 if form.is_bound else 200)
    reasons = {name: form.cleaned_data[name] for name in ("reason_zh", "reason_en")}
    outcome = attempt(form, partial(releases.withdraw, release=release, by=request.user, **reasons))
    if isinstance(outcome, RefusalError):
        return _form_page(request, "withdraw", release, form, status_of(outcome))
    return _to_release(
        request, release, _("The release has been withdrawn; it stays listed with the reason.")
    )


def _form_page(request: StaffRequest, name: str, release: Release, form: Any, status: int) -> HttpResponse:
    context = {"release": release, "form": form}
    return render_page(request, f"figures/releases/{name}.html", context, status=status)


def _to_release(request: StaffRequest, release: Release, message: str) -> HttpResponse:
    messages.success(request, message, extra_tags="kept")
    return redirect("releases:release", number=release.number)
