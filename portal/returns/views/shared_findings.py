"""Shared findings: what a link opens, and nothing else of the unit."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import wraps

from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.returns import presenters
from portal.throttles import PageThrottle
from project.refusal_status import status_of
from submissions import demo_mode
from submissions.exports import downloads, findings_table, share_links
from submissions.exports.tables import XLSX, csv_response
from submissions.findings import filtering
from submissions.models import DownloadKind, Share, Submission
from submissions.workflow.refusals import RefusalError
from validation import city_of

PAGE = 100


class SharedThrottle(PageThrottle):
    """How often one address may open links, whichever they are."""

    scope = "shared"


def _link(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page behind a link: counted per address, kept out of search engines, caches and other sites' logs."""

    @require_safe
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponseBase:
        throttle = SharedThrottle()
        if not throttle.admits(request):
            answer: HttpResponseBase = render(request, "shared/wait.html", status=429)
            answer["Retry-After"] = str(int(throttle.wait() or 60) + 1)
        else:
            answer = _answered(request, view, token)
        answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        answer["Referrer-Policy"] = "no-referrer"
        return answer

    return guarded


def _answered(request: HttpRequest, view: Callable[..., HttpResponseBase], token: str) -> HttpResponseBase:
    try:
        return view(request, token)
    except RefusalError as refusal:
        status = status_of(refusal)
        return render(request, "shared/gone.html", {"refusal": refusal}, status=status)


@_link
def findings(request: HttpRequest, token: str) -> HttpResponse:
    share = share_links.opened(token, address=_address(request))
    findings = share_links.shared_findings(share)
    page = Paginator(range(findings.height), PAGE).get_page(request.GET.get("page"))
    first = max(page.start_index() - 1, 0)
    context = {
        "share": share,
        "submission": share.submission,
        "city": _city_name(share),
        "token": token,
        "total": findings.height,
        "as_workbook": _is_quick(share.submission, findings.height),
        "page": page,
        "likes": presenters.likes(share.submission, filtering.groups(findings)),
        "findings": presenters.present(share_links.stored(findings, first, PAGE)),
    }
    return render(request, "shared/findings.html", context)


@_link
def workbook(request: HttpRequest, token: str) -> FileResponse | StreamingHttpResponse:
    """Return the list as a workbook, or as a streamed CSV where a workbook would take long."""
    share = share_links.opened(token, address=_address(request), downloaded=True)
    submission, findings = share.submission, share_links.shared_findings(share)
    # a reason given by the unit is between the unit and the ministry
    lines = ((*line[:-1], "") for line in findings_table.lines(submission, findings))
    name = f"{submission.get_collection_display()}-{submission.period_id}-问题清单"
    if not _is_quick(submission, findings.height):
        return csv_response(f"{name}.csv", findings_table.TITLES, lines, keep_signed_numbers=True)
    out = io.BytesIO()
    findings_table.write_xlsx(out, lines)
    out.seek(0)
    return FileResponse(
        out, as_attachment=True, filename=demo_mode.file_named(f"{name}.xlsx"), content_type=XLSX
    )


def _is_quick(submission: Submission, findings: int) -> bool:
    return downloads.is_quick(submission, DownloadKind.FINDINGS, findings)


def _address(request: HttpRequest) -> str:
    return SharedThrottle().address(request)


def _city_name(share: Share) -> str:
    if share.city in ("", filtering.NO_CITY):
        return ""
    return city_of(share.city)[1]
