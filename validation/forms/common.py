"""Rules that every form has: what its columns' own facts ask for, credit codes, places, industries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

import polars as pl

from validation.codelists import labels, reporting_units
from validation.codelists.industries import divisions, groups, industrial_divisions
from validation.codelists.regions import CORPS, CORPS_PREFIX, cities_with_separate_plan
from validation.context import Context
from validation.credit_codes import FAULTS, corrected
from validation.forms.form import Column, Kind, Need
from validation.rules import Reference, Rule, absent, bilingual

#: Investment above this many 10 000 CNY was probably entered in yuan.
LARGE_INVESTMENT = 1_000_000

#: Codes that stand for "other" in any list.
OTHER = ("other", "5G-99", "AI-OT-99")


def column_rules(columns: Iterable[Column]) -> tuple[Rule, ...]:
    """Rules that follow from the columns' own facts: required, within limits, a right credit code."""
    return tuple(rule for column in columns for rule in _of_column(column))


def _of_column(column: Column) -> Iterator[Rule]:
    if column.required is Need.YES:
        yield Rule("cell.E101", (column.key,), ~absent(column.key), _named(column))
    if column.kind in (Kind.ENUM, Kind.ENUM_LIST, Kind.REGION):
        yield _listed_rule(column)
    if column.kind is Kind.TEXT:
        yield _length_rule(column)
    elif column.minimum is not None or column.maximum is not None:
        yield _range_rule(column)
    elif column.kind is Kind.USCC:
        yield from _credit_code_rules(column)


def _named(column: Column) -> dict[str, pl.Expr]:
    return {"column": bilingual(column.label_zh, column.label_en)}


def _listed_rule(column: Column) -> Rule:
    """cell.E106: casting gives codes of the list alone, so this speaks of frames that it did not make, and of stored
    ones whose list has lost a code since."""
    codes, value = list(labels(str(column.codelist))), pl.col(column.key)
    if column.kind is Kind.ENUM_LIST:
        inside = value.map_batches(partial(_all_listed, codes=codes), return_dtype=pl.Boolean)
    else:
        inside = value.is_in(codes)
    return Rule("cell.E106", (column.key,), inside, {"allowed": _allowed(column)})


def _all_listed(lists: pl.Series, codes: list[str]) -> pl.Series:
    # each list is looked at only when some code is unknown: that takes twenty times as long
    if lists.explode().is_in(codes).all():
        return pl.Series([True]).new_from_index(0, len(lists))
    return lists.list.eval(pl.element().is_in(codes)).list.all()


def _allowed(column: Column) -> pl.Expr:
    if column.kind is Kind.REGION:
        return bilingual("现行的6位行政区划代码", "the 6-digit codes of divisions")
    listed = labels(str(column.codelist)).values()
    zh = "、".join(option.label_zh for option in listed)
    return bilingual(zh, ", ".join(option.label_en for option in listed))


def _length_rule(column: Column) -> Rule:
    length = pl.col(column.key).str.len_chars()
    limits = {"min": pl.lit(column.minimum), "max": pl.lit(column.maximum), "length": length}
    return Rule("cell.E108", (column.key,), length.is_between(column.minimum, column.maximum), limits)


def _range_rule(column: Column) -> Rule:
    value, inside = pl.col(column.key), pl.lit(value=True)
    if column.minimum is not None:
        inside &= value >= column.minimum
    if column.maximum is not None:
        inside &= value <= column.maximum
    params = {name: _limit(limit) for name, limit in column.limits.items()}
    if column.kind is Kind.PERCENT:
        params["suggestion"] = _percent_points(column)
    return Rule("cell.E107", (column.key,), inside, params)


def _percent_points(column: Column) -> pl.Expr:
    """What a share outside the limits is as percent points, where that lies within them: 99.95 for 0.9995."""
    share = pl.col(column.key)
    points = (share * 100).round(6)
    meant = (share > 0) & (share <= 1) & points.is_between(column.minimum or 0, column.maximum)
    written = points.cast(pl.String).str.strip_suffix(".0")
    return bilingual(
        pl.when(meant).then(pl.concat_str(pl.lit("，可能应为"), written)).otherwise(pl.lit("")),
        pl.when(meant)
        .then(pl.concat_str(pl.lit("; perhaps "), written, pl.lit(" is meant")))
        .otherwise(pl.lit("")),
    )


def _limit(limit: str | dict[str, str]) -> pl.Expr:
    return pl.lit(limit) if isinstance(limit, str) else bilingual(limit["zh"], limit["en"])


def _credit_code_rules(column: Column) -> Iterator[Rule]:
    """One fault at most per code; W204 speaks of the reporting enterprise only."""
    for code in FAULTS:
        if code != "uscc.W204" or column.key == "enterprise_uscc":
            kept = pl.col(f"_fault_{column.key}").ne_missing(code)
            yield Rule(code, (column.key,), kept, _suggestion(column) if code == "uscc.E201" else None)


