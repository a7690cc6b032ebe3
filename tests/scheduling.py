"""How tests are dealt out to processes: file by file, and those of one running stack to one, so that it is started once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.workermanage import WorkerController

#: files whose tests ask for the running stack, as much work in the first process's as in the second's
ON_STACKS = (
    (
        "tests/browser/test_api_docs.py",
        "tests/browser/test_every_page.py",
        "tests/browser/test_findings.py",
        "tests/browser/test_releases.py",
        "tests/browser/test_seldom_ways.py",
        "tests/project/test_worker.py",
    ),
    ("tests/browser/", "tests/project/test_secrets_in_logs.py", "tests/project/devstack/test_up.py"),
)


def _on_stack(number: int) -> str:
    return f"stack {number}"


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """pytest-xdist's own grouping by mark does not work with this pytest, which no longer lets node ids be renamed."""

    def _assign_work_unit(self, node: WorkerController) -> None:
        """Hand out what takes longest first: left to the end, it would be waited for."""
        for number in reversed(range(len(ON_STACKS))):
            if (scope := _on_stack(number)) in self.workqueue:
                self.workqueue.move_to_end(scope, last=False)
        super()._assign_work_unit(node)

    def _split_scope(self, nodeid: str) -> str:
        for number, files in enumerate(ON_STACKS):
            if nodeid.startswith(files):
                return _on_stack(number)
        return nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    """Deal out by `Scheduling`, whatever --dist says."""
    return Scheduling(config, log)
