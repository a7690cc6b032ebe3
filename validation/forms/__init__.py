"""The forms by collection name; to add a collection, copy the nearest module and list it here, or see `validation/registry.py`."""

from validation.forms.ai_applications import AI_APPLICATIONS
from validation.forms.form import Column, Companion, Form, Kind, Need, Role
from validation.forms.networks import NETWORKS

FORMS: dict[str, Form] = {form.name: form for form in (NETWORKS, AI_APPLICATIONS)}


def companions() -> list[Form]:
    """The forms that another form is compared with, each once."""
    names = dict.fromkeys(form.companion.collection for form in FORMS.values() if form.companion)
    return [FORMS[name] for name in names]


__all__ = ["FORMS", "Column", "Companion", "Form", "Kind", "Need", "Role", "companions"]
