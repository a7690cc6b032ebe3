"""The collections whose forms are installed, as choices of models, API and pages."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.functional import lazy
from django.utils.translation import get_language

from validation import FORMS, Form

# each pack installs its form; members are made of the forms there are, so all packs have to be in before
for _pack in settings.COLLECTION_PACKS:
    import_module(_pack)


def _label(form: Form) -> str:
    return form.label_zh if (get_language() or "zh").startswith("zh") else form.label_en


_label_lazy = lazy(_label, str)


def _members(forms: Iterable[Form]) -> Any:
    return [(form.name.upper(), (form.name, _label_lazy(form))) for form in forms]


#: a member for each form: its value is the name of the collection, its label what the reader calls it
Collection: Any = models.TextChoices("Collection", _members(FORMS.values()))


def collection_choices() -> list[tuple[str, str]]:
    """Choices of a model's field: as a function, so that a new collection needs no migration."""
    return list(Collection.choices)
