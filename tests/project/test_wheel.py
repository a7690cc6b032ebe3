"""The engine as a wheel of its own: in an empty environment it finds byte for byte what the service finds."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tomllib
import venv
from pathlib import Path
from types import ModuleType

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from demo.workbooks import workbook
from submissions.checks import intake
from submissions.models import Period, Submission, User
from tests.conftest import Cast
from validation import Period as Quarter

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "packaging" / "gongwang-validate"
TOOLS = Path(sys.executable).parent
SLOT = ("--collection", "networks", "--unit", "320000", "--period", "2026Q3")
Q3 = Quarter(2026, 3)
#: file name -> rows and planted defects of a demo workbook of networks
PLANTED: dict[str, tuple[int, tuple[str, ...]]] = {
    "clean.xlsx": (30, ()),
    "spoilt.xlsx": (60, ("cell.E102", "cell.E103", "net.E311", "net.W320", "row.W306", "cell.W118")),
    "spoilt.csv": (40, ("cell.E104", "net.W320")),
}
#: files as offices and programs write them, of the test's own folders
ODD = ("should_pass/register.xls", "should_pass/register_wps.et", "should_fail/html_named_xls.xls")


def dependencies(path: Path) -> dict[str, str]:
    """Declared dependencies by name."""
    declared = tomllib.loads(path.read_text(encoding="utf-8"))["project"]["dependencies"]
    return {text.partition(">")[0]: text for text in declared}


def test_versions_are_those_of_the_service() -> None:
    own, service = dependencies(HOME / "pyproject.toml"), dependencies(ROOT / "pyproject.toml")
    assert own == {name: service[name] for name in own}
    assert "django" not in own


def _builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_wheel", HOME / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command in an environment that has nothing but the wheel and what it depends on."""
    folder = tmp_path_factory.mktemp("wheel")
    wheel = _builder().build(folder)
    venv.create(folder / "empty", with_pip=False)
    python = folder / "empty" / "bin" / "python"
    install = [TOOLS / "uv", "pip", "install", "--quiet", "--python", python]
    pinned = ["--constraint", ROOT / "requirements.lock", wheel]
    # what the service is made of lies in uv's cache; where it was emptied, the registry is asked
    if subprocess.run([*install, "--offline", *pinned], check=False, capture_output=True).returncode:
        subprocess.run([*install, *pinned], check=True)
    return folder / "empty" / "bin" / "gongwang-validate"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("files")
    for name, (rows, defects) in PLANTED.items():
        format = "csv" if name.endswith(".csv") else "xlsx"
        (folder / name).write_bytes(
            workbook("320000", "networks", Q3, rows=rows, defects=defects, format=format).data
        )
    return [*sorted(folder.iterdir()), *(ROOT / "tests" / name for name in ODD)]


def answer_of(command: list[str | Path], folder: Path) -> tuple[int, bytes]:
    """Exit code and output, run where no module of the project can be imported by accident."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST"))}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()
    return done.returncode, done.stdout


@pytest.mark.stack
def test_the_command_answers_as_the_service_does(
    installed: Path, files: list[Path], tmp_path: Path, cast: Cast, period: Period
) -> None:
    client = api_of(cast.js_preparer)
    for path in files:
        wheel = answer_of([installed, path, *SLOT, "--json"], tmp_path)
        service = answer_of([sys.executable, ROOT / "manage.py", "validate", path, *SLOT, "--json"], tmp_path)
        assert wheel == service, path.name
        sent = {
            "collection": "networks",
            "period": period.code,
            "file": SimpleUploadedFile(path.name, path.read_bytes()),
        }
        dry_run = client.post("/api/v1/validate/", sent, format="multipart").json()
        assert in_order(json.loads(wheel[1])) == in_order(dry_run), path.name
        assert in_order(findings(json.loads(wheel[1]))) == in_order(stored(cast, period, path)), path.name


@pytest.mark.stack
def test_it_has_the_rules_and_the_kit_and_no_django(installed: Path, tmp_path: Path) -> None:
    code = (
        "import importlib.util, json, pathlib, sys, validation, validation.command\n"
        "kit = pathlib.Path(validation.__file__).parent / 'kit'\n"
        "print(len(json.loads((kit / 'rules.json').read_text())['rules']))\n"
        "print(len(json.loads((kit / 'conformance.json').read_text())['cases']))\n"
        "print(importlib.util.find_spec('django'), 'site-packages' in validation.__file__)"
    )
    (_, output) = answer_of([installed.with_name("python"), "-c", code], tmp_path)
    rules, cases, rest = output.decode().splitlines()
    assert int(rules) == int(cases) > 100
    assert rest == "None True"


def in_order(payload: object) -> str:
    return json.dumps(payload, sort_keys=True, ensure_ascii=False)


def findings(payload: dict[str, object]) -> list[str]:
    return sorted(map(in_order, payload["findings"]))  # type: ignore[call-overload]


def stored(cast: Cast, period: Period, path: Path) -> list[str]:
    """What the portal keeps of an upload of the file, in the form of the command line's findings."""
    Submission.objects.all().delete()
    with path.open("rb") as content:
        submission = intake.receive(
            by=cast.js_preparer, collection="networks", period=period.code, upload=content, filename=path.name
        )
    intake.check(submission_id=submission.pk)
    client, rows, page = (
        api_of(cast.js_preparer),
        [],
        f"/api/v1/submissions/{submission.pk}/findings/?limit=100",
    )
    while page:
        answer = client.get(page).json()
        rows += answer["results"]
        page = answer["next"]
    return sorted(in_order({k: v for k, v in row.items() if k not in ("id", "explanation")}) for row in rows)


def api_of(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client
