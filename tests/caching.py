"""Keys of their own for each process of the tests: clearing the cache in one must not reach into another, of this run or
of another one on the same Redis."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.core.cache.backends.redis import RedisCache


class OwnKeys(RedisCache):
    """Redis, of which only one's own keys are cleared: Django's empties the whole database."""

    def clear(self) -> bool:
        client = self._cache.get_client(write=True)
        keys = list(client.scan_iter(match=f"{self.key_prefix}:*", count=1_000))
        return bool(client.delete(*keys)) if keys else True


def use_own_keys() -> None:
    """Let the cache of this process have keys that no other has."""
    cache = settings.CACHES["default"]
    cache |= {"BACKEND": "tests.caching.OwnKeys", "KEY_PREFIX": f"test-{uuid4().hex[:12]}"}
