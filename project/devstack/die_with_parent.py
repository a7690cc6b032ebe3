"""Start a program that dies with its parent: `python die_with_parent.py SIGNAL PARENT_PID USER -- PROGRAM ARGUMENT…`.

A program of its own, because a hook between fork and exec is neither safe beside threads nor kept through a
change of user. It imports little: each start of a server passes through it.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Change to USER unless that is "-", ask the kernel for SIGNAL at the parent's death, become PROGRAM."""
    signal_number, parent, user = int(arguments[0]), int(arguments[1]), arguments[2]
    command = arguments[4:]
    if user != "-":
        become(user)
    # The request outlives exec; a change of user would cancel it, so it comes after that.
    die_with_parent(signal_number)
    if os.getppid() != parent:
        sys.exit("The parent died before the program began.")
    os.execvp(command[0], command)  # noqa: S606 the command comes from project/devstack/servers.py and up


def die_with_parent(signal_number: int) -> None:
    """Ask the kernel for the signal when the parent of this process dies. It is not passed on to children: whoever
    forks helpers has each of them ask for itself. Only Linux has this."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal_number)


def become(user: str) -> None:
    """Give up root for `user`, for good."""
    entry = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    os.environ["HOME"] = "/nonexistent"


if __name__ == "__main__":
    main(sys.argv[1:])
