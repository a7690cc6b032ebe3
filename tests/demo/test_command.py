"""`manage.py demo`: accounts, periods and returns in every state, made by the real verbs and safe to repeat."""

from __future__ import annotations

import csv
import io
import json
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from demo import accounts, loading
from demo.calendar import make_periods
from demo.plan import SCENARIOS, Outcome, Return, returns
from submissions import demo_mode
from submissions.models import Period, Register, Role, State, Submission, User
from validation import FORMS
from validation import Period as Quarter

NOW = Quarter(2026, 3)
BEFORE = Quarter(2026, 2)


@pytest.fixture(scope="module")
def demo_once(ground: None) -> None:
    accounts.make_accounts()
    make_periods([BEFORE, NOW])


@pytest.fixture
def demo(demo_once: None, db: None) -> None:
    """Accounts and two periods, nothing sent yet."""


def loaded(unit: str, *, scale: float = 0.05) -> dict[tuple[str, str], str]:
    """Load one unit's returns of both periods; (period, collection) -> state, or missing."""
    states = {}
    for wave in returns([BEFORE, NOW], [unit]):
        for planned in wave:
            submission = loading.load(planned, scale=scale)
            states[str(planned.period), planned.collection] = submission.state if submission else "missing"
    return states


@pytest.mark.usefixtures("units", "files")
def test_the_command_loads_and_tells_how_far_it_is(settings: Settings, tmp_path: Path) -> None:
    settings.DEMO_MODE, settings.DATA_DIR = True, tmp_path
    out = io.StringIO()
    call_command("demo", units="640000", periods="2026Q3", processes=1, stdout=out, verbosity=2)
    *greeting, first, second, last = out.getvalue().splitlines()
    assert accounts.PASSWORD in greeting[0]
    assert first.startswith("[ 1/2] 2026Q3 640000 networks: accepted, ")
    assert second.startswith("[ 2/2] 2026Q3 640000 ai_applications: accepted, ")
    assert str(tmp_path / "demo") in last


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.usefixtures("units", "files")
def test_an_earlier_quarter_comes_in_whole_and_each_is_judged(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO_MODE, settings.DATA_DIR = True, tmp_path
    kept: list[demo_mode.Progress | None] = []
    monkeypatch.setattr(demo_mode, "keep_progress", kept.append)
    out = io.StringIO()
    options = {"units": "640000,410000", "periods": "2026Q1,2026Q2,2026Q3", "processes": 1, "judge": True}
    call_command("demo", **options, stdout=out)
    said = [line for line in out.getvalue().splitlines() if line.startswith("演示数据")]
    assert [line.rpartition("data: ")[2] for line in said] == [
        "2026Q1, 1/3",
        "2026Q2, 2/3",
        "2026Q3, 3/3",
        "deciding what may be published, 3 quarters",
    ]
    assert [(step.period, step.done, step.judged) for step in kept if step][3:5] == [
        ("2026Q1", 4, 0),
        ("2026Q2", 1, 1),
    ]
    assert kept[-1] is None
    earlier = Submission.objects.filter(period="2026Q1").values_list("filename", flat=True)
    assert {Path(name).suffix for name in earlier} == {".csv"}
    in_force = Register.objects.in_force().values_list("period_id", "unit_id", "collection")
    assert in_force.filter(period__in=["2026Q1", "2026Q2"]).count() == 8
    assert in_force.filter(period="2026Q3").count() == 2, "410000 has errors in the last quarter"
    call_command("recompute", check=True, stdout=out)


@pytest.mark.usefixtures("units", "files")
def test_on_a_terminal_one_line_moves(settings: Settings, tmp_path: Path) -> None:
    settings.DEMO_MODE, settings.DATA_DIR = True, tmp_path
    out = Terminal()
    call_command("demo", units="640000", periods="2026Q3", processes=1, stdout=out)
    [line] = [line for line in out.getvalue().split("\n") if "\r" in line]
    _, half, whole = line.split("\r\x1b[K")
    assert half.endswith(f"2026Q3, 1/1 {'█' * 10}{'░' * 10} 50 %")
    assert whole.endswith(f"2026Q3, 1/1 {'█' * 20} 100 %")


@pytest.mark.django_db
def test_the_command_refuses_outside_demo_mode(settings: Settings) -> None:
    settings.DEMO_MODE = False
    with pytest.raises(CommandError, match="DEMO_MODE"):
        call_command("demo")
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [({"periods": "2026"}, "not a period"), ({"units": "320000,999999"}, "999999: no such reporting unit")],
)
def test_the_command_refuses_what_it_cannot_read(options: dict[str, str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("demo", **options)


@pytest.mark.usefixtures("demo")
def test_every_unit_has_a_preparer_and_a_signer_and_the_ministry_three() -> None:
    assert User.objects.filter(role=Role.UNIT_PREPARER).count() == 37
    assert User.objects.filter(role=Role.UNIT_SIGNER).count() == 37
    assert set(User.objects.filter(unit=None).values_list("username", flat=True)) == {
        "reviewer",
        "admin",
        "auditor",
    }
    for username, unit in (("js_preparer", "320000"), ("bt_signer", "660000"), ("sz_preparer", "440300")):
        assert User.objects.get(username=username).unit_id == unit


@pytest.mark.usefixtures("demo")
def test_accounts_are_made_once_and_keep_their_password() -> None:
    user = User.objects.get(username="js_preparer")
    assert user.check_password(accounts.PASSWORD)
    user.set_password("their own now")
    user.save()
    assert accounts.make_accounts() == 0
    assert User.objects.get(username="js_preparer").check_password("their own now")


@pytest.mark.usefixtures("demo")
def test_periods_take_uploads_and_the_last_is_not_yet_due() -> None:
    today = timezone.localdate()
    assert Period.objects.open_on(today).count() == 2
    assert Period.objects.get(code="2026Q3").due > today
    make_periods([BEFORE, NOW])
    assert Period.objects.count() == 2


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("unit", "networks", "applications"),
    [
        ("320000", "missing", "missing"),
        ("410000", State.INVALID, "missing"),
        ("510000", State.UNEXPLAINED, State.UNEXPLAINED),
        ("420000", State.READY, State.INVALID),
        ("330000", State.SIGNED, State.SIGNED),
        ("430000", State.RETURNED, "missing"),
        ("220000", State.WITHDRAWN, "missing"),
        ("340000", State.ACCEPTED, State.ACCEPTED),
        ("540000", State.ACCEPTED, State.ACCEPTED),
    ],
)
def test_a_unit_ends_in_its_planned_states(unit: str, networks: str, applications: str) -> None:
    states = loaded(unit)
    assert states["2026Q2", "networks"] == State.ACCEPTED
    assert states["2026Q3", "networks"] == networks
    assert states["2026Q3", "ai_applications"] == applications


@pytest.mark.usefixtures("demo")
def test_accepted_returns_are_registers_and_nil_returns_are_empty() -> None:
    loaded("540000")
    assert Register.objects.in_force().filter(unit="540000").count() == 4
    nil = Submission.objects.get(unit="540000", collection="ai_applications", period="2026Q3")
    assert (nil.nil_return, nil.data_rows) == (True, 0)


@pytest.mark.usefixtures("demo")
def test_loading_again_changes_nothing() -> None:
    first = loaded("630000")
    versions = Submission.objects.count()
    assert loaded("630000") == first
    assert Submission.objects.count() == versions


@pytest.mark.usefixtures("demo")
def test_a_broken_off_load_goes_on_where_it_stopped() -> None:
    planned = Return("640000", "networks", BEFORE)
    ready = loading.load(Return("640000", "networks", BEFORE, Outcome.CHECKED), scale=0.05)
    assert ready is not None
    assert ready.state == State.READY
    again = loading.load(planned, scale=0.05)
    assert again is not None
    assert (again.pk, again.state) == (ready.pk, State.ACCEPTED)


@pytest.mark.usefixtures("demo")
def test_a_check_that_never_ends_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "PATIENCE_SECONDS", -1.0)
    monkeypatch.setattr("submissions.checks.intake.check", lambda *, submission_id: None)
    with pytest.raises(loading.StuckError, match="received"):
        loading.load(Return("640000", "networks", BEFORE), scale=0.05)


