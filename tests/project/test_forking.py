"""What is loaded before the web server and the workers fork: polars' threads would not live on in the forked processes,
which would wait for them for ever."""

from __future__ import annotations

import subprocess
import sys

import pytest

from project.settings import BASE_DIR

_THREADS = """
from pathlib import Path
print(*{(task / "comm").read_text().strip() for task in Path("/proc/self/task").iterdir()}, sep="\\n")
"""
WEB = "import project.wsgi"
WORKER = "from project.celery import app; app.loader.import_default_modules()"
POLARS_AT_WORK = "import polars; polars.Series([1]).implode()"


def _threads(code: str) -> list[str]:
    command = [sys.executable, "-c", code + _THREADS]
    return subprocess.run(command, cwd=BASE_DIR, check=True, capture_output=True, text=True).stdout.split(
        "\n"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the names of threads")
@pytest.mark.parametrize("code", [WEB, WORKER])
def test_polars_does_not_work_while_the_project_is_loaded(code: str) -> None:
    assert "polars-0" not in _threads(code)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the names of threads")
def test_its_threads_would_be_seen() -> None:
    assert "polars-0" in _threads(POLARS_AT_WORK)
