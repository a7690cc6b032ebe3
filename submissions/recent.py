"""Recent frames: tables that pages ask for again and again, kept in this process within a bound of memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

import polars as pl

#: Six registers of 50 000 rows, or one of 200 000 with its findings; a frame larger than all of it is not kept.
MOST_BYTES = 256 * 1024 * 1024


class RecentFrames:
    """Frames by name, the one not asked for longest given up first. Threads share it; frames never change,
    so a name has to tell the state of the data it was made from."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._frames: OrderedDict[Hashable, pl.DataFrame] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: Hashable, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """The frame of this name, made when it is not there. Two threads may make the same at once."""
        with self._lock:
            if name in self._frames:
                self._frames.move_to_end(name)
                return self._frames[name]
        made = make()
        self.keep(name, made)
        return made

    def keep(self, name: Hashable, made: pl.DataFrame) -> None:
        """Have a frame at hand that somebody made already."""
        with self._lock:
            self._frames[name] = made
            while sum(frame.estimated_size() for frame in self._frames.values()) > self._most_bytes:
                self._frames.popitem(last=False)


recent_frames = RecentFrames()
