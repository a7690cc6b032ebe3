"""Submissions whose register was taken out of force before that was a state of their own get it, with their events."""

from django.db import migrations

#: accepted, and out of force though no other register began when theirs ended: it was taken out
_EXCLUDED = """
    SELECT own.submission_id FROM submissions_register own
    JOIN submissions_submission submission ON submission.id = own.submission_id
    WHERE submission.state = 'accepted' AND own.valid_to IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM submissions_register other
        WHERE (other.unit_id, other.collection, other.period_id) = (own.unit_id, own.collection, own.period_id)
        AND other.valid_from = own.valid_to)
"""

#: the last event that left it accepted and was no link made or revoked
_EVENTS = f"""
    UPDATE submissions_event SET to_state = 'excluded' WHERE id IN (
        SELECT max(id) FROM submissions_event
        WHERE from_state = 'accepted' AND to_state = 'accepted' AND reason !~ '^link [0-9]+ (made|revoked)$'
        AND submission_id IN ({_EXCLUDED}) GROUP BY submission_id)
"""

_STATES = f"UPDATE submissions_submission SET state = 'excluded' WHERE id IN ({_EXCLUDED})"

_BACK = [
    "UPDATE submissions_event SET to_state = 'accepted' WHERE to_state = 'excluded'",
    "UPDATE submissions_event SET from_state = 'accepted' WHERE from_state = 'excluded'",
    "UPDATE submissions_submission SET state = 'accepted' WHERE state = 'excluded'",
]


class Migration(migrations.Migration):
    dependencies = [("submissions", "0020_excluded_is_a_state")]

    operations = [migrations.RunSQL([_EVENTS, _STATES], _BACK)]
