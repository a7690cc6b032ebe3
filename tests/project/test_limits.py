"""Upload limits from the environment, and the memory that the system gives a worker's child at most."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from project.limits import MB, VARIABLES, upload_limits
from validation import DEFAULT_LIMITS

ROOT = Path(__file__).resolve().parents[2]
#: A child that may take 1.5 GB checks a file, then asks for twice that.
CHILD = """
import os, resource
os.environ["CHECK_MEMORY_MB"] = "750"
import django; django.setup()
from project.celery import _bound_memory
_bound_memory()
from demo.workbooks import workbook
from validation import FORMS, Context, Period, validate
data = workbook("320000", "networks", Period(2026, 3), rows=20).data
print(validate(data, FORMS["networks"], Context("320000", Period(2026, 3))).verdict)
try:
    bytearray(3000 * 1024 * 1024)
except MemoryError:
    print("refused")
"""


def test_without_variables_the_engines_defaults_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    assert upload_limits() == DEFAULT_LIMITS


def test_the_environment_sets_each_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES:
        monkeypatch.setenv(variable, "7")
    limits = upload_limits()
    assert {name: getattr(limits, name) for name, _ in VARIABLES.values()} == {
        name: 7 * size for name, size in VARIABLES.values()
    }


def test_a_million_rows_by_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIMIT_ROWS", "1048576")
    assert upload_limits().rows == 1_048_576


@pytest.mark.parametrize(
    ("variable", "value"),
    [("LIMIT_ROWS", "0"), ("LIMIT_ROWS", "2000000"), ("LIMIT_COLUMNS", "many"), ("CHECK_MEMORY_MB", "-1")],
)
def test_impossible_limits_are_refused(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(
        ValueError, match=variable if not value.isdecimal() or value == "0" else "1048576 rows"
    ):
        upload_limits()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not bound a process's data")
def test_a_workers_child_is_given_so_much_memory_and_no_more() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD], cwd=ROOT, capture_output=True, text=True, check=False, env=_env()
    )
    assert done.stdout.split() == ["ready", "refused"], done.stderr


def _env() -> dict[str, str]:
    import os

    return {**os.environ, "DJANGO_SETTINGS_MODULE": "project.settings"}


def test_megabytes_are_those_of_the_engine() -> None:
    from validation.limits import MB as ENGINES

    assert MB == ENGINES
