"""The people directory changes while a form is with those it was sent to (CF-25, CF-26)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from complaints_feedback.lifecycle import WITH_RECEIVER
from complaints_feedback.models import FeedbackForm
from complaints_feedback.routing import ALL_FOUR
from complaints_feedback.services.expecting import Expected, expected
from complaints_feedback.services.shared import tell_all
from complaints_feedback.terms import Part
from contacthub.actor import CLOCK
from contacthub.cases.services import events_for, record_event

# After each of these the sending team leader of the day learns anew what has changed.
SAID_ANEW_AFTER = ["readdressed", "responsible_named", "sending_leader_changed"]


def changes_since(form: FeedbackForm, today: Iterable[Expected]) -> list[str]:
    """Return who has another part today than in the form, in words."""
    held = {one.part: one.person for one in form.recipients.select_related("person")}
    return [
        f"{one.part.label}: {one.person or 'nobody'}, was {held.get(one.part, 'nobody')}"
        for one in today
        if one.person != held.get(one.part)
    ]


def tell_that_others_are_responsible(form: FeedbackForm, *, at: datetime) -> None:
    """Tell the sending team leader that a form is due to be re-addressed: once of each change."""
    if form.state not in WITH_RECEIVER:
        return
    today = expected(form, ALL_FOUR, at=at)
    changes = changes_since(form, today)
    if not changes or _was_told(form, changes):
        return
    record_event(form, "directory_changed", by=CLOCK, at=at, words="\n".join(changes))
    has_leader = any(one.part is Part.TEAM_LEADER and one.person for one in today)
    if has_leader:
        words = f"{form.reference}: others are responsible now. Re-address it. {'; '.join(changes)}"
    else:
        words = f"{form.reference}: nobody leads {form.person} now. Name who is responsible"
    tell_all([form.sending_team_leader], words, form, at=at)


def _was_told(form: FeedbackForm, changes: list[str]) -> bool:
    last = events_for(form.case).filter(kind__in=["directory_changed", *SAID_ANEW_AFTER]).first()
    return last is not None and last.kind == "directory_changed" and last.words.text == "\n".join(changes)
