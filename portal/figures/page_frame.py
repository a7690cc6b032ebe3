"""The frame of the public pages: menu, chosen quarter and release, and coverage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from national.charts import Chart, Choice
from national.charts.provinces import MEASURES
from national.definitions.areas import NATION
from national.dissemination.observation_status import Status, with_status
from national.dissemination.queries import ALL, figures
from national.dissemination.visibility import Vantage, present, released, visible
from national.dissemination.waiting import waits
from national.models import Figure, Release

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
    """The quarter asked for, or the newest that can be read: its national figure with its status, and the quarters
    there are, newest first, as they stand now or in the release asked for. `releases` can be asked for.

    A page of `parts` shows figures that disclosure control has to judge first; `complete` is the newest quarter in
    which all are judged, empty while there is none. `named` says whether the address names the quarter.
    """

    total: Figure | None
    periods: tuple[str, ...]
    measure: str
    vantage: Vantage
    releases: tuple[Release, ...]
    parts: bool = True
    waits: bool = False
    complete: str = ""
    named: bool = False

    @property
    def period(self) -> str:
        return self.total.period if self.total else ""

    @property
    def status(self) -> str:
        """The word for the figure's status."""
        return str(Status(self.total.status).label) if self.total else ""

    @property
    def choice(self) -> Choice:
        return Choice(self.period, self.measure, self.vantage, self.waits)

    @property
    def newest(self) -> str:
        """The newest quarter with figures; empty while there is none."""
        return self.periods[0] if self.periods else ""

    @property
    def steps_back(self) -> bool:
        """Whether the page opens on an earlier quarter than the newest, whose parts are not public yet."""
        return self.parts and not self.named and self.period != self.newest

    @property
    def release(self) -> Release | None:
        """The past release that was chosen."""
        return self.vantage.release

    @property
    def query(self) -> str:
        """Query string of a download, which fixes the quarter so that the address stays valid later."""
        return self._query_of(self.period)

    @property
    def to_complete(self) -> str:
        """Query string of the same page for the newest complete quarter."""
        return self._query_of(self.complete)

    @property
    def to_newest(self) -> str:
        """Query string of the same page for the newest quarter."""
        return self._query_of(self.newest)

    @property
    def kept(self) -> str:
        """Query string of links to the other pages: the chosen quarter, unless it is their default, and release."""
        chosen = self.named and (self.period != self.newest or self.newest != self.complete)
        return _query(period=self.period if chosen else "", release=self.release or "")

    @property
    def now(self) -> str:
        """Query string of the same page without the release."""
        return _query(period=self.period)

    def _query_of(self, period: str) -> str:
        measure = self.measure if self.measure != MEASURES[0] else ""
        return _query(period=period, measure=measure, release=self.release or "")


def chosen(request: HttpRequest, *, parts: bool = True) -> Chosen:
    """What the address asks for, else the newest quarter that can be read: of a page without `parts` the newest.

    Raises Http404 for a quarter without figures, an indicator the map lacks and a release that is not published; a
    quarter that a release does not have gives way to its newest.
    """
    now = present()
    releases = tuple(visible().standing())
    vantage = _vantage(request.GET.get("release", ""), releases) or now
    totals_with_status = with_status(
        figures(indicator="NET_COUNT", area=NATION, period=ALL, vantage=vantage), vantage
    )
    totals = {total.period: total for total in totals_with_status}
    periods = tuple(sorted(totals, reverse=True))
    chosen_period = request.GET.get("period", "")
    if vantage.release and chosen_period not in totals:
        chosen_period = ""
    complete = next((period for period in periods if not waits(period, vantage)), "")
    period = chosen_period or (parts and complete) or (periods[0] if periods else "")
    measure = request.GET.get("measure", "NET_COUNT")
    if (period and period not in totals) or measure not in MEASURES:
        raise Http404
    return Chosen(
        totals.get(period),
        periods,
        measure,
        vantage,
        releases,
        parts=parts,
        waits=parts and bool(period) and period != complete and waits(period, vantage),
        complete=complete,
        named=bool(chosen_period),
    )


def _vantage(number: str, releases: tuple[Release, ...]) -> Vantage | None:
    """Return the vantage of a release by its number. Raises Http404 for a withdrawn or unknown release."""
    if not number:
        return None
    if number not in {str(release.number) for release in releases}:
        raise Http404
    return released(int(number))


def _query(**parameters: object) -> str:
    filled = {name: value for name, value in parameters.items() if value}
    return f"?{urlencode(filled)}" if filled else ""


def page(
    request: HttpRequest,
    name: str,
    what: Chosen,
    charts: Iterable[Chart] = (),
    *,
    by_quarter: bool = True,
    **context: Any,
) -> HttpResponse:
    """Render a public page within the frame; the template finds its charts in `charts`, in their order."""
    # one line of the page says of all that wait that they do
    visible = [chart for chart in charts if chart.rows or not what.waits]
    frame = {
        "sections": SECTIONS,
        "section": name,
        "chosen": what,
        "by_quarter": by_quarter,
        "charts": visible,
        # one script per kind of drawing
        "draws": [f"figures/draw/{draw}.js" for draw in dict.fromkeys(chart.draw for chart in visible)],
    }
    return render(request, f"figures/{name}.html", frame | context)
