"""A collection is data: one of an own module goes all the way when it is installed, without an edit anywhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from validation import FORMS, install
from validation.forms.networks import NETWORKS

ROOT = Path(__file__).parents[2]


def test_a_collection_of_its_own_goes_all_the_way() -> None:
    """In a process of its own, for what is installed is there for good."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/packs/journey.py"],
        env={**env, "COLLECTION_PACKS": "tests.packs.energy"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert "3 passed" in done.stdout


def test_no_collection_is_installed_twice() -> None:
    with pytest.raises(ValueError, match="networks"):
        install(NETWORKS, catalogue=Path("none.csv"), example_row={}, rule_examples={})
    assert list(FORMS) == ["networks", "ai_applications"]
