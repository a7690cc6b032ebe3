"""DEFECTS: the registry of plantable defects, in catalogue order, and planting a list of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import cache
from random import Random

from demo.defect import Changes, Defect, Register, Spot, Typed
from demo.places import places
from validation.codelists.regions import cities_with_separate_plan, divisions, unit_of
from validation.rulebook.example_rows import Written

Fits = Callable[[Typed, Register], bool]


def cell(code: str, column: str, value: Written | None, fits: Fits = lambda row, register: True) -> Defect:
    """One cell gets `value`, whatever it held."""
    return Defect(code, column, lambda row, register: {column: value}, fits)


def derived(
    code: str,
    column: str,
    writes: Callable[[Typed, Register], Changes],
    fits: Fits = lambda row, register: True,
) -> Defect:
    """Cells get values that depend on the row."""
    return Defect(code, column, writes, fits)


def paired(code: str, column: str, twin: Callable[[Typed, Typed, Register], Changes | None]) -> Defect:
    """A row takes cells from another one; both are reported."""
    return Defect(code, column, lambda row, register: {}, twin=twin)


def has(**values: object) -> Fits:
    """Rows that hold these values; a tuple allows several, a list is a list's whole content."""

    def fits(row: Typed, register: Register) -> bool:
        return all(
            row[key] in value if isinstance(value, tuple) else row[key] == value
            for key, value in values.items()
        )

    return fits


def filled(*keys: str) -> Fits:
    """Rows with a value in all of these columns."""
    return lambda row, register: all(row[key] is not None for key in keys)


def both(*conditions: Fits) -> Fits:
    """Rows that meet every condition."""
    return lambda row, register: all(fits(row, register) for fits in conditions)


def new(row: Typed, register: Register) -> bool:
    """Rows that history rules cannot speak of."""
    return register.is_new(row)


def new_and_sole(row: Typed, register: Register) -> bool:
    """Rows whose enterprise may change: new, the enterprise's only one, and on no network of another form."""
    carried = register.form.key.key != "network_code" and row["network_code"] is not None
    return register.is_new(row) and register.is_sole(row) and not carried


def known(row: Typed, register: Register) -> bool:
    """Rows that the register before had."""
    return not register.is_new(row)


def started_this_period(column: str) -> Fits:
    """Rows whose date lies within the period, so that the register before had none."""
    return lambda row, register: row[column] is not None and row[column] >= register.period.start


def live_before(column: str, days: int = 0) -> Fits:
    """Rows whose date lies more than so many days before the period."""
    return lambda row, register: row[column] is not None and (register.period.start - row[column]).days > days


def elsewhere(row: Typed, register: Register) -> Changes:
    """A place in another province, which none of the unit's neighbours reports for."""
    return {"region_code": "110105" if register.unit[:2] != "11" else "310115"}


def of_a_city(row: Typed, register: Register) -> Changes:
    """A place in the unit's province that reports for itself."""
    return {"region_code": reported_by_others(register.unit)[0]}


@cache
def reported_by_others(unit: str) -> list[str]:
    """Counties of the unit's province that another unit reports."""
    own_reporters = ("660000", *cities_with_separate_plan())
    return [
        code
        for code, division in divisions().items()
        if division.level == "county"
        and not division.valid_to
        and division.province == unit
        and unit_of(code) in own_reporters
    ]


@cache
def _former_codes() -> dict[str, str]:
    """Present division -> an abolished one that became it whole."""
    abolished = (
        division for division in divisions().values() if division.valid_to and len(division.successors) == 1
    )
    return {division.successors[0]: division.code for division in abolished}


def former_code(row: Typed, register: Register) -> str | None:
    """The abolished division that became the row's one."""
    return _former_codes().get(row["region_code"])


def moved(row: Typed, register: Register) -> Changes:
    """Another place of the same unit."""
    return {"region_code": next(p.code for p in places(register.unit) if p.code != row["region_code"])}


def later(column: str, days: int) -> Callable[[Typed, Register], Changes]:
    """A date moved by so many days."""
    return lambda row, register: {column: row[column] + timedelta(days=days)}


def duplicated(key: str) -> Callable[[Typed, Typed, Register], Changes | None]:
    """The other row's code; both rows are new."""

    def twin(row: Typed, other: Typed, register: Register) -> Changes | None:
        usable = register.is_new(row) and register.is_new(other) and register.is_sole(row)
        return {key: other[key]} if usable else None

    return twin


def plant(
    register: Register, codes: Iterable[str], defects: tuple[Defect, ...], *, planted: int = 0
) -> list[Spot]:
    """Plant one defect for each of `codes` after the `planted` ones; a code may come several times.

    Gives the spots in row order.

    Raises KeyError for a code that has no defect, LookupError when no clean row fits.
    """
    by_code = {defect.code: defect for defect in defects}
    spots: list[Spot] = []
    for number, code in enumerate(codes, start=planted):
        random = Random(f"{register.unit}/{register.period}/{code}/{number}")  # noqa: S311
        spots += by_code[code].plant(register, random)
    return sorted(spots)
