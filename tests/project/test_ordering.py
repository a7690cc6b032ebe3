"""Ordering: no query is put in order by a relation whose model has an order of its own, for that order is then taken."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Field, Model

ROOT = Path(__file__).parents[2]
FOLDERS = ("api", "national", "project", "submissions")
#: calls whose texts are columns to order by
CALLS = frozenset({"order_by", "distinct", "latest", "earliest", "OrderBy"})


def is_ordered_relation(field: object) -> bool:
    """Whether ordering by the field's name would take the order of another model."""
    return isinstance(field, Field) and field.is_relation and bool(field.related_model._meta.ordering)


def fields() -> Iterator[tuple[type[Model], Field]]:
    for model in apps.get_models():
        yield from ((model, field) for field in model._meta.get_fields() if isinstance(field, Field))


#: names of such relations, of any model
RELATIONS = frozenset(field.name for _, field in fields() if is_ordered_relation(field))


def plain_here(name: str, imported: set[str]) -> bool:
    """Whether the models that a module names have a plain column of this name, and none of them such a relation."""
    mine = [field for model, field in fields() if field.name == name and model.__name__ in imported]
    return bool(mine) and not any(map(is_ordered_relation, mine))


def texts(node: ast.AST) -> Iterator[str]:
    return (
        constant.value
        for constant in ast.walk(node)
        if isinstance(constant, ast.Constant) and isinstance(constant.value, str)
    )


def columns(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and name of every column that something is put in order by."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called == "OrderingFilter":
                pairs = [
                    part for keyword in node.keywords if keyword.arg == "fields" for part in ast.walk(keyword)
                ]
                firsts = [
                    pair.elts[0] for pair in pairs if isinstance(pair, ast.Tuple) and len(pair.elts) == 2
                ]
                yield from ((node.lineno, name) for first in firsts for name in texts(first))
            held = [*node.args] if called in CALLS else []
            held += [keyword.value for keyword in node.keywords if keyword.arg == "order_by"]
            yield from ((node.lineno, name) for part in held for name in texts(part))


def faults(source: str) -> list[tuple[int, str]]:
    tree = ast.parse(source)
    imported = {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    imported |= {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    imported |= {name.removesuffix("QuerySet") for name in imported}
    ordered = [(line, name.lstrip("-+").rpartition("__")[2]) for line, name in columns(tree)]
    return [(line, name) for line, name in ordered if name in RELATIONS and not plain_here(name, imported)]


@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_is_ordered_by_a_relation_with_an_order_of_its_own(folder: str) -> None:
    modules = [path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts]
    assert modules
    by_path = {str(path.relative_to(ROOT)): faults(path.read_text()) for path in modules}
    assert {path: lines for path, lines in by_path.items() if lines} == {}


def test_no_model_is_ordered_by_one_either() -> None:
    relations = {(model, field.name) for model, field in fields() if is_ordered_relation(field)}
    orders = [(model, name) for model in apps.get_models() for name in _own_order(model)]
    assert [order for order in orders if order in relations] == []


def _own_order(model: type[Model]) -> list[str]:
    named = [
        name for name in (*model._meta.ordering, *[model._meta.get_latest_by or ()]) if isinstance(name, str)
    ]
    return [name.lstrip("-") for name in named]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ('Register.objects.order_by("-period").first()', ["period"]),
        ('Register.objects.order_by("unit_id", "-period").distinct("unit_id")', ["period"]),
        ('Register.objects.latest("submission__period")', ["period"]),
        ('Register.objects.order_by(F("unit").desc())', ["unit"]),
        ('Register.objects.order_by("unit_id", "-period_id").distinct("unit_id")', []),
        ('filters.OrderingFilter(fields=[("unit", "who"), ("data_rows", "unit")])', ["unit"]),
    ],
)
def test_a_fault_is_seen(line: str, names: list[str]) -> None:
    assert [name for _, name in faults(f"from submissions.models import Register\n{line}")] == names


def test_the_same_name_may_be_a_plain_column() -> None:
    line = 'Figure.objects.order_by("-period")'
    assert faults(f"from national.models import Figure\n{line}") == []
    assert faults(f"from submissions.models import Register\n{line}") == [(2, "period")]
