"""Recent frames: made once, bounded in bytes, the least recently used given up first."""

from __future__ import annotations

import polars as pl

from submissions.files.frame_cache import RecentFrames


def frame(numbers: int) -> pl.DataFrame:
    return pl.DataFrame({"n": pl.Series(range(numbers), dtype=pl.Int64)})


def test_a_frame_is_made_once() -> None:
    recent, made = RecentFrames(), []
    for _ in range(3):
        recent.get(("a", 1), lambda: made.append("a") or frame(3))
    assert made == ["a"]


def test_the_one_not_used_longest_goes_first() -> None:
    recent, made = RecentFrames(most_bytes=200), []

    def ask(name: str, numbers: int = 10) -> int:
        return recent.get((name, 1), lambda: made.append(name) or frame(numbers)).height

    for name in ("a", "b", "a", "c", "a", "b"):
        ask(name)
    assert made == ["a", "b", "c", "b"]
    assert ask("too large", 1_000) == 1_000
    ask("too large", 1_000)
    assert made[-2:] == ["too large"] * 2


def test_one_too_large_sends_no_other_away() -> None:
    recent, made = RecentFrames(most_bytes=200), []
    for name in ("a", "too large", "a"):
        recent.get((name, 1), lambda name=name: made.append(name) or frame(1_000 if " " in name else 10))
    assert made == ["a", "too large"]


def test_a_later_state_takes_the_place_of_the_former() -> None:
    recent, made = RecentFrames(most_bytes=250), []
    for name in (("cells", 1), ("findings", 1, "old"), ("findings", 1, "new"), ("findings", 2), ("cells", 1)):
        recent.get(name, lambda name=name: made.append(name) or frame(10))
    assert len(made) == 4
    recent.get(("findings", 1, "old"), lambda: made.append("again") or frame(10))
    assert made[-1] == "again"
