"""Breakdowns: the dimensions by which figures are split, each with where its values come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from validation import FORMS, Form
from validation.codelists import Option, options
from validation.codelists.industries import INDUSTRIAL_SECTIONS, divisions, groups

TOTAL = "total"
#: value of rows whose optional field is empty, so that the parts still add up to the total
NOT_STATED = "not_stated"
#: value of rows that lie outside the groups of sections B, C and D
OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One dimension. `value` makes a row's code, or its list of codes, from the form's `column` in the typed frame."""

    name: str
    label_zh: str
    label_en: str
    column: str
    value: Callable[[], pl.Expr]
    #: several codes per row: a row is in each of its parts, so the parts do not add up to the total
    multi_valued: bool = False

    @property
    def adds_up(self) -> bool:
        """Whether the parts add up to the total."""
        return not self.multi_valued

    def codelist_in(self, form: Form) -> str:
        """The code list that the parts are of in a form that has the column. Raises KeyError in another form."""
        return str(form.by_key[self.column].codelist)


@cache  # an expression never changes, and to make this one anew takes longer than to use it on a small register
def _section() -> pl.Expr:
    return pl.col("industry_code").str.slice(0, 2).replace_strict(dict(divisions()), default=None)


def _division() -> pl.Expr:
    return pl.col("industry_code").str.slice(0, 2)


@cache
def _group() -> pl.Expr:
    group = pl.col("industry_code").str.slice(0, 3)
    return (
        pl.when(group.is_in(list(groups())))
        .then(group)
        .when(_section().is_in(INDUSTRIAL_SECTIONS))
        .then(None)
        .otherwise(pl.lit(OUTSIDE))
    )


def _column(key: str) -> Callable[[], pl.Expr]:
    return lambda: pl.col(key)


def _codes(key: str) -> Callable[[], pl.Expr]:
    return lambda: pl.col(key).list.unique(maintain_order=True)


BREAKDOWNS: dict[str, Breakdown] = {
    breakdown.name: breakdown
    for breakdown in (
        Breakdown("industry_section", "行业门类", "Industry section", "industry_code", _section),
        Breakdown("industry_division", "行业大类", "Industry division", "industry_code", _division),
        Breakdown("industry_group", "行业中类", "Industry group", "industry_code", _group),
        Breakdown("network_type", "专网类型", "Network type", "network_type", _column("network_type")),
        Breakdown("operator", "运营商", "Operator", "operators", _codes("operators"), multi_valued=True),
        Breakdown("ownership", "企业性质", "Ownership", "ownership", _column("ownership")),
        Breakdown(
            "coverage_level", "覆盖层级", "Coverage level", "coverage_level", _column("coverage_level")
        ),
        Breakdown(
            "security_level", "安全分级", "Security grade", "security_level", _column("security_level")
        ),
        Breakdown("status", "状态", "Status", "status", _column("status")),
        Breakdown("stage", "应用环节", "Stage", "stage", _column("stage")),
        Breakdown("scenario", "应用场景", "Scenario", "scenario", _column("scenario")),
        Breakdown(
            "model_kind", "模型类型", "Model kind", "model_kinds", _codes("model_kinds"), multi_valued=True
        ),
        Breakdown(
            "compute_location",
            "算力部署位置",
            "Compute location",
            "compute_locations",
            _codes("compute_locations"),
            multi_valued=True,
        ),
    )
}

_SPECIAL = (
    Option(NOT_STATED, "未填", "Not stated"),
    Option(OUTSIDE, "B、C、D门类以外", "Outside sections B, C and D"),
)


@cache
def value_labels(name: str) -> Mapping[str, Option]:
    """Every value a breakdown may have, with its labels; raises KeyError on an unknown breakdown."""
    breakdown = BREAKDOWNS[name]
    forms = [form for form in FORMS.values() if breakdown.column in form.by_key]
    codelists = dict.fromkeys(breakdown.codelist_in(form) for form in forms)
    listed = (*(option for codelist in codelists for option in options(codelist)), *_SPECIAL)
    return {option.code: option for option in listed}
