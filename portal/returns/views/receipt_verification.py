"""Verification: anyone with a receipt number can check it, its time and the hash it covers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.throttles import PageThrottle
from submissions.signoff import receipts

#: a receipt's number has about 30 characters
LONGEST = 60


class ReceiptThrottle(PageThrottle):
    """How often one address may ask, so that numbers cannot be guessed."""

    scope = "receipts"


@require_safe
@never_cache
def verify(request: HttpRequest, number: str = "") -> HttpResponse:
    receipt_number = (number or request.GET.get("number", "")).strip()[:LONGEST]
    if not receipt_number:
        return _page(request, {}, 200)
    if not number and "/" not in receipt_number:
        return redirect("receipts:verify", receipt_number.upper())
    throttle = ReceiptThrottle()
    if not throttle.admits(request):
        answer = _page(request, {"asked": receipt_number, "wait": True}, 429)
        answer["Retry-After"] = str(int(throttle.wait() or 60) + 1)
        return answer
    verified = receipts.verify(receipt_number)
    return _page(request, {"asked": receipt_number, "found": verified}, 200 if verified else 404)


def _page(request: HttpRequest, context: dict[str, object], status: int) -> HttpResponse:
    answer = render(request, "returns/verify.html", context, status=status)
    answer["X-Robots-Tag"] = "noindex"
    return answer