def _suggestion(column: Column) -> dict[str, pl.Expr]:
    better = pl.col(column.key).map_batches(corrected, return_dtype=pl.String)
    zh = pl.concat_str(pl.lit("（是否应为"), better, pl.lit("）")).fill_null("")
    en = pl.concat_str(pl.lit(" (perhaps "), better, pl.lit(")")).fill_null("")
    return {"suggestion": bilingual(zh, en)}


def shared_rules(columns: Iterable[Column]) -> tuple[Rule, ...]:
    """The row rules of every form: place, industry, investment, remarks."""
    return (
        Rule("row.E301", ("region_code",), _lies_inside, _own_unit, needs=Reference.UNIT),
        Rule("row.E302", ("region_code",), _is_reported_here, _owner, needs=Reference.UNIT),
        Rule("row.E303", ("industry_code",), _is_industry()),
        Rule("row.W304", ("industry_code",), ~(_is_industrial() & (_industry.str.len_chars() == 2))),
        Rule("row.W305", ("industry_code",), ~_is_industry() | _is_industrial()),
        Rule("row.W306", ("investment_10k_cny",), pl.col("investment_10k_cny") <= LARGE_INVESTMENT),
        _other_rule(tuple(columns)),
    )


_region = pl.col("region_code")
_industry = pl.col("industry_code")


def _unit_of() -> pl.Expr:
    """Reporting unit that a region belongs to."""
    prefecture = _region.str.head(4) + "00"
    return (
        pl.when(_region.str.starts_with(CORPS_PREFIX))
        .then(pl.lit(CORPS))
        .when(prefecture.is_in(cities_with_separate_plan()))
        .then(prefecture)
        .otherwise(_region.str.head(2) + "0000")
    )


def _belongs_elsewhere_in_province(context: Context) -> pl.Expr:
    return (_unit_of() != context.unit) & (_region.str.head(2) + "0000" == context.unit)


def _lies_inside(context: Context) -> pl.Expr:
    return (_unit_of() == context.unit) | _belongs_elsewhere_in_province(context)


def _is_reported_here(context: Context) -> pl.Expr:
    return ~_belongs_elsewhere_in_province(context)


def _own_unit(context: Context) -> dict[str, pl.Expr]:
    unit = reporting_units()[context.unit]
    return {"unit": bilingual(unit.name_zh, unit.name_en)}


def _owner(context: Context) -> dict[str, pl.Expr]:
    units = reporting_units().values()
    codes = [unit.code for unit in units]
    owner = _unit_of()
    zh = owner.replace_strict(codes, [unit.name_zh for unit in units], default=None)
    return {
        "unit": bilingual(zh, owner.replace_strict(codes, [unit.name_en for unit in units], default=None))
    }


def _is_industrial() -> pl.Expr:
    return _industry.str.head(2).is_in(industrial_divisions())


def _is_industry() -> pl.Expr:
    """A division of the standard; below it, in sections B to D, one of their groups."""
    shaped = _industry.str.contains("^[0-9]{2,4}$") & _industry.str.head(2).is_in(list(divisions()))
    grouped = _industry.str.head(3).is_in(list(groups()))
    return shaped & (~_is_industrial() | (_industry.str.len_chars() == 2) | grouped)


def _other_rule(columns: tuple[Column, ...]) -> Rule:
    """row.E307: what is "other" is said in the remark; `column` names the columns that hold it."""
    listed = [c for c in columns if c.codelist and set(OTHER) & set(_codes(c))]
    others = {c: _is_other(c) for c in listed}
    params = {
        "column": bilingual(
            _joined({c.label_zh: e for c, e in others.items()}, "、"),
            _joined({c.label_en: e for c, e in others.items()}, ", "),
        )
    }
    kept = ~pl.any_horizontal(e.fill_null(value=False) for e in others.values()) | ~absent("remark")
    return Rule("row.E307", ("remark",), kept, params)


def _codes(column: Column) -> Iterable[str]:
    enumerated = column.kind in (Kind.ENUM, Kind.ENUM_LIST)
    return labels(column.codelist) if enumerated and column.codelist else ()


def _is_other(column: Column) -> pl.Expr:
    value = pl.col(column.key)
    if column.kind is Kind.ENUM:
        return value.is_in(OTHER)
    return pl.any_horizontal(value.list.contains(code) for code in OTHER if code in _codes(column))


def _joined(named: dict[str, pl.Expr], separator: str) -> pl.Expr:
    """Names of those that are true."""
    parts = [pl.when(true).then(pl.lit(name)) for name, true in named.items()]
    return pl.concat_str(parts, separator=separator, ignore_nulls=True)


def labelled(value: pl.Expr, codelist: str) -> pl.Expr:
    """A code as its labels, struct of zh and en."""
    return bilingual(_label(value, codelist, "label_zh"), _label(value, codelist, "label_en"))


def labelled_list(value: pl.Expr, codelist: str) -> pl.Expr:
    """A list of codes as its labels joined, struct of zh and en."""
    zh = value.list.eval(_label(pl.element(), codelist, "label_zh")).list.join("、")
    return bilingual(zh, value.list.eval(_label(pl.element(), codelist, "label_en")).list.join(", "))


def _label(value: pl.Expr, codelist: str, language: str) -> pl.Expr:
    return value.replace({code: getattr(option, language) for code, option in labels(codelist).items()})
