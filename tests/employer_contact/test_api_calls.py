"""Calls as telephony tells of them: one contact each, nobody's until somebody starts it, expired after 24 hours."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from contacthub.clock import now
from contacthub.deadlines.models import Deadline
from contacthub.deadlines.services import take_step
from contacthub.errors import MovedOn, NotThere, Refused
from contacthub.mail.models import Notice
from contacthub.people.roles import Post
from contacthub.people.services import actor_for
from employer_contact import services
from employer_contact.identifiers import NOT_MATCHED
from employer_contact.lifecycle import ContactState
from employer_contact.listing import VIEWS
from employer_contact.models import Contact
from tests.contacthub.api.situations import Machine
from tests.employer_contact.calling import caseworker, fresh
from tests.employer_contact.people import CASEWORKER, LEADER, OTHER, somebody, team
from tests.factories import MembershipFactory, StaffMemberFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
CALL = {"call_id": "a3f1", "number_keyed": "900 000 006", "calling_number": "01632 960120"}


@pytest.fixture
def telephony(reference) -> Machine:
    return Machine("contacts:calls")


@pytest.mark.proves("EC-23", "XC-05")
def test_a_call_opens_a_contact_of_nobody_and_answers_with_whom_the_number_matched(telephony, skerrow):
    answer = telephony.post("calls/", CALL)

    contact = Contact.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "reference": contact.reference,
        "state": {"code": "started", "label": "Nobody identified yet"},
        "match": {"code": "employer", "label": "Employer"},
        "party": {"ern": "900000006", "name": "Skerrow Foods Ltd"},
        "words": "",
        "screen_pop": "http://testserver/employers/calls/new/?ivr=900000006&call=a3f1",
    }
    assert (contact.owner, contact.state, contact.calling_number) == (None, ContactState.STARTED, "+441632960120")
    assert contact.raised_by == telephony.person


@pytest.mark.proves("EC-24")
@pytest.mark.parametrize(("keyed", "words"), [("4471902", NOT_MATCHED), ("", "")])
def test_a_trn_or_nothing_keyed_matches_nobody(telephony, skerrow, keyed, words):
    told = telephony.post("calls/", CALL | {"number_keyed": keyed}).json()

    assert (told["match"]["code"], told["party"], told["words"]) == ("not_matched", None, words)


@pytest.mark.proves("CM-14")
def test_the_same_call_told_of_again_gets_the_same_contact(telephony, skerrow):
    first = telephony.post("calls/", CALL)

    again = telephony.post("calls/", CALL)

    assert (again.status_code, again.json()["reference"]) == (200, first.json()["reference"])
    assert Contact.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [({"call_id": ""}, "/call_id"), ({"ivr": "1"}, "/ivr")],
)
def test_what_cannot_be_read_is_named_and_opens_nothing(telephony, changes, pointer):
    answer = telephony.post("calls/", CALL | changes)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)
    assert not Contact.objects.exists()


@pytest.mark.parametrize("number", ["anonymous", "", "999999999999999999999"])
def test_no_call_is_refused_for_a_number_that_is_withheld_or_garbled(telephony, number):
    answer = telephony.post("calls/", CALL | {"calling_number": number})

    assert (answer.status_code, Contact.objects.get().calling_number) == (201, "")


def test_another_scope_tells_of_no_call():
    assert Machine("contacts:work").post("calls/", CALL).json()["code"] == "scope_missing"


def noted(telephony: Machine, **changes: str) -> Contact:
    telephony.post("calls/", CALL | changes)
    return Contact.objects.get()


@pytest.mark.proves("EC-23")
def test_a_caseworker_who_starts_the_call_has_it_with_the_employer_whose_ern_was_keyed(telephony, skerrow):
    owen = caseworker()

    services.take_up(contact_id=noted(telephony).pk, by=owen, at=now())

    contact = fresh(Contact.objects.get())
    assert (contact.owner_id, contact.employer, contact.found_by) == (owen.staff_id, skerrow, "keyed")
    assert contact.state == ContactState.IDENTIFIED
    assert not Deadline.objects.open().exists()


def test_the_page_of_the_screen_pop_takes_up_the_same_contact(telephony, skerrow):
    owen, contact = caseworker(), noted(telephony)

    opened = services.open_contact(call_id="a3f1", number_keyed="900000006", by=owen, at=now())

    assert (opened, opened.owner_id) == (contact, owen.staff_id)
    assert services.open_contact(call_id="a3f1", by=owen, at=now()) == contact


def test_a_button_on_its_record_starts_it(client, telephony, skerrow):
    owen, contact = caseworker(), noted(telephony)
    client.force_login(type(telephony.person).objects.get(pk=owen.staff_id))

    page = client.get(contact.get_absolute_url())
    key = page.context["start"]["key"].value()
    answer = client.post(reverse("employers:open", args=[contact.reference]), {"key": key})

    assert answer.headers["Location"] == reverse("employers:security", args=[contact.reference])


def test_who_comes_second_is_told_who_has_the_call(telephony):
    contact, owen = noted(telephony), caseworker()
    services.take_up(contact_id=contact.pk, by=owen, at=now())

    with pytest.raises(MovedOn) as refused:
        services.take_up(contact_id=contact.pk, by=somebody(CASEWORKER), at=now())

    assert refused.value.message.startswith(f"{fresh(contact).owner} has this now")


def test_neither_another_caseworker_nor_the_machine_itself_takes_a_call_up(telephony):
    contact = noted(telephony)

    with pytest.raises(NotThere):
        services.take_up(contact_id=contact.pk, by=somebody(OTHER), at=now())
    with pytest.raises(Refused):
        services.take_up(contact_id=contact.pk, by=actor_for(telephony.person, on=now().date()), at=now())


class TestExpiry:
    def test_a_call_that_nobody_takes_up_expires_after_24_hours_and_stays_on_the_list(self, telephony):
        contact = noted(telephony)
        due = Deadline.objects.get()
        assert due.due_at == contact.opened_at + timedelta(hours=24)

        take_step(deadline_id=due.pk, at=due.due_at)

        gone = fresh(contact)
        assert (gone.state, gone.owner, gone.ended_at) == (ContactState.ABANDONED, None, due.due_at)
        owen = caseworker()
        rows = VIEWS["nobodys"].rows(Contact.objects.visible_to(owen), owen, due.due_at)
        assert list(rows) == [gone]

    def test_each_team_leader_of_employer_payments_is_told_of_it(self, telephony):
        leaders = [somebody(LEADER, unit=team(code)) for code in ("payments-1", "payments-2")]
        somebody(CASEWORKER, unit=team())
        MembershipFactory(person=StaffMemberFactory(), unit=team("complaints"), post=Post.TEAM_LEADER)
        contact = noted(telephony)
        due = Deadline.objects.get()

        take_step(deadline_id=due.pk, at=due.due_at)

        told = Notice.objects.values_list("person_id", "words", "case_id")
        words = f"{contact.reference}: nobody opened this call in 24 hours"
        assert sorted(told) == [(leader.staff_id, words, contact.pk) for leader in leaders]

    def test_one_that_was_taken_up_does_not(self, telephony):
        contact, owen = noted(telephony), caseworker()
        due = Deadline.objects.get()
        services.take_up(contact_id=contact.pk, by=owen, at=now())

        take_step(deadline_id=due.pk, at=due.due_at)

        assert fresh(contact).state == ContactState.STARTED
        assert not Notice.objects.exists()

    def test_one_that_expired_can_still_be_opened_when_they_ring_again(self, telephony):
        contact, owen = noted(telephony), caseworker()
        due = Deadline.objects.get()
        take_step(deadline_id=due.pk, at=due.due_at)

        with pytest.raises(MovedOn):
            services.take_up(contact_id=contact.pk, by=owen, at=due.due_at)
        services.open_contact(call_id="a3f1", by=owen, at=due.due_at)

        assert (fresh(contact).state, fresh(contact).owner_id) == (ContactState.STARTED, owen.staff_id)
