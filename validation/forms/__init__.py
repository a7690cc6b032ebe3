"""The forms by collection name; to add a collection, copy the nearest module and list it here, or see `validation/registry.py`."""

from validation.forms.ai_applications import AI_APPLICATIONS
from validation.forms.form import Column, Companion, Form, Kind, Need, Role
from validation.forms.networks import NETWORKS

FORMS: dict[str, Form] = {form.name: form for form in (NETWORKS, AI_APPLICATIONS)}


__all__ = ["FORMS", "Column", "Companion", "Form", "Kind", "Need", "Role"]
