"""Addresses of releases: public pages, and those by which the ministry makes, moves and withdraws them."""

from __future__ import annotations

from django.urls import URLPattern, path

from portal.figures import releases as pages

app_name = "releases"

urlpatterns: list[URLPattern] = [
    path("", pages.releases_page, name="list"),
    path("new/", pages.new, name="new"),
    path("<int:number>/", pages.release_page, name="release"),
    path("<int:number>/hour/", pages.hour, name="hour"),
    path("<int:number>/withdraw/", pages.withdraw, name="withdraw"),
]
