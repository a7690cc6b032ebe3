"""Access: who may open which page, and the one place where a refusal becomes a page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, render, resolve_url
from django.urls import ResolverMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from project.refusal_status import status_of
from submissions.accounts import team
from submissions.models import Collection, Period, Submission, Unit, User
from submissions.workflow.refusals import Refusal, RefusalCode, RefusalError

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

View = Callable[..., HttpResponseBase]

REVIEW = "review"

#: refusals that are of the period itself, and what their page is headed
NO_PERIOD: dict[RefusalCode, _StrPromise] = {
    Refusal.PERIOD_UNKNOWN: gettext_lazy("Period %(period)s is not collected"),
    Refusal.PERIOD_NOT_OPEN: gettext_lazy("Period %(period)s is not open yet"),
    Refusal.PERIOD_CLOSED: gettext_lazy("Period %(period)s is closed"),
}


class StaffRequest(HttpRequest):
    """A request that has passed one of the guards below."""

    user: User
    request_id: str
    htmx: HtmxDetails


def account_page(view: View) -> View:
    """A page for anyone with an account."""
    return _guarded(view, lambda request: True)


def desk_page(view: View) -> View:
    """A page of one of the two desks: /portal/ is for the staff of units, /review/ for the ministry's."""
    return _guarded(view, _is_at_desk)


def json_page(view: View) -> View:
    """A JSON endpoint of one of the two desks; refusals and ended sessions are answered as JSON."""

    @wraps(view)
    def guarded(request: StaffRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _refused_json("logged-out", 401, gettext("You are no longer logged in."))
        try:
            if not _is_at_desk(request):
                raise RefusalError(Refusal.NOT_ALLOWED)
            return view(request, *args, **kwargs)
        except RefusalError as refusal:
            return _refused_json(refusal.code, status_of(refusal), refusal.message, **refusal.params)

    return cast(View, never_cache(guarded))


def _is_at_desk(request: StaffRequest) -> bool:
    """Return whether the user belongs to the desk of the requested address."""
    return request.user.is_national if desk(request) == REVIEW else request.user.is_of_unit


def _refused_json(code: str, status: int, message: str, **params: object) -> JsonResponse:
    texts = {name: str(value) for name, value in params.items()}
    return JsonResponse({"code": code, "message": message, "params": texts}, status=status)


def desk(request: HttpRequest) -> str:
    """Return which desk the request's address belongs to: portal or review."""
    return match_of(request).namespace


def match_of(request: HttpRequest) -> ResolverMatch:
    """Return what the request's address resolved to. Raises TypeError outside of views."""
    if request.resolver_match is None:
        raise TypeError("the request has not reached a view")
    return request.resolver_match


def unit_of(user: User) -> Unit:
    """Return the unit of its staff. Raises PermissionDenied for an account without one."""
    if user.unit is None:
        raise PermissionDenied
    return user.unit


def render_page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Render a page of the desk the request came to."""
    return render(request, template, {"desk": desk(request)} | (context or {}), status=status)


def posted(request: HttpRequest) -> QueryDict | None:
    """Return the posted data for a form; None when the page is only requested."""
    return request.POST if request.method == "POST" else None


def find(request: StaffRequest, submission_id: UUID) -> Submission:
    """Return the submission, or raise a 404 that does not reveal whether it exists."""
    visible = Submission.objects.visible_to(request.user)
    related = ("unit", "period", "file", "uploader", "signer", "reviewer")
    return get_object_or_404(visible.select_related(*related), pk=submission_id)


def _no_period(request: HttpRequest, refusal: RefusalError) -> HttpResponse:
    """Return the page for a period that does not exist, is not open yet, or is closed, with links to open ones."""
    slot, today = match_of(request).kwargs, timezone.localdate()
    collection = slot.get("collection", "")
    is_unit = desk(request) != REVIEW
    known = is_unit and collection in Collection.values and refusal.code != Refusal.PERIOD_UNKNOWN
    context = {
        "refusal": refusal,
        "heading": NO_PERIOD[refusal.code] % {"period": refusal.params["period"]},
        "open_periods": Period.objects.open_on(today),
        "upload_to": collection if is_unit and collection in Collection.values else "",
        "history": reverse("portal:history", args=[collection, refusal.params["period"]]) if known else "",
    }
    return render_page(request, "returns/no_period.html", context, status=status_of(refusal))


def _guarded(view: View, admits: Callable[[StaffRequest], bool]) -> View:
    @wraps(view)
    def guarded(request: StaffRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _closed_account(request) or _to_login(request)
        team.mark_seen(request.user)
        if not admits(request):
            raise PermissionDenied
        try:
            return view(request, *args, **kwargs)
        except RefusalError as refusal:
            return refused(request, refusal)

    # A page of states must not come back stale from the browser's history.
    return cast(View, never_cache(guarded))


def _closed_account(request: StaffRequest) -> HttpResponse | None:
    """Return the page shown when an account was deactivated during work; None when it was not."""
    account = request.session.get(SESSION_KEY)
    if account is None or not User.objects.filter(pk=account, is_active=False).exists():
        return None
    if request.htmx:
        return HttpResponseClientRedirect(_whole_page(request))
    return render(request, "account/account_inactive.html", status=403)


def _to_login(request: StaffRequest) -> HttpResponse:
    """Redirect to the log-in page, which leads back here; a partial request gets a full-page redirect."""
    if not request.htmx:
        return redirect_to_login(request.get_full_path())
    return HttpResponseClientRedirect(redirect_to_login(_whole_page(request)).url)


def _whole_page(request: StaffRequest) -> str:
    """Address of the page that a partial request came from."""
    page = urlsplit(request.htmx.current_url or resolve_url("portal:home"))
    return page._replace(scheme="", netloc="").geturl()


def refused(request: HttpRequest, refusal: RefusalError) -> HttpResponse:
    """Return the page that explains what was refused and what to do."""
    if refusal.code in NO_PERIOD:
        return _no_period(request, refusal)
    if status_of(refusal) == 404:
        raise Http404
    if refusal.code == Refusal.NOT_ALLOWED:
        raise PermissionDenied
    return render_page(request, "returns/refused.html", {"refusal": refusal}, status=status_of(refusal))