def test_the_last_period_shows_every_state_and_leaves_jiangsu_to_the_visitor() -> None:
    outcomes = {scenario.outcome for scenario in SCENARIOS.values()}
    assert outcomes == set(Outcome) - {Outcome.NIL}
    (last,) = returns([NOW])
    fates = {(planned.unit, planned.collection): planned.outcome for planned in last}
    assert len(fates) == 74
    assert fates["320000", "networks"] is Outcome.MISSING
    assert fates["540000", "ai_applications"] is Outcome.NIL


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo workbooks, written without a database."""
    target = tmp_path_factory.mktemp("demo")
    call_command("demo", workbooks_only=target, stdout=io.StringIO())
    return target


def test_workbooks_of_every_unit_are_written(folder: Path) -> None:
    assert len(list(folder.glob("*-networks-2026Q3.xlsx"))) == 37
    names = {path.name.removeprefix("demo-JS-networks-") for path in folder.glob("*JS-networks-*")}
    assert names == {
        "2026Q2.xlsx",
        "2026Q3.xlsx",
        "2026Q3.csv",
        "2026Q3-handmade.xlsx",
        "2026Q3-defective.xlsx",
        "2026Q3-defective-planted.csv",
        "2026Q3-compared.xlsx",
        "2026Q3-compared-planted.csv",
    }


def planted(folder: Path, name: str) -> list[tuple[str, str]]:
    """(row, code) as listed beside a workbook."""
    lines = csv.DictReader(io.StringIO((folder / name).read_text(encoding="utf-8-sig")))
    return [(line["行 row"], line["代码 code"]) for line in lines]


def found_by_validate(path: Path, collection: str, output: pytest.CaptureFixture[str], *more: str) -> object:
    """(row, code) of what `manage.py validate --json` prints for Jiangsu."""
    arguments = ["--collection", collection, "--unit", "320000", "--period", "2026Q3", "--json", *more]
    with suppress(SystemExit):  # raised when there is an error
        call_command("validate", str(path), *arguments)
    return [
        (str(finding["row"]), finding["code"]) for finding in json.loads(output.readouterr().out)["findings"]
    ]


@pytest.mark.parametrize("collection", list(FORMS))
def test_validate_prints_the_listed_defects_and_nothing_else(
    folder: Path, collection: str, capsys: pytest.CaptureFixture[str]
) -> None:
    reported = found_by_validate(folder / f"demo-JS-{collection}-2026Q3-defective.xlsx", collection, capsys)
    listed = planted(folder, f"demo-JS-{collection}-2026Q3-defective-planted.csv")
    assert len(listed) > 20
    assert reported == listed


@pytest.mark.parametrize("collection", list(FORMS))
def test_validate_compares_with_the_registers_beside(
    folder: Path, collection: str, capsys: pytest.CaptureFixture[str]
) -> None:
    beside = ["--previous", str(folder / f"demo-JS-{collection}-2026Q2.xlsx")]
    if collection != "networks":
        beside += ["--networks", str(folder / "demo-JS-networks-2026Q3.xlsx")]
    reported = found_by_validate(
        folder / f"demo-JS-{collection}-2026Q3-compared.xlsx", collection, capsys, *beside
    )
    listed = planted(folder, f"demo-JS-{collection}-2026Q3-compared-planted.csv")
    assert len(listed) >= 4
    assert reported == listed
