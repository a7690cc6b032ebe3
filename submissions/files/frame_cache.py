"""Cache of frames that pages need again and again, in this process and within a bound of memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

import polars as pl

#: A register of 200 000 rows as read and as corrected, with its findings; a larger frame is not kept.
MOST_BYTES = 384 * 1024 * 1024

#: What a frame is and of which submission or file, then whatever tells the state of the data it was made from.
Name = tuple[Hashable, ...]


@dataclass(frozen=True)
class _Kept:
    """A frame under its whole name. Its size is taken once: to add up those of many frames takes long."""

    name: Name
    frame: pl.DataFrame
    size: int


class RecentFrames:
    """Frames by name, the one not asked for longest given up first. Threads share it. Frames never change: that
    of a later state takes the place of the former, whose first two parts of the name are the same."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._size = 0
        #: by the first two parts of their names
        self._frames: OrderedDict[Name, _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: Name, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """Return the frame of this name, made when it is not there. Two threads may make the same at once."""
        with self._lock:
            kept = self._frames.get(name[:2])
            if kept is not None and kept.name == name:
                self._frames.move_to_end(name[:2])
                return kept.frame
        made = make()
        self.keep(name, made)
        return made

    def former(self, name: Name) -> tuple[Name, pl.DataFrame] | None:
        """Return what is kept of the same thing in whatever state, with its whole name."""
        with self._lock:
            kept = self._frames.get(name[:2])
        return (kept.name, kept.frame) if kept else None

    def keep(self, name: Name, made: pl.DataFrame) -> None:
        """Have a frame at hand that somebody made already. One larger than the bound is not kept, so that it
        sends no other away."""
        kept = _Kept(name, made, int(made.estimated_size()))
        if kept.size > self._most_bytes:
            return
        with self._lock:
            former = self._frames.pop(name[:2], None)
            self._frames[name[:2]] = kept
            self._size += kept.size - (former.size if former else 0)
            while self._size > self._most_bytes:
                self._size -= self._frames.popitem(last=False)[1].size


recent_frames = RecentFrames()
