"""`python -m benchmarks.figures_request`: requests for figures against an empty view, in turns within one process.

Needs PostgreSQL and Redis, e.g. `manage.py with_stack -- python -m benchmarks.figures_request`; makes a database
of its own. The empty view is a bare APIView with an empty answer behind the same middleware, which asks
nobody anything: what Django REST framework costs at least.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import NamedTuple
from wsgiref.util import setup_testing_defaults

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
os.environ.setdefault("THROTTLE_ANON", "100000000/min")
os.environ.setdefault("LOG_LEVEL", "ERROR")
django.setup()

from django.conf import settings  # noqa: E402 after set-up
from django.core.cache import caches  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402
from django.urls import include, path  # noqa: E402
from rest_framework.request import Request  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402

from national.definitions.areas import areas  # noqa: E402
from national.definitions.indicators import INDICATORS  # noqa: E402
from national.definitions.moments import database_time  # noqa: E402
from national.models import Cause, Change, Figure  # noqa: E402
from submissions.accounts.reporting_units import load_units  # noqa: E402

FIGURES, QUERY = "/api/v1/figures/", "indicator=NET_COUNT&area_type=province"
PERIODS = [f"202{year}Q{quarter}" for year in (5, 6) for quarter in (1, 2, 3, 4)]

#: one request
Call = Callable[[], None]


class Took(NamedTuple):
    """Seconds by the clock, which are the throughput, and seconds of processor time of this process, which a
    busy machine does not change."""

    wall: float
    cpu: float


class EmptyView(APIView):
    """Answers nothing to everyone."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()

    def get(self, request: Request) -> Response:
        return Response({})


urlpatterns = [path("empty/", EmptyView.as_view()), path("", include("project.urls"))]


def main() -> None:
    """Measure the empty view and each kind of request for figures in turn; print ratios of medians."""
    arguments = _arguments()
    settings.ROOT_URLCONF = "benchmarks.figures_request"
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        _fill()
        calls = _calls()
        print(
            f"{date.today()}, {os.cpu_count()} cores, Python {platform.python_version()}, DEBUG {settings.DEBUG}"
        )
        print(f"{FIGURES}?{QUERY}, {Figure.objects.count()} figures")
        _report([_turn(calls, arguments.requests) for _ in range(arguments.turns)])
    finally:
        teardown_databases(databases, verbosity=0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=40, help="in each of which every kind is measured once")
    parser.add_argument("--requests", type=int, default=50, help="requests of one kind in one turn")
    return parser.parse_args()


def _fill() -> None:
    """Totals of every indicator, area and period; units' figures need submissions and are not asked for."""
    load_units()
    above = [area for area in areas().values() if area.area_type != "unit"]
    change = Change.objects.create(cause=Cause.REPAIR, period=PERIODS[-1], at=database_time())
    Figure.objects.bulk_create(
        Figure(
            indicator=code,
            area=area.code,
            area_type=area.area_type,
            period=period,
            value=number,
            value_strict=number,
            records=number,
            units_accepted=1,
            units_expected=len(area.units),
            rule_version=1,
            change=change,
            valid_from=change.at,
        )
        for code in INDICATORS
        for number, area in enumerate(above)
        for period in PERIODS
    )


def _calls() -> dict[str, Call]:
    """Each kind of request, checked once to answer as its name says."""
    application = get_wsgi_application()

    def ask(address: str, query: str = "", **headers: str) -> tuple[str, dict[str, str]]:
        environ: dict[str, object] = {
            "PATH_INFO": address,
            "QUERY_STRING": query,
            "HTTP_HOST": "localhost",
            "wsgi.input": BytesIO(),
            **headers,
        }
        setup_testing_defaults(environ)
        received: list[object] = []
        answer = application(environ, lambda status, sent, _error=None: received.extend((status, dict(sent))))
        b"".join(answer)
        answer.close()
        return received[0], received[1]  # type: ignore[return-value]

    def made() -> None:
        caches["answers"].clear()
        ask(FIGURES, QUERY)

    etag = ask(FIGURES, QUERY)[1]["ETag"]
    assert ask(FIGURES, QUERY, HTTP_IF_NONE_MATCH=etag)[0].startswith("304")
    assert ask("/empty/")[0].startswith("200")
    return {
        "empty view": lambda: ask("/empty/"),
        "304": lambda: ask(FIGURES, QUERY, HTTP_IF_NONE_MATCH=etag),
        "made before": lambda: ask(FIGURES, QUERY),
        "made anew": made,
    }


def _turn(calls: dict[str, Call], requests: int) -> dict[str, Took]:
    """What one request of each kind took."""
    took = {}
    for name, call in calls.items():
        wall, cpu = time.perf_counter(), time.process_time()
        for _ in range(requests):
            call()
        took[name] = Took((time.perf_counter() - wall) / requests, (time.process_time() - cpu) / requests)
    return took


def _report(turns: list[dict[str, Took]]) -> None:
    """The ratio of a turn is free of what else the machine did in other turns."""
    for name in turns[0]:
        wall, cpu = (statistics.median(turn[name][kind] for turn in turns) for kind in (0, 1))
        ratios = [
            statistics.median(turn["empty view"][kind] / turn[name][kind] for turn in turns)
            for kind in (0, 1)
        ]
        print(
            f"  {name:12} {wall * 1e6:7.0f} µs, of these {cpu * 1e6:6.0f} µs processor time here;  "
            f"throughput / empty view = {ratios[0]:.2f}, by processor time {ratios[1]:.2f}"
        )


if __name__ == "__main__":
    main()
