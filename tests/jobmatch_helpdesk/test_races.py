"""Two people at the same moment, on a real Postgres. Each of these fails when its lock is taken out."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from django.db import connection

from contacthub.errors import MovedOn, RuleBroken
from contacthub.mail.models import Message
from jobmatch_helpdesk import services
from jobmatch_helpdesk.models import Incident, Reply, ReplyTemplate
from jobmatch_helpdesk.routing import Source
from jobmatch_helpdesk.services.routing_again import reach_of
from tests.factories import MORNING, IncidentFactory
from tests.jobmatch_helpdesk.situations import LATER, given_to, raiser_of, set_up_inboxes, submitted
from tests.races import Held, wait_until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_replies_at_once_one_is_sent_and_the_other_is_told(ana):
    IncidentFactory()
    incident = services.take_next(by=ana, at=MORNING)
    first = Held(lambda: services.reply(incident_id=incident.pk, text="First", by=ana, at=MORNING))
    first.done.wait(10)
    second = Held(lambda: services.reply(incident_id=incident.pk, text="Second", by=ana, at=MORNING))

    wait_until_blocked()
    first.commit()
    second.commit()

    assert first.error is None
    assert isinstance(second.error, MovedOn)
    assert [reply.text for reply in Reply.objects.all()] == ["First"]
    assert Message.objects.count() == 1


def test_two_people_who_press_next_at_once_get_two_incidents(ana, bilal):
    oldest, next_one = IncidentFactory(), IncidentFactory()
    first = Held(lambda: services.take_next(by=ana, at=MORNING))
    first.done.wait(10)

    second = services.take_next(by=bilal, at=MORNING)
    nobody_waited = first.thread.is_alive()
    first.commit()

    assert (first.result, second) == (oldest, next_one)
    assert nobody_waited


def test_who_presses_next_while_the_only_one_is_taken_gets_none(ana, bilal):
    IncidentFactory()
    first = Held(lambda: services.take_next(by=ana, at=MORNING))
    first.done.wait(10)
    second = Held(lambda: services.take_next(by=bilal, at=MORNING))

    wait_until_blocked()
    first.commit()
    second.commit()

    assert second.error is None
    assert second.result is None
    assert Incident.objects.get().assigned_to_id == ana.staff_id


def test_eight_people_who_press_next_empty_a_queue_of_forty_without_a_doublet(ana):
    IncidentFactory.create_batch(40)
    taken: list[int] = []

    def work() -> None:
        while incident := services.take_next(by=ana, at=MORNING):
            taken.append(incident.pk)
        connection.close()

    people = [threading.Thread(target=work) for _ in range(8)]
    for person in people:
        person.start()
    for person in people:
        person.join(30)

    assert sorted(taken) == sorted(Incident.objects.values_list("pk", flat=True))


def test_of_two_changes_of_a_template_at_once_the_second_is_told(lead):
    template = services.add_template(wording=services.Wording("Title", "As it was"), by=lead, at=MORNING)

    def change(english: str) -> Held:
        wording = services.Wording("Title", english)
        given = {"template_id": template.pk, "version": 1, "wording": wording}
        return Held(lambda: services.change_template(**given, by=lead, at=MORNING))

    first = change("First")
    first.done.wait(10)
    second = change("Second")

    wait_until_blocked()
    first.commit()
    second.commit()

    assert isinstance(second.error, MovedOn)
    assert ReplyTemplate.objects.get().english == "First"


def test_of_two_templates_of_one_title_at_once_the_second_is_refused(lead):
    wording = services.Wording("Title", "Words")
    first = Held(lambda: services.add_template(wording=wording, by=lead, at=MORNING))
    first.done.wait(10)
    second = Held(lambda: services.add_template(wording=wording, by=lead, at=MORNING))

    wait_until_blocked()
    first.commit()
    second.commit()

    assert isinstance(second.error, RuleBroken)
    assert ReplyTemplate.objects.count() == 1


@pytest.mark.proves("UJ-26")
def test_of_two_who_escalate_at_once_the_second_is_told_who_did(ana, lead):
    set_up_inboxes()
    carys = raiser_of(Source.JOBCENTRE)
    incident = submitted("R02", by=carys)
    ask = {"incident_id": incident.pk, "reason": "He waits outside", "at": LATER}
    first = Held(lambda: services.escalate(**ask, by=carys))
    first.done.wait(10)
    second = Held(lambda: services.escalate(**ask, who_rang="Carys Morgan", by=ana))

    wait_until_blocked()
    first.commit()
    second.commit()

    assert first.error is None
    assert isinstance(second.error, MovedOn)
    assert incident.case.events.filter(kind="escalated").count() == 1


def test_of_two_changes_of_facts_at_once_neither_is_lost_unseen(ana):
    incident = given_to(ana, "R14")
    was = reach_of(incident)

    def change(**given: str) -> Held:
        reach = replace(was, **given)
        return Held(lambda: services.change_facts(incident_id=incident.pk, reach=reach, by=ana, at=LATER))

    first = change(customer_email="first@example.com")
    first.done.wait(10)
    second = change(customer_email="first@example.com")

    wait_until_blocked()
    first.commit()
    second.commit()

    assert first.error is None
    assert isinstance(second.error, RuleBroken), "the same change once more: nothing is different yet"
    assert Incident.objects.get(pk=incident.pk).customer_email == "first@example.com"
