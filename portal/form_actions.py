"""Calling a verb for a person who may click twice or be refused, without losing what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.forms import BaseForm

from portal.returns.forms import BaseReasons
from submissions.models import State, Submission, User
from submissions.workflow.refusals import Refusal, RefusalError

T = TypeVar("T")

#: refusals that end the matter; the others are told in the form, with what was typed still in it
_FINAL = frozenset({Refusal.NOT_FOUND, Refusal.NOT_ALLOWED})


def attempt(form: BaseForm | BaseReasons, verb: Callable[[], T]) -> T | RefusalError:
    """Call `verb`. A refusal is put into `form` and returned; one that ends the matter is raised."""
    try:
        return verb()
    except RefusalError as refusal:
        if refusal.code in _FINAL:
            raise
        tell(form, refusal)
        return refusal


def tell(form: BaseForm | BaseReasons, refusal: RefusalError) -> None:
    """Show the refusal above the form's fields."""
    if isinstance(form, BaseReasons):
        form.non_form_errors().append(refusal.message)
    else:
        form.add_error(None, refusal.message)


def decide(*, submission: Submission, done: State, by: User, verb: Callable[[], None]) -> None:
    """Call a deciding `verb`; when `by` made the same decision a moment ago, count that as done."""
    try:
        verb()
    except RefusalError:
        submission.refresh_from_db()
        own = submission.events.filter(to_state=done, actor=by)
        if submission.state != done or not own.exists():
            raise
