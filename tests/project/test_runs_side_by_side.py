"""Two runs of the tests on the same servers: neither takes the other's database, nor clears its cache."""

from __future__ import annotations

from django.core.cache import cache
from django.db import connection

from tests.caching import OwnKeys
from tests.database import claimed


def test_a_name_is_one_process_s_as_long_as_it_lives(db: None) -> None:
    with claimed("test_side_by_side") as first, claimed("test_side_by_side") as second:
        assert (first, second) == ("test_side_by_side", "test_side_by_side_2")
    with claimed("test_side_by_side") as again:
        assert again == "test_side_by_side"


def test_the_database_of_this_process_is_claimed(db: None) -> None:
    own = connection.settings_dict["NAME"]
    with claimed(own) as other:
        assert other != own


def test_clearing_leaves_what_others_keep() -> None:
    parameters = {"KEY_PREFIX": "test-another", "OPTIONS": {}}
    other = OwnKeys(cache._servers[0], parameters)
    other.set("kept", 1)
    cache.set("mine", 1)
    cache.clear()
    assert (cache.get("mine"), other.get("kept")) == (None, 1)
    other.clear()
    assert other.get("kept") is None
