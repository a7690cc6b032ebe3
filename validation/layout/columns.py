"""Findings about the header: missing, repeated, unknown and aliased columns, and the units of their figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz, process

from validation.findings import Finding
from validation.forms.form import Column, Form, Need
from validation.layout.header import Header
from validation.layout.title_parts import take_apart
from validation.layout.words import joined
from validation.raw import RawSheet, address, column_letter
from validation.table import MappedColumn
from validation.units import factor, find_unit

#: Likeness (0-100) from which on an unknown title is named as perhaps meant.
CLOSE = 55


def with_units(
    sheet: RawSheet, header: Header, form: Form, line: Sequence[str]
) -> tuple[tuple[MappedColumn, ...], list[Finding]]:
    """The columns with the unit that their title or the unit line names, and file.E018 where that is unclear."""
    columns, findings = [], []
    for column in header.columns:
        field = form.by_key.get(column.key or "")
        if field is None or field.unit is None:
            columns.append(column._replace(unit=None))
            continue
        unit, problem = _unit(column, field, line)
        columns.append(column._replace(unit=unit))
        if problem is not None:
            findings.append(
                _finding("file.E018", sheet, header, column, field.key, column=column.title, detail=problem)
            )
    return tuple(columns), findings


def _unit(
    column: MappedColumn, field: Column, line: Sequence[str]
) -> tuple[str | None, dict[str, str] | None]:
    """(unit, what is unclear about it)."""
    stated = next((unit for unit in line if _same_dimension(unit, field.unit)), None)
    foreign = (
        next((unit for unit in line if find_unit(unit) is None), None) if _is_money(field.unit) else None
    )
    unit = column.unit or stated or foreign
    if column.unit and stated and factor(column.unit, stated) != 1:
        return column.unit, {
            "zh": f"列名写“{column.unit}”，单位行写“{stated}”",
            "en": f"the title says {column.unit} and the unit line says {stated}",
        }
    if unit is not None and factor(unit, field.unit) is None:
        return None, {
            "zh": f"“{unit}”不能换算为“{field.unit}”",
            "en": f"{unit} cannot be converted to {field.unit}",
        }
    return unit, None


def _same_dimension(unit: str, other: str | None) -> bool:
    here, there = find_unit(unit), find_unit(other or "")
    return here is not None and there is not None and here.dimension == there.dimension


def _is_money(unit: str | None) -> bool:
    return _same_dimension("元", unit)


def column_findings(sheet: RawSheet, header: Header, form: Form) -> Iterator[Finding]:
    """file.E006, E007, W008 and I021 of one header."""
    missing = [
        column for column in form.columns if column.required is Need.YES and column.key not in header.keys
    ]
    repeated = dict(header.repeated)
    unknown = [
        column for column in header.columns if column.how == "unknown" and column.position not in repeated
    ]
    if missing:
        yield Finding("file.E006", sheet=sheet.name, params={"columns": _missing(missing, unknown)})
    for column in header.columns:
        if column.position in repeated:
            yield _finding("file.E007", sheet, header, column, column.title, column=column.title)
        elif column.how == "unknown":
            yield _finding("file.W008", sheet, header, column, column.title, column=column.title)
        elif column.how in ("alias", "remembered") and column.key is not None:
            official = form.by_key[column.key]
            labels = {"zh": official.label_zh, "en": official.label_en}
            yield _finding(
                "file.I021", sheet, header, column, official.key, found=column.title, column=labels
            )


def untitled(sheet: RawSheet, header: Header, position: int) -> Finding:
    """file.W008 for a column that holds data and has no title."""
    name = column_letter(position)
    label = {"zh": f"{name}列（无列名）", "en": f"{name} (no title)"}
    column = MappedColumn(position, name, None, "unknown")
    return _finding("file.W008", sheet, header, column, name, column=label)


def _finding(
    code: str, sheet: RawSheet, header: Header, mapped: MappedColumn, name: str, **params: object
) -> Finding:
    return Finding(
        code,
        sheet=sheet.name,
        column=name,
        cell=address(header.bottom, mapped.position),
        value=mapped.title,
        params=params,
    )


def _missing(missing: Sequence[Column], unknown: Sequence[MappedColumn]) -> dict[str, str]:
    """The missing columns, each with the closest title that is not known."""
    return joined([_closest(column, unknown) for column in missing])


def _closest(column: Column, unknown: Sequence[MappedColumn]) -> dict[str, str]:
    best: tuple[str, float] = ("", 0)
    names = {other.title: take_apart(other.title.rsplit(" / ", 1)[-1]).name for other in unknown}
    for title in column.titles:
        closest = process.extractOne(take_apart(title).name, names, scorer=fuzz.ratio, score_cutoff=CLOSE)
        if closest is not None and closest[1] > best[1]:
            best = (closest[2], closest[1])
    if not best[0]:
        return {"zh": column.label_zh, "en": f"{column.label_en} ({column.label_zh})"}
    return {
        "zh": f"{column.label_zh}（最接近的列名：“{best[0]}”）",
        "en": f"{column.label_en} ({column.label_zh}; closest title: “{best[0]}”)",
    }
