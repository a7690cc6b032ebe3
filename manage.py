#!/usr/bin/env python
"""Run Django's commands for the project."""

import os
import sys

from django.conf import settings


def main(argv: list[str]) -> None:
    """`validate` needs no apps and no database; without loading them it answers in half the time."""
    if argv[1:2] == ["validate"]:
        settings.configure(USE_I18N=False)
        # pandera loads hypothesis where it is installed, to make up data, which no check asks for.
        sys.modules["hypothesis"] = None  # type: ignore[assignment]
        from submissions.management.commands.validate import Command

        Command().run_from_argv(argv)
        return
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    execute_from_command_line(argv)


if __name__ == "__main__":
    main(sys.argv)
