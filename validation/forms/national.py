"""Rules that compare a signed register with those of other units; their findings are for reviewers, not for the unit."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from validation.codelists import reporting_units
from validation.context import Context
from validation.rules import Reference, RegisterRule, Rule, bilingual, folded

#: nat.W503: growth this many robust standard deviations from the median is far, told of no fewer units.
FAR_SCORE, LEAST_UNITS = 5.0, 8
#: What makes a median absolute, and a mean absolute, deviation comparable to a standard deviation.
_MEDIAN_SCALE, _MEAN_SCALE = 1.4826, 1.2533
#: Points of growth that count as no difference at all where all other units grew alike.
_ALIKE_POINTS = 1.0

Match = tuple[pl.Expr, ...]

#: Schema of `Context.growth`: rows of each unit's register, and of its last accepted one before.
GROWTH_SCHEMA: dict[str, type[pl.DataType]] = {"unit": pl.String, "before": pl.Int64, "now": pl.Int64}


def same_elsewhere_rule(code: str, matched: Sequence[Sequence[str]], columns: tuple[str, ...]) -> Rule:
    """nat.W501 and nat.W502: another unit reports the same; the first unit and its record are named.

    `matched` are the columns that have to agree, as `Form.matches` has them; texts agree in their comparing form.
    """
    matches = [tuple(map(folded, keys)) for keys in matched]

    def holds(context: Context) -> pl.Expr:
        return pl.all_horizontal(
            ~_joined(match).is_in(_reported(context, match)["same"].implode()).fill_null(value=False)
            for match in matches
        )

    def params(context: Context) -> dict[str, pl.Expr]:
        firsts = [(match, _first_of_each(_reported(context, match))) for match in matches]
        return {"unit": _unit_names(_told(firsts, "unit")), "other": _told(firsts, "key")}

    def place(context: Context) -> pl.Expr:
        """The first column of the match that holds."""
        known = [(match, _reported(context, match)["same"].implode()) for match in matches]
        return pl.coalesce(
            pl.when(_joined(match).is_in(same)).then(pl.lit(_first_key(match))) for match, same in known
        )

    return Rule(code, columns, holds, params, place, needs=Reference.OTHERS)


def _first_key(match: Match) -> str:
    return match[0].meta.root_names()[0]


def _joined(match: Match) -> pl.Expr:
    """Null where a part is missing: what is not known matches nothing."""
    return pl.concat_str(match, separator="\x1f")


def _reported(context: Context, match: Match) -> pl.DataFrame:
    """`same`, `unit` and `key` of the other units' rows."""
    assert context.others is not None  # noqa: S101 the rule needs it
    return context.others.select("unit", "key", same=_joined(match)).drop_nulls("same")


def _first_of_each(reported: pl.DataFrame) -> pl.DataFrame:
    """One row per `same`: that of the lowest unit."""
    return reported.sort("unit", "key").unique("same", keep="first")


def _told(firsts: Sequence[tuple[Match, pl.DataFrame]], field: str) -> pl.Expr:
    return pl.coalesce(
        _joined(match).replace_strict(first["same"], first[field], default=None, return_dtype=pl.String())
        for match, first in firsts
    )


def _unit_names(units: pl.Expr) -> pl.Expr:
    known = reporting_units()
    zh = {code: unit.name_zh for code, unit in known.items()}
    en = {code: unit.name_en for code, unit in known.items()}
    return bilingual(units.replace(zh), units.replace(en))


def _grew_unlike_others(frame: pl.DataFrame, context: Context) -> pl.DataFrame:
    nothing = pl.DataFrame(schema={"key": pl.String, "params": pl.String})
    assert context.growth is not None  # noqa: S101 the rule needs it
    grown = context.growth.filter(pl.col("before") > 0).select(
        "unit", growth=100 * (pl.col("now") / pl.col("before") - 1)
    )
    own = grown.filter(unit=context.unit)["growth"]
    others = grown.filter(pl.col("unit") != context.unit)["growth"]
    if own.is_empty() or len(others) < LEAST_UNITS or robust_score(own[0], others) <= FAR_SCORE:
        return nothing
    value = pl.lit(f"{own[0]:+.0f}")
    return pl.select(
        key=pl.lit(None, dtype=pl.String), params=pl.struct(value=value).struct.json_encode()
    ).cast(nothing.schema)


def robust_score(value: float, others: pl.Series) -> float:
    """How far `value` lies from the median of `others` (floats, at least one), in robust standard deviations.

    Where more than half of them are equal the median absolute deviation is 0 and says nothing: the mean
    absolute deviation takes its place, and at least one point.
    """
    deviations = (others - _median(others)).abs()
    spread = _MEDIAN_SCALE * _median(deviations)
    if spread == 0:
        spread = max(_MEAN_SCALE * float(deviations.sum()) / len(deviations), _ALIKE_POINTS)
    return abs(value - _median(others)) / spread


def _median(values: pl.Series) -> float:
    return float(values.to_frame("of").select(pl.col("of").median()).item())


#: nat.W503: the register grew, or shrank, unlike those of the other units.
GROWTH_RULE = RegisterRule("nat.W503", _grew_unlike_others, needs=Reference.GROWTH)
