"""The web server's door to Django."""

from __future__ import annotations

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

application = get_wsgi_application()
# All addresses and what they need: loaded before the server forks, so that its workers share them and none makes its
# first visitor wait. Otherwise Django would load them with the first request, in every worker anew.
import_module(settings.ROOT_URLCONF)
