"""The same workbook checked by the libraries that others use for it: tuned to be quick, one also in its usual way."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from benchmarks.files import FORM
from validation import Column, Kind, Need
from validation.codelists import options
from validation.hints import title
from validation.rulebook.table_schema import table_schema

_NUMBERS = {Kind.INT, Kind.DECIMAL, Kind.PERCENT, Kind.MONEY}
#: values of the code lists as the workbook shows them
_LISTED = {Kind.ENUM}
_BULK_ROWS = 1_000


def import_export(path: Path) -> dict[str, Any]:
    """django-import-export tuned: every row into a model instance, cleaned, and saved in bulk without differences;
    rolled back in the end.

    tablib reads the workbook by openpyxl, as django-import-export itself has it done.
    """
    from django.db import transaction

    start = time.perf_counter()
    dataset = _dataset(path)
    read = time.perf_counter()
    with transaction.atomic():
        result = _resource(TUNED).import_data(
            dataset, dry_run=False, raise_errors=False, use_transactions=False
        )
        transaction.set_rollback(True)
    done = time.perf_counter()
    # a bulk import reports the rows that could not be cleaned, and drops them
    return {"read": read - start, "check": done - read, "findings": len(result.invalid_rows)}


def import_export_admin(path: Path) -> dict[str, Any]:
    """django-import-export in its usual way, as its documentation and its admin page have it: the file is read and
    imported in a dry run, with the difference of each row for the preview, and once confirmed read again and
    imported, each row looked up by its number, cleaned and saved by itself; rolled back in the end.

    Options are the library's own, but for the cleaning of instances, without which it checks no limits and no lists.
    What the admin page adds, the preview's HTML and a log entry for each row, is left out.
    """
    from django.db import transaction

    with transaction.atomic():
        resource = _resource({"import_id_fields": [FORM.key.key], "clean_model_instances": True})
        start = time.perf_counter()
        preview = resource.import_data(_dataset(path), dry_run=True, raise_errors=False)
        started = time.perf_counter()
        if not preview.has_validation_errors():
            resource.import_data(
                _dataset(path), dry_run=False, raise_errors=False, retain_instance_in_row_result=True
            )
        done = time.perf_counter()
        transaction.set_rollback(True)
    return {"check": started - start, "store": done - started, "findings": len(preview.invalid_rows)}


def _dataset(path: Path) -> Any:
    from tablib import Dataset

    dataset = Dataset().load(path.read_bytes(), format="xlsx")
    dataset.headers = [column.key for column in FORM.columns]
    return dataset


def _resource(options: dict[str, Any]) -> Any:
    from import_export.resources import modelresource_factory

    fields = [column.key for column in FORM.columns]
    return modelresource_factory(_model(), meta_options={"fields": fields, **options})()


#: Every row new, in bulk, without a look at what is stored.
TUNED: dict[str, Any] = {
    "import_id_fields": [],
    "force_init_instance": True,
    "clean_model_instances": True,
    "use_bulk": True,
    "batch_size": _BULK_ROWS,
    "skip_diff": True,
    "skip_html_diff": True,
}


def _model() -> Any:
    """A model with the form's columns, whose table vanishes with the transaction."""
    from django.db import connection, models

    fields = {column.key: _field(column) for column in FORM.columns}
    meta = type("Meta", (), {"app_label": "submissions", "db_table": "benchmark_rows"})
    model = type("BenchmarkRow", (models.Model,), {**fields, "Meta": meta, "__module__": __name__})
    with connection.schema_editor() as editor:
        editor.create_model(model)
    return model


def _field(column: Column) -> Any:
    from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
    from django.db import models

    blank = {"null": True, "blank": column.required is not Need.YES, "db_index": column == FORM.key}
    if column.kind in _NUMBERS:
        limits = [(MinValueValidator, column.minimum), (MaxValueValidator, column.maximum)]
        checks = [check(limit) for check, limit in limits if limit is not None]
        if column.kind is Kind.INT:
            return models.IntegerField(validators=checks, **blank)
        return models.FloatField(validators=checks, **blank)
    if column.kind is Kind.DATE:
        return models.DateField(**blank)
    length = column.maximum if column.kind is Kind.TEXT else 200
    pattern = _schema_field(column)["constraints"].get("pattern")
    checks = [RegexValidator(f"^{pattern}$")] if pattern and column.kind is Kind.CODE else []
    choices = [(name, name) for name in _names(column)] if column.kind in _LISTED else None
    return models.CharField(max_length=int(length), choices=choices, validators=checks, **blank)


