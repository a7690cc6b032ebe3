"""The command line: its exit codes, its JSON, and that it needs neither database nor apps."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from demo.workbooks import workbook as demo_workbook
from tests.validation.small_workbooks import workbook
from validation import FORMS, Period

ROOT = Path(__file__).resolve().parents[2]
PERIOD = Period(2026, 3)
ARGUMENTS = ("--collection", "networks", "--unit", "320000", "--period", "2026Q3")


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    path = tmp_path / "clean.xlsx"
    path.write_bytes(demo_workbook("320000", "networks", PERIOD, rows=20).data)
    return path


@pytest.fixture
def spoilt(tmp_path: Path) -> Path:
    file = demo_workbook("320000", "networks", PERIOD, rows=40, defects=["cell.E102"])
    path = tmp_path / "spoilt.xlsx"
    path.write_bytes(file.data)
    return path


def run(path: Path, *more: str) -> tuple[int, str]:
    """Exit code and output."""
    output = io.StringIO()
    try:
        call_command("validate", str(path), *ARGUMENTS, *more, stdout=output)
    except SystemExit as stop:
        return int(str(stop.code)), output.getvalue()
    return 0, output.getvalue()


def test_exit_0_without_an_error(clean: Path) -> None:
    code, output = run(clean)
    assert code == 0
    assert "通过 ready (E 0, W 0, I 0)" in output


def test_exit_1_with_an_error_told_in_both_languages(spoilt: Path) -> None:
    code, output = run(spoilt)
    assert code == 1
    assert "cell.E102" in output
    assert "不是数字" in output
    assert "is not a number" in output


def test_a_warning_alone_exits_0(tmp_path: Path) -> None:
    path = tmp_path / "warned.xlsx"
    path.write_bytes(demo_workbook("320000", "networks", PERIOD, rows=40, defects=["net.W330"]).data)
    code, output = run(path, "--json")
    assert (code, json.loads(output)["verdict"]) == (0, "unexplained")


def test_json_is_one_object(spoilt: Path) -> None:
    code, output = run(spoilt, "--json")
    shown = json.loads(output)
    assert (code, shown["verdict"], shown["unit"], shown["period"]) == (1, "invalid", "320000", "2026Q3")
    assert [finding["code"] for finding in shown["findings"]] == ["cell.E102"]


def test_a_refused_file_is_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    path.write_bytes(b"%PDF-1.7 ...")
    code, output = run(path, "--json")
    assert (code, [finding["code"] for finding in json.loads(output)["findings"]]) == (1, ["file.E002"])


@pytest.mark.parametrize("name", ["nothing.xlsx", "."])
def test_exit_2_when_the_file_cannot_be_opened(tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError) as refusal:
        run(tmp_path / name)
    assert refusal.value.returncode == 2


def test_exit_2_when_the_register_to_compare_with_cannot_be_read(clean: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.xlsx"
    other.write_bytes(workbook([["a"], ["b"]]))
    with pytest.raises(CommandError) as refusal:
        run(clean, "--previous", str(other))
    assert refusal.value.returncode == 2


def test_exit_2_on_a_fault_of_ours(clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **options: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("validation.command.validate", fail)
    with pytest.raises(CommandError) as refusal:
        run(clean)
    assert refusal.value.returncode == 2


def test_previous_and_networks_are_compared_with(clean: Path, tmp_path: Path) -> None:
    earlier = tmp_path / "earlier.xlsx"
    earlier.write_bytes(demo_workbook("320000", "networks", PERIOD.shift(-1), rows=60).data)
    code, output = run(clean, "--previous", str(earlier), "--json")
    assert code == 0
    assert "hist.W401" in {rule["code"] for rule in json.loads(output)["rules"]}


def manage(*arguments: str | bytes, **environment: str) -> subprocess.CompletedProcess[str]:
    """`manage.py` with a database that does not exist."""
    nowhere = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env={**os.environ, **nowhere, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "utf-8:strict"])
def test_no_character_stops_the_answer(tmp_path: Path, encoding: str) -> None:
    path = os.fsencode(tmp_path) + "/登记表".encode("gbk") + b".csv"
    Path(os.fsdecode(path)).write_bytes("专网编号,企业名称\n😀,䶮\n".encode())
    for more in ((), ("--json",)):
        done = manage("validate", path, *ARGUMENTS, *more, PYTHONIOENCODING=encoding)
        assert done.returncode == 1, done.stderr
        assert "file.E005" in done.stdout


def test_it_needs_no_database(spoilt: Path) -> None:
    done = manage("validate", str(spoilt), *ARGUMENTS, "--json")
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["counts"] == {"E": 1, "W": 0, "I": 0}


@pytest.mark.parametrize(
    "arguments",
    [
        ("--collection", "colours", "--unit", "320000", "--period", "2026Q3"),
        ("--collection", "networks", "--unit", "710000", "--period", "2026Q3"),
        ("--collection", "networks", "--unit", "320000", "--period", "2026"),
        ("--collection", "networks", "--unit", "320000"),
    ],
)
def test_exit_2_on_bad_arguments(clean: Path, arguments: tuple[str, ...]) -> None:
    with pytest.raises((CommandError, SystemExit)):
        call_command("validate", str(clean), *arguments)


def test_bad_arguments_leave_with_2_on_the_command_line(clean: Path) -> None:
    done = manage("validate", str(clean), "--collection", "colours", "--unit", "320000", "--period", "2026Q3")
    assert done.returncode == 2
    assert set(FORMS) <= set(done.stderr.replace("'", " ").replace(",", " ").replace(")", " ").split())
