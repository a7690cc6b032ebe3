"""Tasks for a real worker of the tests: one that leaves a mark, and ones that run out of memory."""

from __future__ import annotations

import os
from pathlib import Path

from project.celery import app

__all__ = ["app", "ask_too_much", "boom", "mark"]


def _note(path: str, word: str) -> None:
    with Path(path).open("a") as out:
        out.write(f"{word} {os.getpid()}\n")


@app.task
def mark(path: str) -> None:
    """Write that it ran, and in which process."""
    _note(path, "mark")


@app.task
def boom(path: str) -> None:
    """Run out of memory."""
    _note(path, "boom")
    raise MemoryError("all of it")


@app.task
def ask_too_much(path: str) -> None:
    """Run out of memory as it happens: by asking for more than the child may have."""
    _note(path, "boom")
    bytearray(1 << 40)
