"""The stable problem codes of the API: code, HTTP status and text of each kind of error."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, UnreadablePostError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions

from project.refusal_status import STATUS

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Problem(NamedTuple):
    """One kind of error. `code` never changes once published; `detail` is a lazily translated sentence."""

    code: str
    status: int
    detail: _StrPromise | str


class AnyProblemError(exceptions.APIException):
    """An error of the API's own, with its problem and the fields it concerns."""

    def __init__(self, problem: Problem, errors: list[dict[str, str]] | None = None) -> None:
        super().__init__(problem.detail)
        self.problem = problem
        self.errors = errors or []


#: Short names of HTTP statuses, as a problem's title.
TITLES: dict[int, Promise] = {
    400: _("Request not understood"),
    401: _("Not logged in"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Method not allowed"),
    406: _("Format not available"),
    409: _("Conflict with the present state"),
    410: _("No longer available"),
    413: _("Too large"),
    415: _("Media type not supported"),
    422: _("Cannot be processed"),
    429: _("Too many requests"),
    500: _("Internal error"),
    503: _("Not available at present"),
}

NOT_ACCEPTABLE = Problem("not-acceptable", 406, _("This address does not offer the format asked for."))

#: The first class that fits an exception names its problem.
BY_EXCEPTION: tuple[tuple[type[Exception], Problem], ...] = (
    (
        exceptions.ValidationError,
        Problem("invalid-fields", 400, _("Some fields are missing or wrong; see errors.")),
    ),
    (exceptions.ParseError, Problem("malformed-body", 400, _("The body of the request cannot be read."))),
    (
        exceptions.NotAuthenticated,
        Problem("not-authenticated", 401, _("This call needs a token: Authorization: Token ….")),
    ),
    (
        exceptions.AuthenticationFailed,
        Problem("authentication-failed", 401, _("The log-in is not valid or has expired.")),
    ),
    (exceptions.PermissionDenied, Problem("not-allowed", 403, _("Your role does not allow this."))),
    (PermissionDenied, Problem("not-allowed", 403, _("Your role does not allow this."))),
    (
        exceptions.NotFound,
        Problem("not-found", 404, _("There is nothing here, or you are not allowed to see it.")),
    ),
    (Http404, Problem("not-found", 404, _("There is nothing here, or you are not allowed to see it."))),
    (
        exceptions.MethodNotAllowed,
        Problem(
            "method-not-allowed", 405, _("This address does not take this method; see the Allow header.")
        ),
    ),
    (exceptions.NotAcceptable, NOT_ACCEPTABLE),
    (
        exceptions.UnsupportedMediaType,
        Problem("unsupported-media-type", 415, _("This address does not take a body of this media type.")),
    ),
    (exceptions.Throttled, Problem("too-many-requests", 429, _("Too many requests; wait and try again."))),
    (
        RequestDataTooBig,
        Problem("file-too-large", 413, _("The request is larger than the published limit.")),
    ),
    (SuspiciousOperation, Problem("malformed-request", 400, _("The request is not well formed."))),
    (UnreadablePostError, Problem("malformed-body", 400, _("The body of the request cannot be read."))),
)

INTERNAL = Problem(
    "internal-error",
    500,
    _("A system fault. It has been recorded; please quote the request id when you report it."),
)

LOGIN_FAILED = Problem(
    "login-failed", 401, _("User name and password do not match, or the account is deactivated.")
)
SECOND_FACTOR_NEEDED = Problem(
    "second-factor-required", 401, _("This account has a second factor: send its present code as “code”.")
)
UNKNOWN_FILTER = Problem(
    "unknown-filter", 400, _("The query string names a filter or a value that does not exist.")
)


def all_problems() -> list[Problem]:
    """Return every problem of the API by status and code, for the page that explains them."""
    own = [problem for _kind, problem in BY_EXCEPTION]
    refusals = [Problem(code, status, code.message) for code, status in STATUS.items()]
    known = {
        p.code: p for p in (*own, LOGIN_FAILED, SECOND_FACTOR_NEEDED, UNKNOWN_FILTER, *refusals, INTERNAL)
    }
    return sorted(known.values(), key=lambda problem: (problem.status, problem.code))
