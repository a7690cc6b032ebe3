"""Template libraries share no names: which one a page means would depend on the order in which it loads them."""

from __future__ import annotations

from collections import defaultdict

from django.template import engines
from django.template.library import import_library


def test_no_tag_or_filter_is_in_two_libraries() -> None:
    engine = engines["django"].engine
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path in {*engine.libraries.values(), *engine.builtins}:
        library = import_library(path)
        for kind, names in (("filter", library.filters), ("tag", library.tags)):
            for name in names:
                places[kind, name].append(path)
    assert ("filter", "quarter") in places
    assert {name: paths for name, paths in places.items() if len(paths) > 1} == {}
