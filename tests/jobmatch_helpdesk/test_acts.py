"""The acts on an incident's page: who is offered which, and that a refusal keeps what was typed."""

from uuid import uuid4

import pytest
from django.test import Client

from contacthub.actor import PUBLIC, Actor
from contacthub.people.models import StaffMember
from jobmatch_helpdesk import services
from jobmatch_helpdesk.acts import ACTS
from jobmatch_helpdesk.lifecycle import IncidentState as State
from jobmatch_helpdesk.models import Incident
from tests.factories import MORNING, IncidentFactory, told

pytestmark = pytest.mark.django_db

# state, whether it is mine, what an agent is offered, what a lead is offered
OFFERED = [
    (State.RECEIVED, False, {"take"}, {"take", "assign", "change-priority"}),
    (State.ASSIGNED, True, {"put-back", "resolve"}, {"put-back", "resolve", "reassign", "change-priority"}),
    (State.ASSIGNED, False, set(), {"reassign", "change-priority"}),
    (State.AWAITING_INFORMATION, True, {"record-answer", "carry-on"},
     {"record-answer", "carry-on", "reassign", "change-priority"}),
    (State.AWAITING_INFORMATION, False, set(), {"reassign", "change-priority"}),
    (State.CALLBACK_PENDING, False, set(), {"change-priority"}),
    (State.RESOLVED, False, set(), {"close", "reopen", "change-priority"}),
    (State.NO_REPLY_ROUTE, False, set(), {"close", "change-priority"}),
    (State.CLOSED, False, set(), {"reopen"}),
]  # fmt: skip


def incident_in(state: State, agent: Actor) -> Incident:
    at_work = state != State.RECEIVED
    return IncidentFactory(
        state=state,
        assigned_to_id=agent.staff_id if at_work else None,
        closed_at=MORNING if state == State.CLOSED else None,
        replied_at=MORNING if state in (State.RESOLVED, State.CALLBACK_PENDING) else None,
    )


def offered_to(actor: Actor, incident: Incident) -> list[str]:
    return [act.name for act in ACTS if act.offered(actor, incident)]


@pytest.mark.parametrize(("state", "is_mine", "agent", "lead_too"), OFFERED)
def test_what_is_offered(ana, bilal, lead, state, is_mine, agent, lead_too):
    for actor, expected in ((ana, agent), (lead, lead_too)):
        incident = incident_in(state, actor if is_mine else bilal)

        assert set(offered_to(actor, incident)) == expected


def test_who_only_raised_it_is_asked_to_answer(reference, ana, bilal):
    incident = IncidentFactory(
        state=State.AWAITING_INFORMATION, assigned_to_id=ana.staff_id, raised_by_id=bilal.staff_id
    )
    raiser = Actor(bilal.kind, bilal.staff_id)

    assert offered_to(raiser, incident) == ["answer"]


class TestOnThePage:
    @pytest.fixture
    def agent_client(self, client: Client, ana) -> Client:
        client.force_login(StaffMember.objects.get(pk=ana.staff_id))
        return client

    @pytest.fixture
    def mine(self, ana) -> Incident:
        services.submit(told(), by=PUBLIC, at=MORNING)
        return services.take_next(by=ana, at=MORNING)

    def press(self, client: Client, incident: Incident, act: str, **words: object) -> str:
        url = f"{incident.get_absolute_url()}{act}/"
        return client.post(url, {"key": str(uuid4()), **words}, follow=True).content.decode()

    def test_putting_back_needs_a_reason_and_says_that_it_is_done(self, agent_client, mine):
        refused = self.press(agent_client, mine, "put-back", reason=" ")
        assert "<title>Error: " in refused
        assert refused.count("Enter why you put this back") == 2

        done = self.press(agent_client, mine, "put-back", reason="End of my shift")
        assert "put back, done" in done
        assert Incident.objects.get().state == "received"

    def test_an_act_that_came_too_late_says_who_did_what_and_keeps_the_words(self, agent_client, mine, ana):
        services.put_back(incident_id=mine.pk, reason="Other tab", by=ana, at=MORNING)

        page = self.press(agent_client, mine, "resolve", reason="Spam from a robot")

        assert "Put back by Ana Byrne" in page
        assert "Spam from a robot</textarea>" in page
        assert Incident.objects.get().state == "received"

    def test_an_act_of_a_lead_is_refused_to_an_agent(self, agent_client, mine):
        page = self.press(agent_client, mine, "change-priority", band="1", reason="Louder")

        assert "Only a Helpdesk lead can do this" in page
        assert Incident.objects.get().band == 3

    def test_asking_and_recording_the_answer(self, agent_client, mine):
        self.press(agent_client, mine, "ask", do="send", text="Which browser?")
        assert Incident.objects.get().state == "awaiting_information"

        page = self.press(agent_client, mine, "record-answer", text="Edge")

        assert Incident.objects.get().state == "assigned"
        assert "Which browser?" in page
        assert "Edge" in page
