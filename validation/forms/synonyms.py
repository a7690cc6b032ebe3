"""Titles that officials use beside a form's own aliases; a column titled so is read unless another one is surer."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def synonyms_of(form: str) -> Mapping[str, tuple[str, ...]]:
    """Field key -> titles, of one form: its own, and those of fields that all forms share."""
    path = Path(__file__).with_name("synonyms.csv")
    titles: dict[str, tuple[str, ...]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            if line["collection"] in ("*", form):
                titles[line["key"]] = (*titles.get(line["key"], ()), *line["titles"].split("|"))
    return titles