def frictionless(path: Path) -> dict[str, Any]:
    """frictionless: the sheet against the form's Table Schema."""
    from frictionless import Checklist, Resource, Schema, system

    fields = [{**_schema_field(column), "name": title(column)} for column in FORM.columns]
    schema = Schema.from_descriptor({"fields": fields, "missingValues": [""]})
    start = time.perf_counter()
    with system.use_context(trusted=True):
        resource = Resource(path=str(path), schema=schema)
        report = resource.validate(Checklist(), limit_errors=10**9)
    return {
        "check": time.perf_counter() - start,
        "findings": sum(task.stats["errors"] for task in report.tasks),
    }


def _schema_field(column: Column) -> dict[str, Any]:
    """The column's Table Schema with its values as the workbook writes them: names, not codes."""
    field = next(entry for entry in table_schema(FORM)["fields"] if entry["name"] == column.key)
    constraints = {k: v for k, v in field["constraints"].items() if k != "pattern"}
    if column.kind is Kind.CODE:
        constraints["pattern"] = field["constraints"]["pattern"]
    if column.kind in _LISTED:
        constraints["enum"] = _names(column)
    return {"name": field["name"], "type": field["type"], "constraints": constraints} | {
        key: field[key] for key in ("trueValues", "falseValues") if key in field
    }


def pandas(path: Path) -> dict[str, Any]:
    """openpyxl reads into a pandas frame, columns are coerced, pandera checks it lazily."""
    import pandas as pd
    from pandera.errors import SchemaErrors

    start = time.perf_counter()
    frame = pd.read_excel(path, engine="openpyxl", dtype=object)
    frame.columns = [column.key for column in FORM.columns]
    read = time.perf_counter()
    unread = _coerce(frame)
    try:
        _frame_schema().validate(frame, lazy=True)
        broken = 0
    except SchemaErrors as errors:
        broken = len(errors.failure_cases)
    return {"read": read - start, "check": time.perf_counter() - read, "findings": broken + unread}


def _coerce(frame: Any) -> int:
    """Numbers, dates and texts in place; what cannot be read becomes missing and is counted."""
    import pandas as pd

    unread = 0
    for column in FORM.columns:
        cells = frame[column.key]
        if column.kind in _NUMBERS:
            frame[column.key] = pd.to_numeric(cells, errors="coerce")
        elif column.kind is Kind.DATE:
            frame[column.key] = pd.to_datetime(cells, errors="coerce")
        else:
            frame[column.key] = cells.astype("string").str.strip()
        unread += int((frame[column.key].isna() & cells.notna()).sum())
    return unread


def _frame_schema() -> Any:
    import pandera.pandas as pa

    return pa.DataFrameSchema(
        {
            column.key: pa.Column(checks=_checks(column), nullable=column.required is not Need.YES)
            for column in FORM.columns
        }
    )


def _checks(column: Column) -> list[Any]:
    import pandera.pandas as pa

    if column.kind in _NUMBERS:
        limits = [(pa.Check.ge, column.minimum), (pa.Check.le, column.maximum)]
        return [check(limit) for check, limit in limits if limit is not None]
    if column.kind in _LISTED:
        return [pa.Check.isin(_names(column))]
    if column.kind is Kind.TEXT:
        return [pa.Check.str_length(int(column.minimum or 0), int(column.maximum or 10**6))]
    if column.kind is Kind.CODE:
        return [pa.Check.str_matches(f"^{_schema_field(column)['constraints']['pattern']}$")]
    return []


def _names(column: Column) -> list[str]:
    return [option.label_zh for option in options(column.codelist or "")]


PEERS = {
    "import-export": import_export,
    "import-export-admin": import_export_admin,
    "frictionless": frictionless,
    "pandas": pandas,
}
