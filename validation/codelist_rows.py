"""Code lists as plain rows and as options, read from the lists' files."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple


class Option(NamedTuple):
    code: str
    label_zh: str
    label_en: str
    aliases: tuple[str, ...] = ()


@cache
def rows(name: str) -> dict[str, dict[str, str]]:
    path = Path(__file__).parent / "codelists" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row for row in csv.DictReader(lines)}


@cache
def options(codelist: str) -> tuple[Option, ...]:
    if codelist == "scenario_5g":
        return tuple(Option(c, r["name_zh"], r["name_en"]) for c, r in rows("scenarios_5g").items())
    if codelist == "scenario_ai":
        return tuple(Option(c, r["name_zh"], r["name_en"]) for c, r in rows("scenarios_ai").items())
    path = Path(__file__).parent / "codelists" / "enums.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Option(r["code"], r["label_zh"], r["label_en"])
            for r in csv.DictReader(lines)
            if r["codelist"] == codelist
        )
