"""`.ci/check-names` sees every kind of name that says nothing, and leaves texts, keys and attributes alone."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from project.settings import BASE_DIR

COMMAND = BASE_DIR / ".ci" / "check-names"
REFUSED = """
def told(one, *, shown=None):
    found = one
    for asked in found:
        pass
    match shown:
        case [*told]:
            pass
    try:
        pass
    except ValueError as found:
        pass
"""
ALLOWED = """
finding = {"found": 1}
message = "{told}".format(told=finding["found"])
shown_at = finding.asked
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    (tmp_path / "code" / "migrations").mkdir(parents=True)
    return tmp_path


def checked(repository: Path, text: str, place: str = "code/module.py") -> subprocess.CompletedProcess[str]:
    (repository / place).write_text(text, encoding="utf-8")
    subprocess.run(["git", "add", "."], cwd=repository, check=True)
    return subprocess.run([COMMAND, "code"], cwd=repository, capture_output=True, text=True, check=False)


def test_each_kind_of_name_is_refused_at_its_line(repository: Path) -> None:
    result = checked(repository, REFUSED)
    assert result.returncode == 1
    lines = sorted((int(line.split(":")[1]), line.split("`")[1]) for line in result.stdout.splitlines())
    assert lines == [
        (2, "one"),
        (2, "shown"),
        (2, "told"),
        (3, "found"),
        (4, "asked"),
        (7, "told"),
        (11, "found"),
    ]


def test_texts_keys_and_attributes_are_left_alone(repository: Path) -> None:
    result = checked(repository, ALLOWED)
    assert (result.returncode, result.stdout) == (0, "")


def test_migrations_keep_their_names_but_an_empty_check_is_a_fault(repository: Path) -> None:
    result = checked(repository, REFUSED, place="code/migrations/0001_initial.py")
    assert result.returncode == 1
    assert "No Python files there" in result.stderr


def test_without_folders_all_are_read(repository: Path) -> None:
    checked(repository, REFUSED)
    result = subprocess.run([COMMAND], cwd=repository, capture_output=True, text=True, check=False)
    assert len(result.stdout.splitlines()) == 7
