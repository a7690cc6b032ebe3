"""No floor names an address of a floor above it: code and templates reverse names of their own floor or of lower ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLResolver, get_resolver

ROOT = Path(__file__).parents[2]
#: as `make contracts` has them; what is wiring (`project`) or imports everything (`demo`) may name every address
FLOORS = {"validation": 0, "submissions": 1, "national": 2, "portal": 3, "api": 3}
NAME = re.compile(r"""["']([a-z_]+):[a-z][\w-]*["']""")


def namespaces(resolver: URLResolver) -> Iterator[tuple[str, str]]:
    """Namespace and package of every list of addresses."""
    for inner in resolver.url_patterns:
        if isinstance(inner, URLResolver):
            if inner.namespace:
                module = inner.urlconf_name
                yield inner.namespace, getattr(module, "__name__", str(module)).partition(".")[0]
            yield from namespaces(inner)


def named_above(package: str, text: str, packages: dict[str, str]) -> list[str]:
    """Names of addresses in `text` that belong to a floor above the package's own."""
    above = {space for space, owner in packages.items() if FLOORS.get(owner, 0) > FLOORS[package]}
    return [match[0] for match in NAME.finditer(text) if match[1] in above]


@pytest.fixture(scope="module")
def packages() -> dict[str, str]:
    return dict(namespaces(get_resolver()))


@pytest.mark.parametrize("package", FLOORS)
def test_no_address_of_a_higher_floor(package: str, packages: dict[str, str]) -> None:
    assert {"portal", "national", "api"} <= set(packages)
    files = [path for kind in ("*.py", "*.html", "*.txt", "*.js") for path in (ROOT / package).rglob(kind)]
    wrong = {
        str(path.relative_to(ROOT)): names
        for path in files
        if (names := named_above(package, path.read_text(encoding="utf-8"), packages))
    }
    assert files
    assert wrong == {}


def test_the_check_sees_one(packages: dict[str, str]) -> None:
    code, template = 'reverse("portal:home")', "{% url 'national:figure' figure.pk %}"
    assert named_above("submissions", code + template, packages) == ['"portal:home"', "'national:figure'"]
    assert named_above("portal", code + template, packages) == []
