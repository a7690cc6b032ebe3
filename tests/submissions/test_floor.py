"""The floor of submissions: it names nothing of the floors above it, which it may not import either."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import get_resolver

from national.permissions import Action as NationalAction
from national.refusals import NationalRefusal
from submissions.workflow.permissions import Action
from submissions.workflow.refusals import Refusal

FILES = [
    path
    for path in sorted((settings.BASE_DIR / "submissions").rglob("*.py"))
    if "migrations" not in path.parts
]


def texts(path: Path) -> Iterator[str]:
    """Every string of a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def foreign(text: str) -> bool:
    """Whether a text is a URL name or a path of the pages or the API, or a code of the national floor."""
    resolver = get_resolver()
    paths = {f"/{prefix}" for prefix, _names in resolver.namespace_dict.values() if prefix}
    return (
        text.partition(":")[0] in resolver.namespace_dict
        and ":" in text
        and " " not in text
        or text in paths
        or text in {*NationalRefusal, *NationalAction}
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_nothing_of_a_higher_floor_is_named(path: Path) -> None:
    assert [text for text in texts(path) if foreign(text)] == []


@pytest.mark.parametrize("text", ["portal:submission", "review:home", "/portal/", "hour-past", "release"])
def test_what_is_foreign_is_noticed(text: str) -> None:
    assert foreign(text)


def test_each_floor_has_its_own_codes() -> None:
    assert not {*Refusal} & {*NationalRefusal}
    assert not {*Action} & {*NationalAction}
