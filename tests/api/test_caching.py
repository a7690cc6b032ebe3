"""What caches between us and the public may keep: one answer for all, and never a 304 for a call that is refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rest_framework.test import APIClient

from api.urls import urlpatterns
from api.views.public import PublicView
from national.dissemination import releases
from submissions.models import Period
from tests import factories
from tests.conftest import Cast

#: every path that answers everyone alike -> calls of it that are refused, with their status
PUBLIC: dict[str, dict[str, int]] = {
    "indicators/": {"?nonsense=1": 400, "?format=pdf": 406},
    "figures/": {
        "?nonsense=1": 400, "?indicator=X": 400, "?area=X": 400, "?period=X": 400, "?breakdown=X": 400,
        "?release=99": 400, "?as_of=2999-01-01": 400, "?as_of=x": 400, "?limit=0": 400, "?page=x": 400, "?page=99": 404,
        "?format=pdf": 406,
    },
    "releases/": {"?nonsense=1": 400, "?format=pdf": 406},
    "releases/1/": {"?nonsense=1": 400, "?page=99": 404, "?indicator=X": 400, "?breakdown=X": 400, "?format=pdf": 406},
    "targets/": {"?nonsense=1": 400, "?release=99": 400, "?as_of=x": 400, "?format=pdf": 406},
    "targets/NET_COUNT/": {"?nonsense=1": 400, "?release=99": 400, "?format=pdf": 406},
    "coverage/": {"?nonsense=1": 400, "?period=2099Q1": 400, "?as_of=x": 400, "?format=pdf": 406},
    "collections/": {"?format=pdf": 406},
    "collections/networks/": {"?format=pdf": 406},
    "collections/networks/table-schema.json": {"?format=pdf": 406},
    "collections/networks/template.xlsx": {"?nonsense=1": 400, "?period=x": 400, "?format=pdf": 406},
}  # fmt: skip
#: paths that lead nowhere, each beside one that does
NOWHERE = {
    "releases/99/": "releases/1/",
    "targets/NOTHING/": "targets/NET_COUNT/",
    "collections/nothing/": "collections/networks/",
    "nothing/": "figures/",
}


@pytest.fixture(scope="module")
def _released(world: Cast) -> None:
    """Jiangsu's register, in the first release."""
    period = Period.objects.get(code="2026Q3")
    factories.accepted(world.js_preparer, world.js_signer, world.admin, period)
    releases.make(by=world.admin)


@pytest.fixture
def published(_released: None, db: None) -> None:
    """Figures that everyone may read."""


def _public_names() -> Iterator[str]:
    for route in urlpatterns:
        if issubclass(route.callback.view_class, PublicView):
            yield str(route.pattern).removeprefix("v1/")


def test_every_public_path_is_looked_at() -> None:
    looked_at = [path.replace("/1/", "/<int:number>/").replace("NET_COUNT", "<str:code>") for path in PUBLIC]
    looked_at = [path.replace("networks", "<str:name>") for path in looked_at]
    assert set(_public_names()) == set(looked_at) - {"collections/<str:name>/template.xlsx"}


@pytest.mark.parametrize("path", PUBLIC)
def test_an_answer_is_one_for_all_cookies(anyone: APIClient, published: None, path: str) -> None:
    anyone.cookies["sessionid"] = "x" * 32
    answer = anyone.get(f"/api/v1/{path}")
    assert answer.status_code == 200
    assert "cookie" not in answer["Vary"].lower()
    assert not answer.cookies


@pytest.mark.parametrize("path", PUBLIC)
def test_a_refused_call_is_refused_whatever_tag_comes_with_it(
    anyone: APIClient, published: None, path: str
) -> None:
    tags = [anyone.get(f"/api/v1/{other}").headers.get("ETag", "") for other in PUBLIC]
    known = ", ".join(filter(None, tags))
    assert known.count('"') == 2 * (len(PUBLIC) - 1), "all but the workbook have a tag"
    for query, status in PUBLIC[path].items():
        for tag in ("", known, "*"):
            answer = anyone.get(f"/api/v1/{path}{query}", headers={"If-None-Match": tag} if tag else {})
            assert (query, tag, answer.status_code) == (query, tag, status)
            assert answer["Content-Type"] == "application/problem+json"
            again = answer.headers.get("ETag", "")
            repeated = anyone.get(f"/api/v1/{path}{query}", headers={"If-None-Match": again})
            assert repeated.status_code == status


@pytest.mark.parametrize("path", NOWHERE)
def test_a_path_that_leads_nowhere_has_not_been_seen(anyone: APIClient, published: None, path: str) -> None:
    tag = anyone.get(f"/api/v1/{NOWHERE[path]}")["ETag"]
    for sent_tag in (tag, "*"):
        assert anyone.get(f"/api/v1/{path}", headers={"If-None-Match": sent_tag}).status_code == 404


@pytest.mark.parametrize("path", [path for path in PUBLIC if not path.endswith("xlsx")])
def test_who_has_the_answer_gets_304_and_who_has_another_does_not(
    anyone: APIClient, published: None, path: str
) -> None:
    address = f"/api/v1/{path}"
    tag = anyone.get(address)["ETag"]
    for sent_tag in (tag, f'"other", {tag}'):
        again = anyone.get(address, headers={"If-None-Match": sent_tag})
        assert (again.status_code, again.content) == (304, b"")
    csv = anyone.get(f"{address}?format=csv", headers={"If-None-Match": tag})
    assert csv.status_code == (406 if path.startswith("collections/") else 200)
    assert anyone.post(address, headers={"If-None-Match": tag}).status_code == 405


def test_each_query_and_page_has_a_tag_of_its_own(anyone: APIClient, published: None) -> None:
    queries = (
        "",
        "?area=CN",
        "?area=CN&breakdown=all&limit=1",
        "?area=CN&breakdown=all&limit=1&page=2",
        "?release=1",
    )
    tags = [anyone.get(f"/api/v1/figures/{query}")["ETag"] for query in queries]
    assert len(set(tags)) == len(queries)
    for query, tag in zip(queries, tags, strict=True):
        statuses = [
            anyone.get(f"/api/v1/figures/{other}", headers={"If-None-Match": tag}).status_code
            for other in queries
        ]
        assert statuses == [304 if other == query else 200 for other in queries]
