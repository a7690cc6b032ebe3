"""`manage.py demo_once`: a new stack gets the demo, one that has data is left alone, a broken one goes on as it began."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from demo.accounts import PASSWORD
from demo.management.commands import demo_once
from submissions.models import Period
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> list[tuple[str, ...]]:
    """The commands that were run, none of them for real; the demo breaks off when asked to."""
    settings.DATA_DIR = tmp_path
    commands: list[tuple[str, ...]] = []

    def call(*args: str, **options: object) -> None:
        commands.append(args)
        if "--break-off" in args:
            raise KeyboardInterrupt

    monkeypatch.setattr(demo_once, "call_command", call)
    return commands


def run(demo: str) -> str:
    out = io.StringIO()
    call_command("demo_once", demo=demo, stdout=out)
    return out.getvalue()


def test_an_empty_database_gets_the_demo_with_the_options_that_were_given(
    called: list[tuple[str, ...]], settings: Settings
) -> None:
    assert "The demo is there." in run("--scale 1")
    assert called == [("demo_plans",), ("demo", "--scale", "1", "--judge")]
    assert not (settings.DATA_DIR / "demo-begun").exists()


def test_a_folder_that_has_data_is_not_loaded_again(
    called: list[tuple[str, ...]], cast: Cast, period: Period
) -> None:
    factories.received(cast.js_preparer, period)
    assert PASSWORD in run("--scale 1")
    assert called == []


def test_a_load_that_was_broken_off_goes_on_as_it_began(
    called: list[tuple[str, ...]], cast: Cast, period: Period
) -> None:
    with pytest.raises(KeyboardInterrupt):
        run("--scale 0.05 --break-off")
    factories.received(cast.js_preparer, period)
    called.clear()
    with pytest.raises(KeyboardInterrupt):
        run("--scale 1")
    assert called == [("demo_plans",), ("demo", "--scale", "0.05", "--break-off", "--judge")]
