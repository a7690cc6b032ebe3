"""Addresses of the public pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from national.pages import administration, downloads, lineage, public, rules

app_name = "national"

urlpatterns: list[URLPattern] = [
    path("", public.start, name="start"),
    path("provinces/", public.provinces, name="provinces"),
    path("industries/", public.industries, name="industries"),
    path("ai/", public.ai, name="ai"),
    path("traffic/", public.traffic, name="traffic"),
    path("coverage/", public.covered, name="coverage"),
    path("roadmap/", public.roadmap_page, name="roadmap"),
    path("method/", public.method, name="method"),
    path("figures/<int:figure_id>/", lineage.figure_page, name="figure"),
    path("charts/<slug:code>.csv", downloads.as_csv, name="chart-csv"),
    path("charts/<slug:code>.xlsx", downloads.as_xlsx, name="chart-xlsx"),
    path("targets/series/", administration.series, name="series"),
    path("targets/plans/", administration.plans, name="plans"),
    path("targets/rules/", rules.rules, name="rules"),
]
