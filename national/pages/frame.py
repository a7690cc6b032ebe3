"""The frame of the public pages: their list, the quarter that a reader chose, and how much of the country it covers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from national.areas import NATION
from national.charting import Chart, Choice
from national.charting.provinces import MEASURES
from national.models import Figure
from national.queries import ALL, figures
from national.sight import present
from national.status import Status, with_status

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Section(NamedTuple):
    """One public page in the menu."""

    name: str
    label: _StrPromise

    @property
    def address(self) -> str:
        """The name of its address."""
        return f"national:{self.name}"


SECTIONS: tuple[Section, ...] = (
    Section("start", _("Overview")),
    Section("provinces", _("Provinces")),
    Section("industries", _("Industries and types")),
    Section("ai", _("AI applications")),
    Section("traffic", _("Road to traffic")),
    Section("coverage", _("Coverage")),
    Section("roadmap", _("Roadmap")),
    Section("method", _("Method")),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The quarter asked for, or the newest: its national figure with its status, and the quarters there are,
    newest first."""

    total: Figure | None
    periods: tuple[str, ...]
    measure: str

    @property
    def period(self) -> str:
        return self.total.period if self.total else ""

    @property
    def status(self) -> str:
        """The word for the figure's status."""
        return str(Status(self.total.status).label) if self.total else ""

    @property
    def choice(self) -> Choice:
        return Choice(self.period, self.measure)

    @property
    def query(self) -> str:
        """What the address of a download carries, so that it stays the same when a newer quarter comes."""
        asked = {"period": self.period, "measure": self.measure if self.measure != MEASURES[0] else ""}
        return f"?{urlencode({name: told for name, told in asked.items() if told})}"

    @property
    def newest(self) -> bool:
        """Whether it is the newest quarter, which addresses need not name."""
        return self.period == (self.periods[0] if self.periods else "")


def chosen(request: HttpRequest) -> Chosen:
    """What the address asks for. Raises Http404 for a quarter without figures and an indicator the map lacks."""
    sight = present()
    told = with_status(figures(indicator="NET_COUNT", area=NATION, period=ALL, sight=sight), sight)
    totals = {one.period: one for one in told}
    periods = tuple(sorted(totals, reverse=True))
    period = request.GET.get("period", "") or (periods[0] if periods else "")
    measure = request.GET.get("measure", "NET_COUNT")
    if (period and period not in totals) or measure not in MEASURES:
        raise Http404
    return Chosen(totals.get(period), periods, measure)


def page(
    request: HttpRequest, name: str, what: Chosen | None, charts: Iterable[Chart] = (), **context: Any
) -> HttpResponse:
    """Render a public page within the frame. The template finds its charts in `charts`, in their order."""
    shown = list(charts)
    frame = {
        "sections": SECTIONS,
        "section": name,
        "chosen": what,
        "charts": shown,
        # one script per kind of drawing
        "draws": [f"national/draw/{draw}.js" for draw in dict.fromkeys(chart.draw for chart in shown)],
    }
    return render(request, f"national/{name}.html", frame | context)
