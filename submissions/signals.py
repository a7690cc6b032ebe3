"""Signals: how figures learn of an acceptance without submissions knowing of figures."""

from django.dispatch import Signal

#: Sent inside the accepting transaction with `submission` and `frame`, its typed polars frame (no rows for a
#: nil return). A receiver that raises undoes the acceptance: register and figures change together or not at all.
submission_accepted = Signal()

#: Sent inside the transaction that takes an accepted register out of force, with `submission`, `by` and `reason`.
register_excluded = Signal()
