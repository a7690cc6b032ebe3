#!/usr/bin/env python
"""Run Django's commands for the project."""

import os
import sys
from importlib import import_module

from django.conf import settings

#: These need no app, no model and no database; without loading them they start in half the time.
WITHOUT_APPS = {
    "validate": "submissions.management.commands.validate",
    "up": "project.management.commands.up",
    "with_stack": "project.management.commands.with_stack",
}


def main(argv: list[str]) -> None:
    """Run the command named by the first argument."""
    name = argv[1] if len(argv) > 1 else ""
    if name == "validate":
        settings.configure(USE_I18N=False)
        # pandera loads hypothesis where it is installed, to make up data, which no check asks for.
        sys.modules["hypothesis"] = None  # type: ignore[assignment]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    if name in WITHOUT_APPS:
        import_module(WITHOUT_APPS[name]).Command().run_from_argv(argv)
        return
    from django.core.management import execute_from_command_line

    execute_from_command_line(argv)


if __name__ == "__main__":
    main(sys.argv)
