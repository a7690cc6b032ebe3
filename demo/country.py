"""The country: every return of the plan brought to its outcome, quarter after quarter, in several processes."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import django
from django.core.management import call_command
from django.db import connections

from demo.files import write_workbooks
from demo.growth import WEIGHTS
from demo.plan import Return
from submissions.demo_mode import Progress

#: added to the niceness of processes that judge: first all quarters come in
_NICENESS = 5

Wave = list[Return]


class Loaded(NamedTuple):
    """The state that one return was brought to."""

    planned: Return
    state: str
    rows: int | None


class Step(NamedTuple):
    """How far the load is, and the return that just came in; None where it was no return."""

    progress: Progress
    loaded: Loaded | None = None


class _Here(Executor):
    """Runs everything at once and in this process, which keeps its database connection."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


class Country:
    """Loads `plan`, wave by wave, at `scale`. The returns of an earlier quarter are accepted together, so that it is
    seen at once and whole; in the last one each goes its own way, and the workbooks of its units are written to
    `folder`. With `judged` it is decided what may be published of each quarter as soon as it is in."""

    def __init__(self, plan: list[Wave], scale: float, processes: int, folder: Path, *, judged: bool) -> None:
        self._plan, self._scale, self._processes, self._folder = plan, scale, processes, folder
        self._is_judged = judged
        self._judgements: list[Future[None]] = []

    def load(self) -> Iterator[Step]:
        """Load everything, a step at a time. Raises whatever went wrong in any process."""
        with ExitStack() as stack:
            loaders = stack.enter_context(self._pool(0))
            judges = stack.enter_context(self._pool(_NICENESS)) if self._is_judged else None
            for number, wave in enumerate(self._plan, start=1):
                yield from self._load_wave(loaders, number, wave)
                if judges and number == len(self._plan):
                    # units are carried into the last quarter from those before, which are judged first
                    yield from self._judged()
                if judges:
                    self._judgements.append(judges.submit(_judge, str(wave[0].period)))
            yield from self._judged()

    def _load_wave(self, pool: Executor, number: int, wave: Wave) -> Iterator[Step]:
        is_last = number == len(self._plan)
        load = _load_last if is_last else _load_signed
        groups = [pool.submit(load, group, self._scale, self._folder) for group in _by_unit(wave)]
        done = 0
        for finished in as_completed(groups):
            for loaded in finished.result():
                done += 1
                yield Step(self._progress(number, done), loaded)
        if not is_last:
            pool.submit(_accept, wave).result()

    def _judged(self) -> Iterator[Step]:
        for finished in as_completed(self._judgements):
            finished.result()
            yield Step(self._progress(len(self._plan)))

    def _progress(self, number: int, done: int | None = None) -> Progress:
        """In the quarter of this number; without `done` all are in."""
        wave = self._plan[number - 1]
        period, total = ("", 0) if done is None else (str(wave[0].period), len(wave))
        judged = sum(judgement.done() for judgement in self._judgements)
        return Progress(period, number, len(self._plan), done or 0, total, judged)

    def _pool(self, niceness: int) -> Executor:
        if self._processes == 1:
            return _Here()
        # A child that shared this process's database connection would break it.
        connections.close_all()
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(
            self._processes, mp_context=context, initializer=_begin, initargs=(niceness,)
        )


def _begin(niceness: int) -> None:
    os.nice(niceness)
    django.setup()


def _by_unit(wave: Wave) -> list[Wave]:
    """The returns of each unit, networks first; the largest units first, so that none is waited for at the end."""
    groups: dict[str, Wave] = {}
    for planned in wave:
        groups.setdefault(planned.unit, []).append(planned)
    return sorted(groups.values(), key=lambda group: -WEIGHTS[group[0].unit])


def _load_signed(group: Wave, scale: float, _folder: Path) -> list[Loaded]:
    """One unit's returns of an earlier period, up to their signature; in whatever process."""
    from demo.loading import load

    return [_loaded(planned, load(planned, scale=scale, decided=False)) for planned in group]


def _load_last(group: Wave, scale: float, folder: Path) -> list[Loaded]:
    """One unit's returns of the last period, each up to its outcome, and its workbooks."""
    from demo.loading import load

    write_workbooks(folder, group[0].period, [group[0].unit], scale=scale)
    return [_loaded(planned, load(planned, scale=scale)) for planned in group]


def _loaded(planned: Return, submission: Any) -> Loaded:
    if submission is None:
        return Loaded(planned, planned.outcome.value, None)
    return Loaded(planned, submission.state, submission.data_rows)


def _accept(wave: Wave) -> None:
    from demo.loading import accept_signed

    accept_signed(wave)


def _judge(period: str) -> None:
    """By its name: figures are nothing that submissions know."""
    call_command("clear_figures", period=period, verbosity=0)
