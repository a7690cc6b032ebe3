"""The declaration of an indicator: its rows, what each of them adds, and how figures of units become the country's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from national.definitions.breakdowns import BREAKDOWNS
from national.definitions.populations import Key, Population
from validation import FORMS, Role


class Adds(StrEnum):
    """How figures of units, and of the parts of a breakdown, become that of the whole."""

    SUM = "sum"  # they add up
    MEAN = "mean"  # sum of what the rows state ÷ number of rows that state it
    SHARE = "share"  # rows of the part ÷ rows of the whole, in percent
    DISTINCT = "distinct"  # different keys, each once however often and by whom it is reported


#: How each way is described, in Chinese and English.
ADDS_TEXTS: dict[Adds, tuple[str, str]] = {
    Adds.SUM: ("各单位之和", "Sum over the units"),
    Adds.MEAN: (
        "填报值之和除以填报个数（不是各单位均值的平均）",
        "Sum of the stated values ÷ how many state one; never a mean of the units' means",
    ),
    Adds.SHARE: (
        "分子之和除以分母之和（不是各单位比例的平均）",
        "Sum of the numerators ÷ sum of the denominators; never a mean of the units' shares",
    ),
    Adds.DISTINCT: (
        "去重计数：多个单位填报的同一对象只计一次，因此不等于各单位之和",
        "Each counted once, whoever reports it, so that it is not the sum over the units",
    ),
}

_ROLES = {Adds.SUM: Role.SUM, Adds.MEAN: Role.MEAN}


@dataclass(frozen=True, slots=True)
class Indicator:
    """Rows of `collection` in `population`, and by `adds` what is made of them.

    SUM: their number, or the sum of `columns` where some are named. MEAN: of the one column named.
    SHARE: those in `part` too, in percent of all. DISTINCT: the different `key`s; the rows of the other
    register that are in `other` have keys as well. `also_needs` names another register that must be in force.
    """

    code: str
    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    definition_zh: str
    definition_en: str
    collection: str
    population: Population
    breakdowns: tuple[str, ...]
    columns: tuple[str, ...] = ()
    also_needs: tuple[str, ...] = ()
    adds: Adds = Adds.SUM
    part: Population | None = None
    key: Key | None = None
    other: Population | None = None
    #: breakdowns whose parts share no key, so that even distinct counts add up over them
    disjoint: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        by_key = FORMS[self.collection].by_key
        unknown = {
            name
            for name in self.breakdowns
            if name not in BREAKDOWNS or BREAKDOWNS[name].column not in by_key
        }
        unfit = [key for key in self.columns if by_key[key].role is not _ROLES.get(self.adds)]
        if unknown or unfit:
            raise TypeError(
                f"{self.code}: unknown breakdowns {unknown}, columns without a {self.adds} {unfit}"
            )
        needed = {Adds.MEAN: len(self.columns) == 1, Adds.SHARE: self.part, Adds.DISTINCT: self.key}
        if not needed.get(self.adds, True) or (self.other and len(self.also_needs) != 1):
            raise TypeError(f"{self.code}: a {self.adds} needs more than it declares")

    @property
    def collections(self) -> tuple[str, ...]:
        """Every register the indicator is made from, the counted one first."""
        return (self.collection, *self.also_needs)

    @property
    def populations(self) -> dict[str, Population]:
        """By collection the rows that stand behind the figure."""
        counted = {self.collection: self.population}
        return counted | {self.also_needs[0]: self.other} if self.other else counted

    @property
    def is_quotient(self) -> bool:
        """Whether its figures are numerator ÷ denominator."""
        return self.adds in (Adds.MEAN, Adds.SHARE)

    @property
    def decimals(self) -> int:
        """Decimal places of its figures: two for amounts of money and percentages, none for counts."""
        return 2 if self.unit_zh in ("万元", "%") else 0

    @property
    def factor(self) -> int:
        """The factor of the quotient: 100 for shares, which are in percent."""
        return 100 if self.adds is Adds.SHARE else 1

    def codelist(self, breakdown: str) -> str:
        """The code list that the parts of `breakdown` are of: that of the counted register."""
        return BREAKDOWNS[breakdown].codelist_in(FORMS[self.collection])

    def parts_add_up(self, breakdown: str) -> bool:
        """Whether the parts of `breakdown` add up to the total."""
        if self.adds is Adds.DISTINCT:
            return breakdown in self.disjoint
        return self.adds is Adds.SUM and BREAKDOWNS[breakdown].adds_up
