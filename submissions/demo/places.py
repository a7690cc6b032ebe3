"""Where a unit's demo enterprises stand: the divisions that belong to the unit itself."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import validation

CITIES = ("210200", "330200", "350200", "370200", "440300")
CORPS = "660000"


@dataclass(frozen=True, slots=True)
class Place:
    """A county (or a prefecture without counties) and its name in full and in short."""

    code: str
    full_name: str
    short_name: str
    prefecture: str


@cache
def divisions() -> dict[str, dict[str, str]]:
    """The current divisions by code."""
    path = Path(validation.__file__).parent / "codelists" / "regions.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row for row in csv.DictReader(lines) if not row["valid_to"]}


@cache
def places(unit: str) -> tuple[Place, ...]:
    """The unit's own counties, and prefectures that have none, by code."""
    return tuple(_place(row) for row in divisions().values() if _usable(row) and _owner(row) == unit)


def _usable(row: dict[str, str]) -> bool:
    """Places old enough for every demo period; the islands of 4603 have no industry."""
    smallest = row["level"] == "county" or row["note"] == "no county tier"
    return smallest and row["valid_from"][:4] < "2023" and not row["code"].startswith("4603")


def _owner(row: dict[str, str]) -> str:
    if row["code"].startswith("6590"):
        return CORPS
    city = row["code"][:4] + "00"
    return city if city in CITIES else row["province_code"]


def _place(row: dict[str, str]) -> Place:
    province = divisions()[row["province_code"]]["name_zh"]
    prefecture = divisions().get(row["prefecture_code"], row)
    above = prefecture["name_zh"] if prefecture["level"] == "prefecture" else ""
    own = "" if row["code"] == prefecture["code"] else row["name_zh"]
    return Place(row["code"], province + above + own, _short(row["name_zh"]), _short(above or row["name_zh"]))


def _short(name: str) -> str:
    """昆山市 -> 昆山, 甘孜藏族自治州 -> 甘孜; two-character names stay whole."""
    if "自治" in name:
        return name[:2]
    return name[:-1] if len(name) > 2 and name[-1] in "市区县旗州" else name
