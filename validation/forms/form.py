"""What a form is made of: columns with all their facts, declared once and checked when the module is imported."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from validation.findings import Severity, severity_of
from validation.periods import Period
from validation.rules import Reference, RegisterRule, Rule


class Kind(StrEnum):
    """The type of a column; casting turns it into a polars dtype."""

    CODE = "code"  # register number, upper-cased
    TEXT = "text"
    USCC = "uscc"  # unified social credit code, GB 32100
    REGION = "region"  # GB/T 2260 code
    INDUSTRY = "industry"  # GB/T 4754 code
    ENUM = "enum"
    ENUM_LIST = "enum_list"  # list of codes
    INT = "int"
    DECIMAL = "decimal"
    PERCENT = "percent"  # percent points
    MONEY = "money"  # 10 000 CNY with two decimals
    BOOL = "bool"
    DATE = "date"


#: Kinds of columns that hold a figure.
FIGURES = frozenset({Kind.INT, Kind.DECIMAL, Kind.PERCENT, Kind.MONEY})


class Role(StrEnum):
    """How a column takes part in the figures."""

    KEY = "key"
    DIMENSION = "dimension"
    SUM = "sum"
    MEAN = "mean"
    REFERENCE = "reference"
    NONE = ""


class Need(StrEnum):
    """Whether a value is required: always, never, or under a rule that says when."""

    YES = "yes"
    NO = "no"
    CONDITIONAL = "cond"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a form. Limits are numbers, dates, or character counts for texts."""

    key: str
    label_zh: str
    label_en: str
    kind: Kind
    aliases: tuple[str, ...] = ()
    unit: str | None = None
    codelist: str | None = None
    required: Need = Need.NO
    minimum: float | date | None = None
    maximum: float | date | None = None
    role: Role = Role.NONE
    note_zh: str = ""
    note_en: str = ""
    #: keys that the column had in former versions of the form, under which stored frames may have it
    former_keys: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        listed = self.kind in (Kind.ENUM, Kind.ENUM_LIST, Kind.REGION, Kind.INDUSTRY)
        if listed != (self.codelist is not None):
            raise TypeError(f"{self.key}: kind {self.kind} and code list {self.codelist} do not go together")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:  # type: ignore[operator]
            raise TypeError(f"{self.key}: the minimum is above the maximum")

    @property
    def limits(self) -> dict[str, str | dict[str, str]]:
        """Message params `min` and `max`; a limit that is not set is said in both languages."""
        return {"min": _limit(self.minimum), "max": _limit(self.maximum)}

    @property
    def titles(self) -> tuple[str, ...]:
        """The official title and its aliases."""
        return (self.label_zh, *self.aliases)


def _limit(limit: float | date | None) -> str | dict[str, str]:
    return {"zh": "不限", "en": "any"} if limit is None else str(limit)


@dataclass(frozen=True, slots=True)
class Companion:
    """The unit's register of another collection and the same period, which rules of a form compare rows with.

    `key` is the column of both forms that names the companion's record, `fields` are its columns that rules read.
    """

    collection: str
    key: str
    fields: tuple[str, ...]


#: columns that every form has: pages sort and group findings by them, and disclosure control counts enterprises
EVERYWHERE = ("enterprise_name", "enterprise_uscc", "region_code")


@dataclass(frozen=True)
class Form:
    """A collection's form: columns in their official order, the rules over them, and all that other parts of the
    system have to know of the collection."""

    name: str
    label_zh: str
    label_en: str
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...] = ()
    register_rules: tuple[RegisterRule, ...] = ()
    template_version: int = 1  # raise when the official workbook changes
    #: stands for the collection in the numbers of receipts; no two forms have the same
    abbreviation: str = field(kw_only=True)
    #: column with the name of the site, if the form has one: with the enterprise it tells sites apart
    site: str = field(default="", kw_only=True)
    #: columns that name one thing in any unit's register; rows of two units that agree in all of one tuple are the same
    matches: tuple[tuple[str, ...], ...] = field(default=(), kw_only=True)
    companion: Companion | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        if len(self.by_key) != len(self.columns):
            raise TypeError(f"{self.name}: a column key is declared twice")
        named = {*EVERYWHERE, *self.compared, *([self.site] if self.site else ())}
        named |= {self.companion.key} if self.companion else set()
        if named - set(self.by_key):
            raise TypeError(f"{self.name} lacks the columns {sorted(named - set(self.by_key))}")
        former = [key for column in self.columns for key in column.former_keys]
        if len(set(former)) != len(former) or set(former) & set(self.by_key):
            raise TypeError(f"{self.name}: a former key is declared twice, or is the key of another column")
        for rule in self.rules:
            unknown = set(rule.columns) - set(self.by_key)
            if unknown:
                raise TypeError(f"{rule.code} names unknown columns {sorted(unknown)}")

    @cached_property
    def by_key(self) -> dict[str, Column]:
        return {column.key: column for column in self.columns}

    @cached_property
    def key(self) -> Column:
        """The column that identifies a record within the unit."""
        return next(column for column in self.columns if column.role is Role.KEY)

    @property
    def compared(self) -> tuple[str, ...]:
        """The columns of `matches`, each once: what is read of other units' registers."""
        return tuple(dict.fromkeys(key for match in self.matches for key in match))

    @property
    def companion_errors(self) -> tuple[str, ...]:
        """Codes of the errors that only a comparison with the companion shows."""
        compared = (rule.code for rule in self.rules if rule.needs is Reference.COMPANION)
        return tuple(code for code in compared if severity_of(code) is Severity.ERROR)

    @property
    def record_name(self) -> Column:
        """The column with the name of a record, which stands after its number."""
        return self.columns[1]

    def rule_versions(self, period: Period) -> dict[str, int]:
        """Version in force for `period` of each rule by code; a code that reading or layout tells has version 1."""
        declared: list[Rule | RegisterRule] = [*self.rules, *self.register_rules]
        versions = [(rule.version, rule.code) for rule in declared if rule.applies_to(period)]
        return {code: version for version, code in sorted(versions)}

    def template_mark(self, period: Period) -> str:
        """Version mark of the official workbook for `period`, e.g. networks-2026Q3-1."""
        return f"{self.name}-{period}-{self.template_version}"
