"""Demo: how far it has come in, asked for again and again by the strip of every open page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from submissions import demo_mode


@require_safe
@never_cache
def demo_progress(request: HttpRequest) -> HttpResponse:
    """The part of the strip that moves; empty once the demo is there, which ends the asking."""
    if demo_mode.notice() is None:
        raise Http404
    return render(request, "demo/progress.html", {"progress": demo_mode.progress()})
