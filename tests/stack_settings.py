"""The project's settings for a stack of the tests, which starts often and is logged in to often."""

import sys

from project.settings import *  # noqa: F403

# the real hasher is slow by design
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# pandera loads hypothesis where it is installed, as here and not in production
sys.modules["hypothesis"] = None  # type: ignore[assignment]
