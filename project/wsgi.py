"""The WSGI entry point of Django."""

from __future__ import annotations

import os
from importlib import import_module

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")


class Request(WSGIRequest):
    """Its text is UTF-8, whatever charset it names: Django breaks off at names such as base64, outside of what
    answers for errors."""

    encoding = property(lambda self: None, lambda self, named: None)


application = get_wsgi_application()
application.request_class = Request
# All addresses and what they need: loaded before the server forks, so that its workers share them and none makes its
# first visitor wait. Otherwise Django would load them with the first request, in every worker anew.
import_module(settings.ROOT_URLCONF)
