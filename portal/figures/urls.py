"""Addresses of the public pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from portal.administration import counting_rules, targets
from portal.figures import chart_downloads, lineage, pages

app_name = "national"

urlpatterns: list[URLPattern] = [
    path("", pages.start, name="start"),
    path("provinces/", pages.provinces, name="provinces"),
    path("industries/", pages.industries, name="industries"),
    path("ai/", pages.ai, name="ai"),
    path("traffic/", pages.traffic, name="traffic"),
    path("coverage/", pages.covered, name="coverage"),
    path("roadmap/", pages.roadmap_page, name="roadmap"),
    path("method/", pages.method, name="method"),
    path("figures/<int:figure_id>/", lineage.figure_page, name="figure"),
    path("charts/<slug:code>.csv", chart_downloads.as_csv, name="chart-csv"),
    path("charts/<slug:code>.xlsx", chart_downloads.as_xlsx, name="chart-xlsx"),
    path("targets/series/", targets.series, name="series"),
    path("targets/plans/", targets.plans, name="plans"),
    path("targets/rules/", counting_rules.rules, name="rules"),
]
