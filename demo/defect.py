"""Plantable defects: which rows a defect fits, what it writes there, and which code a check then reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Any

import polars as pl

from validation import Form, Period
from validation.display import display
from validation.rulebook.example_rows import Written

Typed = Mapping[str, Any]
Changes = Mapping[str, Written | None]
#: (index of the row in the register, field key, rule code)
Spot = tuple[int, str, str]


@dataclass
class Register:
    """A register as typed and as written; `known` are the keys of the register before it."""

    form: Form
    unit: str
    period: Period
    typed: list[dict[str, Any]]
    written: list[dict[str, Written | None]]
    known: frozenset[str]
    used: set[int] = field(default_factory=set)

    @classmethod
    def of(
        cls, form: Form, unit: str, period: Period, records: pl.DataFrame, before: pl.DataFrame
    ) -> Register:
        """From the typed frames of this period and the one before."""
        return cls(
            form,
            unit,
            period,
            records.to_dicts(),
            display(form, records).to_dicts(),
            frozenset(before[form.key.key]),
        )

    @cached_property
    def rows_of_enterprise(self) -> Counter[str]:
        """How many rows each credit code has."""
        return Counter(row["enterprise_uscc"] for row in self.typed)

    def written_of(self, row: Typed) -> Changes:
        """The written form of a typed row."""
        return self.written[next(place for place, row_typed in enumerate(self.typed) if row_typed is row)]

    def is_new(self, row: Typed) -> bool:
        """Whether the record was not in the register before, so that a change breaks no history rule."""
        return row[self.form.key.key] not in self.known

    def is_sole(self, row: Typed) -> bool:
        """Whether the enterprise has no other row."""
        return self.rows_of_enterprise[row["enterprise_uscc"]] == 1


@dataclass(frozen=True)
class Defect:
    """One way to break one rule in one row and nothing else.

    `writes` gives the cells to change; `fits` the rows it suits. `twin` marks table rules: it gives
    the cells from another row, which is then reported as well.
    """

    code: str
    column: str
    writes: Callable[[Typed, Register], Changes]
    fits: Callable[[Typed, Register], bool] = lambda row, register: True
    twin: Callable[[Typed, Typed, Register], Changes | None] | None = None

    def plant(self, register: Register, random: Random) -> list[Spot]:
        """Spoil one unused row and return the spots. Raises LookupError when no row fits."""
        order = [index for index in range(len(register.typed)) if index not in register.used]
        random.shuffle(order)
        for index in order:
            spots = self._try(register, index, order)
            if spots:
                return spots
        raise LookupError(f"no clean row of the register fits a defect of {self.code}")

    def _try(self, register: Register, index: int, order: Sequence[int]) -> list[Spot]:
        row = register.typed[index]
        if not self.fits(row, register):
            return []
        if self.twin is None:
            return self._spoil(register, [index], index, self.writes(row, register))
        for other in order:
            changes = self.twin(row, register.typed[other], register) if other != index else None
            if changes is not None:
                return self._spoil(register, sorted((index, other)), index, changes)
        return []

    def _spoil(self, register: Register, indexes: list[int], index: int, changes: Changes) -> list[Spot]:
        register.written[index] = {**register.written[index], **changes}
        register.used.update(indexes)
        return [(index, self.column, self.code) for index in indexes]
