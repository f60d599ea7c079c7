"""Two people at the same moment, on a real Postgres. Each of these fails when its lock is taken out."""

from __future__ import annotations

import pytest

from complaints_feedback import services
from complaints_feedback.models import FeedbackForm, PersonalFileEntry
from complaints_feedback.terms import Route
from contacthub.errors import MovedOn
from tests.complaints_feedback.situations import DONE, OUTCOME, SENT, actor, mailed
from tests.factories import MORNING
from tests.races import Held, wait_until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


def both(first, second):
    """Hold the first open until the second waits for it; return both once they have ended."""
    one = Held(first)
    one.done.wait(10)
    two = Held(second)
    wait_until_blocked()
    one.commit()
    two.commit()
    return one, two


@pytest.mark.proves("CF-28")
def test_of_two_who_start_a_form_about_one_complaint_at_once_the_second_is_told_whose_it_is(world):
    def start(who):
        return lambda: services.start(complaint_reference="RSP-1", route=Route.REVIEW, by=actor(who), at=MORNING)

    first, second = both(start(world.sender), start(world.colleague))

    assert first.error is None
    assert isinstance(second.error, MovedOn)
    assert second.error.message.startswith("Sana Iqbal has started CFF-")
    assert FeedbackForm.objects.count() == 1


@pytest.mark.proves("CF-10", "CF-40")
def test_part_two_that_is_completed_twice_at_once_sends_three_copies(world):
    form = world.discussed()

    def complete():
        return services.complete_part_two(form_id=form.pk, given=OUTCOME, by=actor(world.receiver), at=DONE)

    first, second = both(complete, complete)

    assert first.error is None
    assert isinstance(second.error, MovedOn)
    assert len(mailed()) == 4 + 3
    assert PersonalFileEntry.objects.count() == 1


@pytest.mark.proves("CF-33")
def test_a_form_that_is_sent_and_returned_at_once_is_sent(world):
    form = world.submitted()
    given = {"form_id": form.pk, "by": actor(world.leader), "at": SENT}

    first, second = both(lambda: services.send(**given), lambda: services.return_for_correction(reason="Wait", **given))

    assert first.error is None
    assert isinstance(second.error, MovedOn)
    assert len(mailed()) == 4
