"""Rules that compare a register with the unit's last accepted one; they need `_before_<key>` beside each field."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping

import polars as pl

from validation.context import Context
from validation.forms.common import labelled
from validation.forms.form import Column
from validation.rules import Reference, RegisterRule, Rule, absent, bilingual

#: hist.W405: a change of the number of records is worth a word above both of these.
CHANGE_SHARE, CHANGE_RECORDS = 0.30, 20
#: hist.W407: terminals may grow or shrink by this factor from one period to the next.
TERMINALS_FACTOR = 10


def before(key: str) -> pl.Expr:
    """The field in the last accepted period."""
    return pl.col(f"_before_{key}")


def _history(
    code: str,
    columns: tuple[str, ...],
    holds: pl.Expr,
    params: Mapping[str, pl.Expr],
    at: pl.Expr | None = None,
) -> Rule:
    return Rule(code, columns, holds, params, at, needs=Reference.PREVIOUS)


def status_rule(key: str, codelist: str, steps_back: Mapping[tuple[str, ...], tuple[str, ...]]) -> Rule:
    """hist.E402: `steps_back` maps states before to the states that may not follow them."""
    went_back = pl.any_horizontal(
        before("status").is_in(states) & pl.col("status").is_in(later) for states, later in steps_back.items()
    )
    params = {
        "key": pl.col(key),
        "before": labelled(before("status"), codelist),
        "now": labelled(pl.col("status"), codelist),
    }
    return _history("hist.E402", ("status",), ~went_back, params)


def date_rule(key: str, column: Column) -> Rule:
    """hist.W403: a date that changed or was emptied; a first date is no change."""
    now = pl.col(column.key)
    emptied = before(column.key).is_not_null() & absent(column.key)
    written = now.cast(pl.String)
    params = {
        "key": pl.col(key),
        "column": bilingual(column.label_zh, column.label_en),
        "before": before(column.key).cast(pl.String),
        "now": bilingual(written.fill_null("空"), written.fill_null("blank")),
    }
    changed = (now != before(column.key)).fill_null(value=False)
    return _history("hist.W403", (column.key,), ~(changed | emptied), params)


def investment_rule(key: str) -> Rule:
    """hist.W404: money that was spent stays spent."""
    field = "investment_10k_cny"
    params = {
        "key": pl.col(key),
        "before": before(field).cast(pl.String),
        "now": pl.col(field).cast(pl.String),
    }
    return _history("hist.W404", (field,), pl.col(field) >= before(field), params)


def identity_rule(key: str, columns: Iterable[Column]) -> Rule:
    """hist.W406: what a known record is, who runs it and where; one finding per row, at the first of them that changed,
    names all that did."""
    listed = tuple(columns)
    changed = {c.key: (pl.col(c.key) != before(c.key)).fill_null(value=False) for c in listed}
    params = {
        "key": pl.col(key),
        "column": _changed(listed, changed),
        "before": _shown(listed, changed, before),
        "now": _shown(listed, changed, pl.col),
    }
    kept = ~pl.any_horizontal(changed.values())
    first = pl.coalesce(pl.when(changed[c.key]).then(pl.lit(c.key)) for c in listed)
    return _history("hist.W406", tuple(c.key for c in listed), kept, params, at=first)


def _changed(columns: Iterable[Column], changed: Mapping[str, pl.Expr]) -> pl.Expr:
    """Titles of the columns that changed."""
    return _listed({c.key: bilingual(c.label_zh, c.label_en) for c in columns}, changed)


def _shown(
    columns: Iterable[Column], changed: Mapping[str, pl.Expr], side: Callable[[str], pl.Expr]
) -> pl.Expr:
    """The values of the columns that changed, in the same order, listed codes as labels."""
    return _listed({c.key: _spoken(c, side(c.key)) for c in columns}, changed)


def _listed(texts: Mapping[str, pl.Expr], changed: Mapping[str, pl.Expr]) -> pl.Expr:
    sides = [
        pl.concat_str(
            [pl.when(changed[key]).then(text.struct.field(language)) for key, text in texts.items()],
            separator=separator,
            ignore_nulls=True,
        )
        for language, separator in (("zh", "、"), ("en", ", "))
    ]
    return bilingual(*sides)


def _spoken(column: Column, value: pl.Expr) -> pl.Expr:
    if column.codelist in (None, "regions", "industries"):
        return bilingual(value, value)
    return labelled(value, str(column.codelist))


def terminals_rule(key: str) -> Rule:
    """hist.W407: both figures above 0 and a factor of more than ten between them."""
    now, then = pl.col("terminals"), before("terminals")
    jumped = (now > 0) & (then > 0) & ((now > then * TERMINALS_FACTOR) | (then > now * TERMINALS_FACTOR))
    return _history("hist.W407", ("terminals",), ~jumped, {"key": pl.col(key), "before": then, "now": now})


def missing_rule(key: str, ended: str) -> RegisterRule:
    """hist.W401: records of the last period that are gone and had not `ended`."""

    def broken(frame: pl.DataFrame, context: Context) -> pl.DataFrame:
        if context.previous is None or frame[key].is_null().all():
            return _nothing()
        gone = context.previous.filter(
            pl.col(key).is_not_null()
            & (pl.col("status") != ended)
            & ~pl.col(key).is_in(frame[key].unique().implode())
        )
        return gone.select(
            pl.col(key).alias("key"), pl.struct(key=pl.col(key)).struct.json_encode().alias("params")
        )

    return RegisterRule("hist.W401", broken, needs=Reference.PREVIOUS)


def _nothing() -> pl.DataFrame:
    return pl.DataFrame(schema={"key": pl.String, "params": pl.String})


def _count_changed(frame: pl.DataFrame, context: Context) -> pl.DataFrame:
    then = 0 if context.previous is None else context.previous.height
    change = frame.height - then
    if then == 0 or abs(change) <= CHANGE_RECORDS or abs(change) <= CHANGE_SHARE * then:
        return _nothing()
    params = {"before": then, "now": frame.height, "change": f"{100 * change / then:+.0f}"}
    return pl.DataFrame({"key": [None], "params": [json.dumps(params)]}, schema=_nothing().schema)


#: hist.W405: the number of records jumped.
COUNT_RULE = RegisterRule("hist.W405", _count_changed, needs=Reference.PREVIOUS)
