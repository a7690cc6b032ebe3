"""Progress of loading the demo, polled by the strip on every open page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from submissions import demo_mode


@require_safe
@never_cache
def demo_progress(request: HttpRequest) -> HttpResponse:
    """Return the changing part of the strip; empty once the demo is loaded, which ends the polling."""
    if demo_mode.notice() is None:
        raise Http404
    return render(request, "demo/progress.html", {"progress": demo_mode.progress()})
