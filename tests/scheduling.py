"""How tests are dealt out to processes: those of the running stack to one, so that it is started once; most others singly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from xdist.remote import Producer

#: a file whose tests share something that takes long to make
SHARING = "tests/submissions/test_demo_command.py"

#: files whose tests ask for the running stack
ON_THE_STACK = ("tests/browser/", "tests/project/test_up.py", "tests/project/test_worker.py")


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """pytest-xdist's own grouping by mark does not work with this pytest, which no longer lets node ids be renamed."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(ON_THE_STACK):
            return "stack"
        return SHARING if nodeid.startswith(SHARING) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    """Deal out by `Scheduling`, whatever --dist says."""
    return Scheduling(config, log)
