from datetime import timedelta

import pytest

from contacthub.mail.models import Message
from contacthub.workspace.past import let_time_pass, send_waiting
from jobmatch_helpdesk.lifecycle import IncidentState as State
from tests.factories import MORNING
from tests.jobmatch_helpdesk.situations import brought_to, deadline, fresh, last_event, submitted

pytestmark = pytest.mark.django_db


def test_mail_of_the_past_is_accepted_a_moment_after_it_was_queued(reference):
    incident = submitted("R14")

    send_waiting(incident.case)

    message = Message.objects.get(case=incident.case)
    assert (message.state, message.attempts) == ("accepted", 1)
    assert message.ended_at == MORNING + timedelta(seconds=3)


def test_what_the_server_refused_for_good_has_failed_with_its_words(reference):
    incident = submitted("R14")

    send_waiting(incident.case, server_said=["550 5.1.1 No such user"])

    message = Message.objects.get(case=incident.case)
    assert (message.state, message.server_words) == ("failed", "550 5.1.1 No such user")
    assert last_event(incident)[0] == "mail_failed"


def test_what_was_refused_for_now_is_accepted_at_the_next_attempt(reference):
    incident = submitted("R14")

    send_waiting(incident.case, server_said=["451 4.7.1 Come back later"])

    message = Message.objects.get(case=incident.case)
    assert (message.state, message.attempts, message.unsure_since) == ("accepted", 2, None)
    assert message.ended_at > MORNING + timedelta(minutes=1)


def test_a_connection_that_was_lost_leaves_the_message_in_doubt(reference):
    incident = submitted("R14")

    send_waiting(incident.case, server_said=["lost"])

    message = Message.objects.get(case=incident.case)
    assert (message.state, message.unsure_since) == ("accepted", MORNING + timedelta(seconds=3))


def test_time_that_passes_closes_what_was_resolved_at_the_moment_it_was_due(ana):
    incident = brought_to(State.RESOLVED, ana, "R14")
    due_at = deadline(incident, "close").due_at

    let_time_pass(until=due_at - timedelta(seconds=1))
    assert fresh(incident).state == State.RESOLVED

    let_time_pass(until=due_at + timedelta(days=9))
    assert fresh(incident).closed_at == due_at
