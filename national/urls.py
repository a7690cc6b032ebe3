"""Addresses of the public pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from national import pages

app_name = "national"

urlpatterns: list[URLPattern] = [path("", pages.start, name="start")]
