"""The rules for other programs: `rules.json`, and a conformance kit of rows that break or keep each rule."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from validation.findings import catalogue
from validation.forms import FORMS, Form
from validation.rulebook.example_rows import EXAMPLES, Written
from validation.rulebook.listing import column_rows, rule_rows
from validation.rulebook.rule_examples import FILES, OTHER_UNIT, ROWS, Changes, Rows

#: whose register of which period the rows of the kit are
UNIT, PERIOD = "320000", "2026Q3"

Row = dict[str, Written | None]


def write_kit(folder: Path) -> list[Path]:
    """Write `rules.json` and `conformance.json` into a folder, which is made when it is missing, and return them."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _written(folder / "rules.json", rules()),
        _written(folder / "conformance.json", conformance()),
    ]


def _written(path: Path, content: dict[str, Any]) -> Path:
    path.write_text(
        json.dumps(content, ensure_ascii=False, indent=1, default=_plain) + "\n", encoding="utf-8"
    )
    return path


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no form in JSON")


def rules() -> dict[str, Any]:
    """Every form with its columns, and every rule with its level, columns and texts in both languages."""
    return {"forms": [_form(form) for form in FORMS.values()], "rules": rule_rows()}


def _form(form: Form) -> dict[str, Any]:
    return {
        "name": form.name,
        "label_zh": form.label_zh,
        "label_en": form.label_en,
        "template_version": form.template_version,
        "columns": column_rows(form),
    }


def conformance() -> dict[str, Any]:
    """A case for each rule, in the catalogue's order: rows that the rule refuses and rows that it accepts.

    Rows are objects of field key -> value as a person writes it, in the register of `unit` and `period`. Those of
    `refuses` break that rule and no other, those of `accepts` break none. `against` names the register that the rows
    of `beside` are of: the unit's last one (previous), another unit's (others), or the unit's of another collection.
    Rules about files and whole registers have no rows but a sentence that says what is wrong.
    """
    return {"unit": UNIT, "period": PERIOD, "cases": [_case(code) for code in catalogue()]}


def _case(code: str) -> dict[str, Any]:
    if code in FILES:
        return {"code": code, "wrong_zh": FILES[code].zh, "wrong_en": FILES[code].en}
    example = ROWS[code]
    # what another unit reports is never the same; what else is compared with is as it should be
    kept = example._replace(
        rows=({},), beside=({},) if example.beside and example.against != OTHER_UNIT else ()
    )
    return {
        "code": code,
        "collection": example.collection,
        "against": example.against or None,
        "refuses": _tables(example),
        "accepts": _tables(kept),
    }


def _tables(example: Rows) -> dict[str, list[Row]]:
    beside = example.against if example.against in FORMS else example.collection
    return {"rows": _rows(example.collection, example.rows), "beside": _rows(beside, example.beside)}


def _rows(collection: str, changes: tuple[Changes, ...]) -> list[Row]:
    return [_row(collection, change) for change in changes]


def _row(collection: str, changes: Changes) -> Row:
    """The form's example row with the changes. Its name is another than in the template's sample row, for a row
    that says the same as that one is no data."""
    form = FORMS[collection]
    example: Row = {key: value or None for key, value in EXAMPLES[collection].items()}
    example[form.record_name.key] = f"{example[form.record_name.key]}一号"
    return {**example, **changes}
