"""The unit's home: what it owes, and what is next."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from submissions.models import Collection, Period, ReturnReason, State, User
from submissions.portal import next_steps
from submissions.portal.access import StaffRequest, account_page, render_page
from submissions.portal.calendar import Deadline, current_period, deadline, opened_periods
from submissions.portal.next_steps import NextStep
from submissions.slots import Slot, slots


class Card(NamedTuple):
    """One form of the period: where it stands and the one next step."""

    slot: Slot
    label: str
    step: NextStep
    returned: list[ReturnReason]


class Quarter(NamedTuple):
    """A period with its cards in the order of the forms."""

    deadline: Deadline
    cards: list[Card]


#: earlier quarters that the home page lists
EARLIER = 8


@account_page
def home(request: StaffRequest) -> HttpResponse:
    if request.user.is_national:
        return redirect("review:list")
    today = timezone.localdate()
    current = current_period(today)
    earlier = [period for period in opened_periods(today)[: EARLIER + 1] if period != current]
    quarters = [_quarter(request.user, period, today) for period in earlier]
    context = {
        "quarters": [
            *([_quarter(request.user, current, today)] if current else []),
            *filter(_wants_something, quarters),
        ],
        "earlier": [quarter for quarter in quarters if not _wants_something(quarter)],
        "labels": Collection.labels,
    }
    return render_page(request, "portal/home.html", context)


def _wants_something(quarter: Quarter) -> bool:
    """Whether an earlier period still takes returns and one of its forms wants something done."""
    return quarter.deadline.is_open and any(card.step.url for card in quarter.cards)


def _quarter(user: User, period: Period, today: date) -> Quarter:
    found = slots([user.unit], period, today)
    cards = [_card(found[user.unit_id, collection], label, user) for collection, label in Collection.choices]
    return Quarter(deadline(period, today), cards)


def _card(slot: Slot, label: str, user: User) -> Card:
    returned = slot.current is not None and slot.current.state == State.RETURNED
    reasons = list(slot.current.return_reasons.all()) if returned else []
    return Card(slot, label, next_steps.for_slot(slot, user), reasons)
