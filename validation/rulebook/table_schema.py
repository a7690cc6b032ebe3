"""Forms as Frictionless Table Schema, so that any tool of that standard can check a table before it is sent."""

from __future__ import annotations

from typing import Any

from validation.codelists import options
from validation.forms.form import Column, Form, Kind, Need

#: Table Schema type of each kind. Lists are strings in a workbook: their values are split by the engine.
_TYPES: dict[Kind, str] = {
    Kind.CODE: "string",
    Kind.TEXT: "string",
    Kind.USCC: "string",
    Kind.REGION: "string",
    Kind.INDUSTRY: "string",
    Kind.ENUM: "string",
    Kind.ENUM_LIST: "string",
    Kind.INT: "integer",
    Kind.DECIMAL: "number",
    Kind.PERCENT: "number",
    Kind.MONEY: "number",
    Kind.BOOL: "boolean",
    Kind.DATE: "date",
}
_PATTERNS: dict[Kind, str] = {
    Kind.CODE: "[A-Z0-9-]{4,32}",
    Kind.USCC: "[0-9A-HJ-NPQRTUWXY]{18}",
    Kind.REGION: "[0-9]{6}",
    Kind.INDUSTRY: "[0-9]{2,4}",
}


def table_schema(form: Form) -> dict[str, Any]:
    """The form's columns as a Table Schema descriptor; what only our rules can express is left to them."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "name": form.name,
        "title": f"{form.label_zh} {form.label_en}",
        "fields": [_field(column) for column in form.columns],
        "primaryKey": [form.key.key],
        "missingValues": ["", "-", "—", "——", "/", "无", "N/A"],
    }


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.key,
        "title": column.label_zh,
        "description": column.label_en,
        "type": _TYPES[column.kind],
        "constraints": _constraints(column),
    }
    if column.kind is Kind.BOOL:
        field |= {"trueValues": ["是", "true"], "falseValues": ["否", "false"]}
    if column.unit:
        field["unit"] = column.unit
    return field


def _constraints(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": column.required is Need.YES}
    if column.kind is Kind.CODE and column.required is Need.YES:
        constraints["unique"] = True
    if column.kind in _PATTERNS:
        constraints["pattern"] = _PATTERNS[column.kind]
    if column.kind is Kind.ENUM and column.codelist:
        constraints["enum"] = [option.code for option in options(column.codelist)]
    names = ("minLength", "maxLength") if column.kind is Kind.TEXT else ("minimum", "maximum")
    for name, limit in zip(names, (column.minimum, column.maximum), strict=True):
        if limit is not None:
            constraints[name] = limit if isinstance(limit, int | float) else str(limit)
    return constraints
