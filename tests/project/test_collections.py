"""A collection is data: beside its own declarations no code names one."""

from __future__ import annotations

import ast
from pathlib import Path

from validation import FORMS

ROOT = Path(__file__).parents[2]
PACKAGES = ("validation", "submissions", "national", "portal", "api", "project")
#: where collections, and what is made of these two, are declared
DECLARED = ("validation/forms/", "validation/rulebook/", "national/definitions/", "national/targets/")
#: pages about networks or about AI applications, and the words for what is counted
PAGES = {"portal/figures/pages.py", "portal/templatetags/national.py"}


def named_in(path: Path) -> set[str]:
    """Names of collections that stand in a module as texts of their own."""
    constants = (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    return {node.value for node in constants if isinstance(node, ast.Constant) and node.value in FORMS}


def test_no_collection_is_named_outside_its_declarations() -> None:
    files = {
        str(path.relative_to(ROOT)): path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts
    }
    naming = {name for name, path in files.items() if not name.startswith(DECLARED) and named_in(path)}
    assert len(files) > 400
    assert naming == PAGES
