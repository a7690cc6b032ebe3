"""How tests of the pages visit them: a browser logged in as someone, and findings to see on the pages."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from submissions.models import Submission, User
from tests.acts import check, send
from tests.planned_engine import Engine, planned
from validation import Finding

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/portal/"}


def browser(user: User | None = None, language: str = "en") -> Client:
    """A browser in `language`, logged in as `user`."""
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    if user is not None:
        client.force_login(user)
    return client


def page(name: str, submission: Submission, query: str = "") -> str:
    """Address of a submission's page, e.g. portal:sign."""
    return reverse(name, args=[submission.pk]) + query


def text(response: HttpResponse) -> str:
    """The page's HTML with its white space closed up."""
    return " ".join(response.content.decode().split())


def missing(row: int, column: str = "network_name") -> Finding:
    """An error: a required value is missing."""
    named = {"zh": "专网名称", "en": "Network name"}
    return Finding(
        "cell.E101",
        sheet="专网",
        row=row,
        column=column,
        cell=f"B{row}",
        params={"column": named},
        key=f"JS-{row}",
    )


def converted(row: int, value: str = "100台") -> Finding:
    """A warning: a unit was read from the cell."""
    return Finding(
        "cell.W118",
        sheet="专网",
        row=row,
        column="terminals",
        cell=f"S{row}",
        value=value,
        params={"converted": "100"},
        key=f"JS-{row}",
    )


def checked_with(engine: Engine, by: User, findings: Iterable[Finding] = (), rows: int = 3) -> Submission:
    """A network form of `by` whose check found these."""
    engine.answer = planned(list(findings), rows=rows, unit=by.unit_id)
    return check(send(by))
