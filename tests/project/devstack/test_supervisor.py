"""The supervisor with small programs: logs, restarts, stopping, and nothing left when it is killed."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from project.devstack import supervisor
from project.devstack.supervisor import NotReadyError, Program, StopAsked, Supervisor
from project.settings import BASE_DIR

#: ignores the wish to stop and has a helper, as a hung worker would
STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.fork()
os.write(1, b"%d\\n" % os.getpid())
time.sleep(600)
"""


def _python(name: str, code: str) -> Program:
    return Program(name, (sys.executable, "-c", code))


def _until(true: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def test_whole_lines_are_passed_on_with_the_programs_name() -> None:
    out = io.StringIO()
    code = "import sys, time; sys.stderr.write('one '); time.sleep(.5); sys.stderr.write('line\\nno end')"
    with Supervisor(out=out) as running:
        assert running.run(_python("talker", code)) == 0
        running.run(_python("other", "pass"))
    assert out.getvalue().splitlines() == ["   talker | one line", "   talker | no end"]


def test_a_program_that_shows_itself_writes_to_the_screen_and_its_errors_to_its_log(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = io.StringIO()
    code = "import sys; sys.stdout.write('40 %\\r'); sys.stdout.write('80 %'); sys.stderr.write('a fault')"
    with Supervisor(out=out) as running:
        running.run(replace(_python("moving", code), shows=True, log=tmp_path / "moving.log"))
    assert capfd.readouterr().out == "40 %\r80 %"
    assert (tmp_path / "moving.log").read_text() == "a fault"
    assert out.getvalue() == ""


def test_the_exit_code_of_a_single_run_is_given() -> None:
    with Supervisor(out=io.StringIO()) as running:
        assert running.run(_python("failing", "raise SystemExit(3)")) == 3


def test_a_program_that_dies_is_started_again_after_growing_pauses() -> None:
    out = io.StringIO()
    with Supervisor(out=out) as running:
        running.start(_python("mortal", "raise SystemExit(7)"))
        running.wait_for(
            lambda: "starts again in 2 s" in out.getvalue(), what="the third restart", seconds=20
        )
    assert "ended with 7; starts again in 0.5 s" in out.getvalue()
    assert "ended with 7; starts again in 1 s" in out.getvalue()


def test_what_never_becomes_ready_is_told_by_name() -> None:
    with (
        Supervisor(out=io.StringIO()) as running,
        pytest.raises(NotReadyError, match="The thing was not ready"),
    ):
        running.wait_for(lambda: False, what="The thing", seconds=0.3)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_stop_signal_stops_the_programs(number: signal.Signals) -> None:
    with Supervisor(out=io.StringIO()) as running:
        running.start(_python("sleeper", "import time; time.sleep(600)"))
        pid = running.pids()[0]
        os.kill(os.getpid(), number)
        with pytest.raises(StopAsked):
            running.keep_running()
    assert not psutil.pid_exists(pid)


def test_a_program_that_will_not_stop_is_killed_with_its_helpers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "GRACE_SECONDS", 0.5)
    out = io.StringIO()
    with Supervisor(out=out) as running:
        running.start(_python("stubborn", STUBBORN))
        running.wait_for(lambda: out.getvalue().count("\n") == 2, what="both processes")
    pids = [int(line.split("|")[1]) for line in out.getvalue().splitlines()[:2]]
    _until(lambda: not any(psutil.pid_exists(pid) for pid in pids))


#: says so when it begins to stop and when it has, which takes it a while
SLOW = """
import os, signal, time
def stop(*_):
    os.write(1, b"stopping\\n"), time.sleep(0.5), os.write(1, b"done\\n"), os._exit(0)
signal.signal(signal.SIGTERM, stop)
os.write(1, b"ready\\n")
time.sleep(600)
"""


def test_programs_stop_together_and_those_that_serve_them_afterwards() -> None:
    out = io.StringIO()
    with Supervisor(out=out) as running:
        running.start(replace(_python("server", SLOW), serves=True))
        running.start(_python("one", SLOW))
        running.start(_python("other", SLOW))
        running.wait_for(lambda: out.getvalue().count("ready") == 3, what="all of them")
    said = [line.strip() for line in out.getvalue().splitlines() if "ready" not in line]
    assert sorted(said[:2]) == ["one | stopping", "other | stopping"]
    assert sorted(said[2:4]) == ["one | done", "other | done"]
    assert said[4:] == ["server | stopping", "server | done"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of its parent's death")
def test_a_killed_supervisor_leaves_nothing_behind(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    code = f"""
import sys
from project.devstack.supervisor import Program, Supervisor
with Supervisor() as running:
    for _ in range(2):
        running.start(Program("sleeper", (sys.executable, "-c", "import time; time.sleep(600)")))
    open({str(pids)!r}, "w").write(" ".join(map(str, running.pids())))
    running.keep_running()
"""
    process = subprocess.Popen([sys.executable, "-c", code], cwd=BASE_DIR)
    _until(lambda: pids.exists() and pids.read_text())
    process.kill()
    process.wait()
    _until(lambda: not any(psutil.pid_exists(int(pid)) for pid in pids.read_text().split()))
