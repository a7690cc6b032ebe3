"""Findings: one broken rule at one place, kept as a polars frame and rendered in Chinese and English on demand."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

#: Columns of every findings frame, in order. `params` is a JSON object with the values that the
#: catalogue's message template names; `value` is the cell's original text. `row` is the
#: spreadsheet's own row number, `column` the field key (the title when unknown), `cell` the address
#: such as F12, `key` the record key of the row. All but `code` and `params` may be null.
FINDING_SCHEMA: dict[str, Any] = {
    "sheet": pl.String,
    "row": pl.Int32,
    "column": pl.String,
    "cell": pl.String,
    "code": pl.String,
    "value": pl.String,
    "params": pl.String,
    "key": pl.String,
}


#: Stands in the catalogue between an English message about one row and that about several.
ONE_OR_MORE = " | "
#: What messages name that findings of earlier checks do not carry.
_LATER = {"closest": "", "suggestion": ""}
_ONE_ROW = re.compile(r"(?:[^、,…]+!)?[0-9]+")


class Severity(StrEnum):
    """E blocks sign-off, W must be fixed or explained, I informs. It is the letter of the rule's code."""

    ERROR = "E"
    WARNING = "W"
    INFO = "I"

    @property
    def label_zh(self) -> str:
        """Its Chinese name."""
        return SEVERITY_LABELS[self]["zh"]

    @property
    def label_en(self) -> str:
        """Its English name."""
        return SEVERITY_LABELS[self]["en"]


#: names of the severities by language; everything that shows or exports a severity takes them from here
SEVERITY_LABELS: Mapping[Severity, Mapping[str, str]] = {
    Severity.ERROR: {"zh": "错误", "en": "Error"},
    Severity.WARNING: {"zh": "警告", "en": "Warning"},
    Severity.INFO: {"zh": "提示", "en": "Note"},
}


def severity_of(code: str) -> Severity:
    """Return the severity in a code such as ``cell.E101``."""
    return Severity(code.split(".", 1)[1][0])


@dataclass(frozen=True, slots=True)
class RuleText:
    """One line of the rule catalogue: what is wrong, said in two languages, and what to do about it."""

    code: str
    level: str
    collection: str
    columns: tuple[str, ...]
    condition_zh: str
    condition_en: str
    message_zh: str
    message_en: str
    fix_zh: str
    fix_en: str
    #: the English message where its `count`, or its `rows`, are one; Chinese says both alike
    message_one_en: str = ""

    @property
    def severity(self) -> Severity:
        return severity_of(self.code)

    def message_of(self, params: Mapping[str, Any]) -> str:
        """The English message for as many rows as the params tell of."""
        told = params.get("count", params.get("rows"))
        return self.message_one_en if self.message_one_en and _is_one(told) else self.message_en


def _is_one(told: object) -> bool:
    """Whether a count is 1, or rows written as text are a single one, of this sheet or of another one."""
    return told == 1 if isinstance(told, int) else bool(_ONE_ROW.fullmatch(str(told)))


#: files with rules' texts: those of the engine, then those of installed collections
_CATALOGUES = [Path(__file__).parent / "catalogue.csv"]


def add_catalogue(path: Path) -> None:
    """Read the texts of more rules from a CSV file with the columns of `catalogue.csv`.

    Raises ValueError when one of its codes is there already.
    """
    taken = set(catalogue()) & {text.code for text in _texts(path)}
    if taken:
        raise ValueError(f"{path.name}: there are rules {sorted(taken)} already")
    _CATALOGUES.append(path)
    catalogue.cache_clear()


@cache
def catalogue() -> Mapping[str, RuleText]:
    """All rules by code, in catalogue order."""
    return {text.code: text for path in _CATALOGUES for text in _texts(path)}


def _texts(path: Path) -> list[RuleText]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            RuleText(
                code=row["code"],
                level=row["level"],
                collection=row["collection"],
                columns=tuple(row["columns"].split()),
                condition_zh=row["when_zh"],
                condition_en=row["when_en"],
                message_zh=row["message_zh"],
                message_en=row["message_en"].rpartition(ONE_OR_MORE)[2],
                fix_zh=row["fix_zh"],
                fix_en=row["fix_en"],
                message_one_en=row["message_en"].rpartition(ONE_OR_MORE)[0],
            )
            for row in csv.DictReader(lines)
        ]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding as a Python object, for structure rules and for the edges; bulk work stays in frames."""

    code: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    cell: str | None = None
    value: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None

    @property
    def severity(self) -> Severity:
        return severity_of(self.code)

    def message(self, language: str) -> str:
        """The message in ``zh`` or ``en``. A param that differs by language is an object {"zh": …, "en": …}; where there
        is nothing to suggest the param `suggestion` may be missing."""
        text = catalogue()[self.code]
        template = text.message_zh if language == "zh" else text.message_of(self.params)
        chosen = {k: v[language] if isinstance(v, dict) else v for k, v in self.params.items()}
        return template.format(**{"value": self.value or "", **_LATER, **chosen}).strip()

    def fix(self, language: str) -> str:
        """What to do, in ``zh`` or ``en``; empty when nothing is to be done."""
        text = catalogue()[self.code]
        return text.fix_zh if language == "zh" else text.fix_en


def to_frame(findings: Iterable[Finding]) -> pl.DataFrame:
    """Findings as a frame of FINDING_SCHEMA."""
    rows = [
        (
            f.sheet,
            f.row,
            f.column,
            f.cell,
            f.code,
            f.value,
            json.dumps(dict(f.params), ensure_ascii=False),
            f.key,
        )
        for f in findings
    ]
    return pl.DataFrame(rows, schema=FINDING_SCHEMA, orient="row")


def from_row(row: Mapping[str, Any]) -> Finding:
    """A Finding from one row of a findings frame (``iter_rows(named=True)``)."""
    return Finding(
        code=row["code"],
        sheet=row["sheet"],
        row=row["row"],
        column=row["column"],
        cell=row["cell"],
        value=row["value"],
        params=json.loads(row["params"] or "{}"),
        key=row["key"],
    )
