"""Recent frames: made once, bounded in bytes, the least recently used given up first."""

from __future__ import annotations

import polars as pl

from submissions.recent import RecentFrames


def frame(numbers: int) -> pl.DataFrame:
    return pl.DataFrame({"n": pl.Series(range(numbers), dtype=pl.Int64)})


def test_a_frame_is_made_once() -> None:
    recent, made = RecentFrames(), []
    for _ in range(3):
        recent.get("a", lambda: made.append("a") or frame(3))
    assert made == ["a"]


def test_the_one_not_used_longest_goes_first() -> None:
    recent, made = RecentFrames(most_bytes=200), []

    def ask(name: str, numbers: int = 10) -> int:
        return recent.get(name, lambda: made.append(name) or frame(numbers)).height

    for name in ("a", "b", "a", "c", "a", "b"):
        ask(name)
    assert made == ["a", "b", "c", "b"]
    assert ask("too large", 1_000) == 1_000
    ask("too large", 1_000)
    assert made[-2:] == ["too large"] * 2
