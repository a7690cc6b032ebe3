"""Keeps the stack's programs running: starts them, prefixes their logs, restarts the dead, stops all.

None of the programs outlives the supervisor, even one killed with -9: see die_with_parent.py. Signals only set
a flag, so that a program is never lost between its start and its place in the list.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from project.devstack import die_with_parent

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TICK_SECONDS = 0.2
#: how long a program may take to stop before its whole group is killed
GRACE_SECONDS = 15.0
FIRST_BACKOFF_SECONDS = 0.5
LONGEST_BACKOFF_SECONDS = 30.0
#: a program that ran this long has recovered: its next restart is quick again
RECOVERED_SECONDS = 60.0


class StopAsked(Exception):  # noqa: N818 it is a wish and not an error
    """Raised to stop the supervisor; not an error."""


class NotReadyError(Exception):
    """A program ended, or took too long, before it did what it was waited for."""


@dataclass(frozen=True)
class Program:
    """One program to run. `log` takes its output away from the supervisor's own, and of one that `shows` itself on the
    supervisor's screen what it says beside that; `user` is for root only. Others need one that `serves` until they have
    stopped."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    cwd: Path | None = None
    log: Path | None = None
    terminal: bool = False
    shows: bool = False
    serves: bool = False
    pass_fds: tuple[int, ...] = ()
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL


@dataclass
class _Log:
    """One program's pipe; `rest` is the line it has begun."""

    name: str
    rest: bytes = b""


@dataclass
class _Running:
    program: Program
    process: subprocess.Popen[bytes]
    started: float
    once: bool = False
    backoff: float = FIRST_BACKOFF_SECONDS
    restart_at: float | None = None


class Supervisor:
    """Use as a context manager: leaving it stops every program, those that serve others last."""

    def __init__(self, *, out: IO[str] = sys.stdout) -> None:
        self._out = out
        self._children: list[_Running] = []
        self._pipes = selectors.DefaultSelector()
        self._asked = False

    def __enter__(self) -> Supervisor:
        self._former = {number: signal.signal(number, self._ask) for number in STOP_SIGNALS}
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop()
        for number, handler in self._former.items():
            signal.signal(number, handler)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self._asked = True

    def say(self, name: str, line: str) -> None:
        """One line of the common log."""
        print(f"{name:>9} | {line}", file=self._out, flush=True)  # noqa: T201 the supervisor's output

    def start(self, program: Program) -> None:
        """Start `program` and keep it running from now on."""
        self._children.append(_Running(program, self._spawn(program), time.monotonic()))

    def run(self, program: Program) -> int:
        """Run `program` to its end, beside those kept running, and give its exit code."""
        child = _Running(program, self._spawn(program), time.monotonic(), once=True)
        self._children.append(child)
        while child.process.poll() is None:
            self._tick()
        self._children.remove(child)
        self._copy_all(seconds=0)
        return child.process.returncode

    def wait_for(self, ready: Callable[[], bool], *, what: str, seconds: float = 60) -> None:
        """Wait until `ready()`. Raises NotReadyError after `seconds`."""
        deadline = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > deadline:
                raise NotReadyError(f"{what} was not ready after {seconds:.0f} s.")
            self._tick()

    def keep_running(self) -> None:
        """Log and restart until asked to stop, which raises StopAsked."""
        while True:
            self._tick()

    def pids(self) -> list[int]:
        """Process ids of the programs, in the order of their start."""
        return [child.process.pid for child in self._children]

    def stop(self) -> None:
        """Stop every program, those that serve others last; slow ones are killed with their groups."""
        for serving in (False, True):
            self._stop([child for child in self._children if child.program.serves is serving])
        self._children.clear()

    def _spawn(self, program: Program) -> subprocess.Popen[bytes]:
        shim = (sys.executable, "-I", "-S", die_with_parent.__file__)
        facts = (str(int(program.orphan_signal)), str(os.getpid()), program.user or "-")
        output = _output(program)
        process = subprocess.Popen(  # noqa: S603 a fixed program
            (*shim, *facts, "--", *program.argv),
            env={**os.environ, **program.env},
            cwd=program.cwd,
            stdin=None if program.terminal else subprocess.DEVNULL,
            stdout=None if program.shows else output,
            stderr=output if program.shows else None if program.terminal else subprocess.STDOUT,
            start_new_session=True,
            pass_fds=program.pass_fds,
        )
        if process.stdout:
            # Taken from the Popen object, which would close it while the program's helpers still write.
            self._pipes.register(os.dup(process.stdout.fileno()), selectors.EVENT_READ, _Log(program.name))
            process.stdout.close()
        elif not isinstance(output, int | None):
            output.close()
        return process

    def _tick(self) -> None:
        if self._asked:
            raise StopAsked
        self._copy_all(seconds=TICK_SECONDS)
        for child in self._children:
            self._revive(child)

    def _copy_all(self, *, seconds: float) -> None:
        for key, _events in self._pipes.select(seconds):
            self._copy(key)

    def _copy(self, key: selectors.SelectorKey) -> None:
        """Copy the complete lines of one pipe; an unfinished line waits for its rest."""
        log: _Log = key.data
        piece = os.read(key.fd, 65536)
        *lines, log.rest = (log.rest + piece).split(b"\n")
        if not piece:
            lines += [log.rest] if log.rest else []
            self._pipes.unregister(key.fileobj)
            os.close(key.fd)
        for line in lines:
            self.say(log.name, line.decode(errors="replace").rstrip())

    def _revive(self, child: _Running) -> None:
        now = time.monotonic()
        if child.once or child.process.poll() is None:
            return
        if child.restart_at is None:
            child.backoff = (
                FIRST_BACKOFF_SECONDS if now - child.started > RECOVERED_SECONDS else child.backoff
            )
            child.restart_at = now + child.backoff
            # What a dead program's helpers still do would be done twice after the restart.
            _kill_group(child.process, signal.SIGKILL)
            self.say(
                child.program.name,
                f"ended with {child.process.returncode}; starts again in {child.backoff:g} s",
            )
        elif now >= child.restart_at:
            child.process = self._spawn(child.program)
            child.started, child.restart_at = now, None
            child.backoff = min(child.backoff * 2, LONGEST_BACKOFF_SECONDS)

    def _stop(self, children: list[_Running]) -> None:
        """Stop all at once, so that several slow programs take no longer than one."""
        for child in children:
            if child.process.poll() is None:
                child.process.send_signal(child.program.stop_signal)
        deadline = time.monotonic() + GRACE_SECONDS
        while any(child.process.poll() is None for child in children) and time.monotonic() < deadline:
            self._copy_all(seconds=TICK_SECONDS)
        for child in children:
            _kill_group(child.process, signal.SIGKILL)
            child.process.wait()
        self._copy_all(seconds=0)


def _output(program: Program) -> int | IO[bytes] | None:
    if program.terminal:
        return None
    return program.log.open("ab") if program.log else subprocess.PIPE


def _kill_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Signal what is left of the program's session; nothing being left is fine."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return
