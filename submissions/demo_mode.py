"""Demo mode: the words by which everything that leaves the system says that its data are invented, and how far the
demo has come in."""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from validation.hints import Text

#: said in both languages everywhere: pictures and files are passed on to readers of either
DEMO = Text("演示数据", "Demo data")
#: what names of files begin with
PREFIX = "demo-"
_KEY = "demo/progress"
#: a load that was broken off is not told of for longer than this
_KEPT_SECONDS = 3600


class Progress(NamedTuple):
    """How far the demo has come in: returns `done` of `total` in the quarter it is at, number `number` of `quarters`,
    and of how many quarters it is decided what may be published. `period` is empty when all are in."""

    period: str
    number: int
    quarters: int
    done: int
    total: int
    judged: int

    @property
    def percent(self) -> int:
        """Return the percentage of the current quarter, or of all quarters being judged."""
        done, total = (self.done, self.total) if self.period else (self.judged, self.quarters)
        return 100 * done // total if total else 0


def notice() -> Text | None:
    """Return the words that workbooks and pages carry about their data; None outside demo mode."""
    return DEMO if settings.DEMO_MODE else None


def file_named(name: str) -> str:
    """Return the name under which a file leaves the system."""
    return f"{PREFIX}{name}" if settings.DEMO_MODE and not name.startswith(PREFIX) else name


def keep_progress(progress: Progress | None) -> None:
    """Store the demo's progress for every page to show; None when it is complete."""
    with suppress(RedisError):  # the demo comes in without being told of, too
        if progress is None:
            cache.delete(_KEY)
        else:
            cache.set(_KEY, tuple(progress), _KEPT_SECONDS)


def progress() -> Progress | None:
    """Return the demo's progress, None when it is not being loaded or nobody knows."""
    if not settings.DEMO_MODE:
        return None
    with suppress(RedisError):
        kept = cache.get(_KEY)
        return Progress(*kept) if kept else None
    return None
