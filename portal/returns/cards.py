"""Cards: what a unit owes for each period, and what became of what it sent, as the home page shows it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from portal.access import unit_of
from portal.returns import next_steps
from portal.returns.calendar import Deadline, deadline
from portal.returns.next_steps import NextStep
from submissions.models import Collection, Period, State, Submission, User
from submissions.notifications.obligations import Slot, slots_of

#: states that answer a return: its reasons are settled then
_ANSWERED = (State.SIGNED, State.ACCEPTED, State.EXCLUDED)


class Card(NamedTuple):
    """One form of a period: where it stands and the one next step. `returned` is the version that the ministry
    returned last, while nothing newer is signed; `aside` are uploads that wait for a decision."""

    slot: Slot
    label: str
    step: NextStep
    returned: Submission | None
    aside: list[Submission]


class Quarter(NamedTuple):
    """A period with its cards in the order of the forms."""

    deadline: Deadline
    cards: list[Card]

    @property
    def wants_something(self) -> bool:
        """Whether the period still takes returns and one of its forms needs an action."""
        return self.deadline.is_open and any(card.step.url or card.aside for card in self.cards)


def quarters(user: User, periods: Iterable[Period], today: date) -> list[Quarter]:
    """Return periods with their cards, in the order given, in a fixed number of queries."""
    listed = list(periods)
    slots = slots_of(unit_of(user), listed, today)
    sent = Submission.objects.visible_to(user).filter(period__in=listed)
    returned = _by_slot(
        sent.filter(state=State.RETURNED).prefetch_related("return_reasons").order_by("version")
    )
    aside = _by_slot(sent.filter(state=State.INVALID, set_aside=True).order_by("version"))
    return [
        Quarter(
            deadline(period, today),
            [
                _card(slots[collection, period.pk], str(label), user, returned, aside)
                for collection, label in Collection.choices
            ],
        )
        for period in listed
    ]


_BySlot = dict[tuple[str, str], list[Submission]]


def _by_slot(submissions: Iterable[Submission]) -> _BySlot:
    grouped: _BySlot = {}
    for submission in submissions:
        grouped.setdefault((submission.collection, submission.period_id), []).append(submission)
    return grouped


def _card(slot: Slot, label: str, user: User, returned: _BySlot, aside: _BySlot) -> Card:
    key = slot.collection, slot.period.pk
    answered = slot.current is not None and slot.current.state in _ANSWERED
    last = None if answered else next(reversed(returned.get(key, [])), None)
    others = [submission for submission in aside.get(key, []) if submission != slot.current]
    return Card(slot, label, next_steps.for_slot(slot, user), last, others)
