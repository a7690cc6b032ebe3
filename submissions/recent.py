"""Recent frames: tables that pages ask for again and again, kept in this process within a bound of memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

import polars as pl

#: A register of 200 000 rows as read and as corrected, with its findings; a larger frame is not kept.
MOST_BYTES = 384 * 1024 * 1024

#: What a frame is and of which submission or file, then whatever tells the state of the data it was made from.
Name = tuple[Hashable, ...]


class RecentFrames:
    """Frames by name, the one not asked for longest given up first. Threads share it. Frames never change: that
    of a later state takes the place of the former, whose first two parts of the name are the same."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._frames: OrderedDict[Name, pl.DataFrame] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: Name, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """The frame of this name, made when it is not there. Two threads may make the same at once."""
        with self._lock:
            if name in self._frames:
                self._frames.move_to_end(name)
                return self._frames[name]
        made = make()
        self.keep(name, made)
        return made

    def former(self, name: Name) -> tuple[Name, pl.DataFrame] | None:
        """What is kept of the same, whatever its state, with its whole name."""
        with self._lock:
            return next(
                ((other, frame) for other, frame in self._frames.items() if other[:2] == name[:2]), None
            )

    def keep(self, name: Name, made: pl.DataFrame) -> None:
        """Have a frame at hand that somebody made already. One larger than the bound is not kept, so that it
        sends no other away."""
        if made.estimated_size() > self._most_bytes:
            return
        with self._lock:
            for former in [other for other in self._frames if other[:2] == name[:2]]:
                del self._frames[former]
            self._frames[name] = made
            while sum(frame.estimated_size() for frame in self._frames.values()) > self._most_bytes:
                self._frames.popitem(last=False)


recent_frames = RecentFrames()
