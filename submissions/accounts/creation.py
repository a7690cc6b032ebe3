"""Opening accounts on the server: of any role, for example the first one, which nobody can invite."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from submissions.models import UNIT_ROLES, Role, Unit, User


class AccountError(ValueError):
    """Raised when the account cannot be opened; the text says why and what to do."""


@transaction.atomic
def open_account(
    *, username: str, role: Role, unit: str = "", email: str = "", display_name: str = "", password: str = ""
) -> User:
    """Open an account. Without `password` the person sets one by a link.

    Asked again for one that still waits it is the same account, and links made before hold no longer.
    Raises AccountError.
    """
    name = username.lower()
    facts = {"role": role, "unit": _unit_of(role, unit)}
    account = User.objects.select_for_update().filter(username=name).first()
    if account is None:
        account = User(username=name, email=email, display_name=display_name, **facts)
        _require_sound(account)
    elif account.has_usable_password() or {key: getattr(account, key) for key in facts} != facts:
        raise AccountError(
            f"There is an account {name} already ({account.role or 'no role'}). Choose another name."
        )
    # for none: what stands in its place is another one each time, and links are made of it
    account.set_password(password or None)
    account.save()
    return account


def password_path(account: User) -> str:
    """Path of the page that sets the account's password; it holds for PASSWORD_RESET_TIMEOUT and until a password
    is set."""
    key = default_token_generator.make_token(account)
    parts = {"uidb36": user_pk_to_url_str(account), "key": key}
    return reverse("account_reset_password_from_key", kwargs=parts)


def _unit_of(role: Role, code: str) -> Unit | None:
    if role not in UNIT_ROLES:
        if code:
            raise AccountError(f"A {role} belongs to no reporting unit: leave --unit out.")
        return None
    units = {unit.code: unit for unit in Unit.objects.all()}
    if not code:
        raise AccountError(f"A {role} belongs to a reporting unit: add --unit, e.g. --unit 320000.")
    if code not in units:
        known = ", ".join(f"{unit.code} {unit.name_zh}" for unit in units.values())
        raise AccountError(f"There is no reporting unit {code}. Reporting units: {known}.")
    return units[code]


def _require_sound(account: User) -> None:
    """Check the model's rules, and that no person has two accounts in one unit, which would defeat four eyes."""
    try:
        account.full_clean(exclude=["password"])
    except ValidationError as error:
        raise AccountError(
            " ".join(f"{name}: {' '.join(said)}" for name, said in error.message_dict.items())
        ) from error
    colleagues = (
        User.objects.filter(unit=account.unit, is_active=True) if account.unit else User.objects.none()
    )
    holder = colleagues.filter(email__iexact=account.email).first() if account.email else None
    if holder is not None:
        raise AccountError(
            f"{account.email} is the address of {holder.username}, of the same unit: give another one."
        )
