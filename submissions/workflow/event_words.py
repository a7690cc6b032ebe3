"""The facts of an event in the reader's language: which file, how many cells, which titles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from submissions.labels import column_label, listed, period_label
from submissions.models import Collection, Event
from submissions.workflow.failures import FAILURES


def event_detail(event: Event) -> str:
    """Return the facts of `event.detail` in words, empty where the act says all."""
    parts = [words(event.detail[key], event) for key, words in _WORDS.items() if key in event.detail]
    return listed(filter(None, parts))


def _titles(titles: dict[str, str | None], event: Event) -> str:
    collection = event.submission.collection
    return listed(
        _("“%(title)s” means %(field)s") % {"title": title, "field": column_label(collection, field)}
        if field
        else _("“%(title)s” is ignored") % {"title": title}
        for title, field in titles.items()
    )


def _sheets(sheets: dict[str, int | None], event: Event) -> str:
    return listed(
        _("“%(sheet)s” with its header in row %(row)d") % {"sheet": sheet, "row": row}
        if row
        else _("“%(sheet)s” is not read") % {"sheet": sheet}
        for sheet, row in sheets.items()
    )


def _cells(count: int, event: Event) -> str:
    return ngettext("%(count)s cell", "%(count)s cells", count) % {"count": f"{count:,}"}


def _warnings(count: int, event: Event) -> str:
    return ngettext("%(count)s warning", "%(count)s warnings", count) % {"count": f"{count:,}"}


#: key of `Event.detail` -> its words
_WORDS: dict[str, Callable[[Any, Event], str]] = {
    "file": lambda name, event: str(name),
    "attempt": lambda number, event: _("attempt %(number)d") % {"number": number},
    "failure": lambda code, event: str(FAILURES.get(code, code)),
    "version": lambda number, event: _("version %(number)d") % {"number": number},
    "titles": _titles,
    "title": lambda title, event: _("“%(title)s”") % {"title": title},
    "sheets": _sheets,
    "cells": _cells,
    "rules": lambda counts, event: listed(f"{code} × {count:,}" for code, count in sorted(counts.items())),
    "warnings": _warnings,
    "collection": lambda name, event: str(Collection(name).label),
    "period": lambda code, event: period_label(code),
    "link": lambda number, event: _("link %(number)d") % {"number": number},
    "text": lambda text, event: str(text),
}
