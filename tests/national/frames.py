"""Typed registers for tests: rows that count unless a field says otherwise."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl

from validation import FORMS, frame_schema

_NETWORK: dict[str, Any] = {
    "_sheet": "专网",
    "enterprise_uscc": "91320000MA1000000X",
    "site_name": "一厂",
    "industry_code": "361",
    "network_type": "virtual",
    "operators": ["mobile"],
    "security_level": "grade_1",
    "status": "operating",
    "base_stations_macro": 2,
    "base_stations_indoor": 3,
    "terminals": 10,
    "investment_10k_cny": Decimal("100.25"),
}
_APPLICATION: dict[str, Any] = {
    "_sheet": "应用",
    "enterprise_uscc": "91320000MA1000000X",
    "factory_name": "一厂",
    "industry_code": "361",
    "stage": "production",
    "scenario": "AI-PM-01",
    "model_kinds": ["small"],
    "compute_locations": ["edge"],
    "status": "in_production",
    "investment_10k_cny": Decimal("10.50"),
}


def networks(*rows: dict[str, Any]) -> pl.DataFrame:
    """A typed networks register; each row is told by what differs from a small operating network."""
    return _frame("networks", "network_code", "NET", _NETWORK, rows)


def applications(*rows: dict[str, Any]) -> pl.DataFrame:
    """A typed register of AI applications in production, on no network unless said."""
    return _frame("ai_applications", "application_code", "APP", _APPLICATION, rows)


def _frame(
    collection: str, key: str, prefix: str, base: dict[str, Any], rows: tuple[dict[str, Any], ...]
) -> pl.DataFrame:
    schema = frame_schema(FORMS[collection])
    filled = [
        base | {key: f"{prefix}-{number:04d}", "_row": number + 1} | row for number, row in enumerate(rows, 1)
    ]
    return pl.DataFrame([[row.get(name) for name in schema] for row in filled], schema=schema, orient="row")
