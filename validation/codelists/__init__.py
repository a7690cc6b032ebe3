"""The code lists as data: what a listed column may hold, read once from the CSV files beside this module."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from validation.codelists.fold import fold

_HERE = Path(__file__).parent


class Option(NamedTuple):
    """One allowed value of a code list."""

    code: str
    label_zh: str
    label_en: str
    aliases: tuple[str, ...] = ()


class ReportingUnit(NamedTuple):
    """One of the 37 units that report. `parent` is the province of a city with separate plan."""

    code: str
    iso: str
    name_zh: str
    short_zh: str
    name_en: str
    kind: str
    parent: str
    aliases: tuple[str, ...]


def rows_of(name: str) -> Iterator[dict[str, str]]:
    """Rows of one code-list file, e.g. ``regions``."""
    with (_HERE / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _split(aliases: str) -> tuple[str, ...]:
    return tuple(aliases.split("|")) if aliases else ()


@cache
def reporting_units() -> Mapping[str, ReportingUnit]:
    """The 37 reporting units by code, in the list's order."""
    return {
        row["code"]: ReportingUnit(
            row["code"],
            row["iso3166_2"],
            row["name_zh"],
            row["short_zh"],
            row["name_en"],
            row["kind"],
            row["parent_code"],
            _split(row["aliases"]),
        )
        for row in rows_of("reporting_units")
        if row["reports_to_miit"] == "yes"
    }


@cache
def _enums() -> Mapping[str, tuple[Option, ...]]:
    lists: dict[str, list[Option]] = {}
    for row in rows_of("enums"):
        option = Option(row["code"], row["label_zh"], row["label_en"], _split(row["aliases"]))
        lists.setdefault(row["codelist"], []).append(option)
    return {name: tuple(listed) for name, listed in lists.items()}


#: Code lists kept in files of their own: name -> files, in order.
_OWN_FILES = {
    "scenario_5g": ("scenarios_5g",),
    "scenario_ai": ("scenarios_ai",),
    "industries": ("industries", "industry_groups"),
}


@cache
def options(codelist: str) -> tuple[Option, ...]:
    """The allowed values of a code list in their official order; raises KeyError on an unknown list.

    Of ``regions`` all divisions are given, abolished ones too; what a period allows is told by
    `validation.codelists.regions`.
    """
    if codelist == "regions":
        return tuple(Option(row["code"], row["name_zh"], row["name_zh"]) for row in rows_of("regions"))
    if codelist in _OWN_FILES:
        rows = (row for name in _OWN_FILES[codelist] for row in rows_of(name))
        return tuple(Option(row["code"], row["name_zh"], row["name_en"]) for row in rows)
    return _enums()[codelist]


@cache
def labels(codelist: str) -> Mapping[str, Option]:
    """Code -> option."""
    return {option.code: option for option in options(codelist)}


def spellings(option: Option) -> tuple[str, ...]:
    """Every way in which an option may be written, before folding."""
    code, zh, en = option.code, option.label_zh, option.label_en
    return (code, zh, en, *option.aliases, f"{code}{zh}", f"{code}-{zh}", f"{zh}({code})")


@cache
def lookup(codelist: str) -> Mapping[str, str]:
    """Folded spelling -> code. Where two options share a spelling the first one in the list keeps it."""
    codes: dict[str, str] = {}
    for option in options(codelist):
        for spelling in spellings(option):
            codes.setdefault(fold(spelling), option.code)
    return codes


def resolve(codelist: str, text: str) -> str | None:
    """The code that `text` stands for, None when the list does not have it."""
    return lookup(codelist).get(fold(text))


@cache
def scenario_stages() -> Mapping[str, str]:
    """AI-… scenario code -> code of its stage; AI-OT-99 has none."""
    stages = {option.label_zh: option.code for option in options("ai_stage")}
    return {
        row["code"]: stages[row["stage_zh"]]
        for row in rows_of("scenarios_ai")
        if row["code"].startswith("AI-") and row["stage_zh"] in stages
    }
