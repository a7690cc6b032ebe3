"""The registry of forms that live outside this package: what a collection of its own brings along."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from validation.findings import add_catalogue
from validation.forms import FORMS
from validation.forms.form import Form
from validation.rulebook.example_rows import EXAMPLES, Written
from validation.rulebook.rule_examples import ROWS, Rows


def install(
    form: Form, *, catalogue: Path, example_row: Mapping[str, Written], rule_examples: Mapping[str, Rows]
) -> None:
    """Add a form to FORMS, with the texts and examples of its rules.

    `catalogue` is a CSV file like `catalogue.csv`, `example_row` a row that keeps every rule by field key,
    `rule_examples` has for each code of the catalogue the rows that break it and no other rule. To be called when
    the process starts, before anything reads FORMS. Raises ValueError when the collection, its abbreviation or a
    code is taken, or when the row has other fields than the form.
    """
    if form.name in FORMS or form.abbreviation in {other.abbreviation for other in FORMS.values()}:
        raise ValueError(f"there is a collection {form.name} or {form.abbreviation} already")
    if set(example_row) != set(form.by_key):
        raise ValueError(f"the example row of {form.name} has other fields than the form")
    add_catalogue(catalogue)
    FORMS[form.name] = form
    EXAMPLES[form.name] = dict(example_row)
    ROWS.update(rule_examples)
