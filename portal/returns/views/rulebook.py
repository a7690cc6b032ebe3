"""Rulebook: forms and rules, generated from the declarations and the catalogue; open to everyone."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.badges import RULE_LEVELS
from validation import FORMS
from validation.rulebook.listing import (
    CODELIST_NAMES,
    RuleRow,
    code_rows,
    codelists_of,
    column_rows,
    limit_rows,
    rule_rows,
)

#: Places are thousands of lines; the page names the list and the workbook carries it.
_NOT_LISTED = {"regions"}


@require_safe
def rulebook(request: HttpRequest, collection: str = next(iter(FORMS))) -> HttpResponse:
    if collection not in FORMS:
        raise Http404
    limits = limit_rows(settings.UPLOAD_LIMITS)
    context = {
        "forms": FORMS.values(),
        "form": FORMS[collection],
        "limits": limits,
        **_content(collection),
    }
    return render(request, "returns/rulebook.html", context)


@cache
def _content(collection: str) -> dict[str, Any]:
    """Rows of the page; they change with the code only."""
    form = FORMS[collection]
    lists = [name for name in codelists_of(form) if name not in _NOT_LISTED]
    return {
        "columns": column_rows(form),
        "levels": _by_level(rule_rows(form)),
        "listed": lists,
        "codelists": [(name, CODELIST_NAMES[name], code_rows(name)) for name in lists],
    }


def _by_level(rules: list[RuleRow]) -> list[tuple[str, list[RuleRow]]]:
    grouped = [(level, [rule for rule in rules if rule["level"] == level]) for level in RULE_LEVELS]
    return [(level, level_rules) for level, level_rules in grouped if level_rules]
