"""Service requests on their pages: raised in a call, worked on step by step."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacthub.deadlines.services import NEVER
from contacthub.people.models import StaffMember
from employer_contact import services
from employer_contact.lifecycle import ContactState
from employer_contact.lifecycle import RequestState as State
from employer_contact.models import AgentLink, Employer, ScheduleLine, ServiceRequest, ServiceRequestKind
from employer_contact.plans import Doing, Status
from tests.employer_contact.calling import caseworker, fresh, with_reason
from tests.employer_contact.people import CASEWORKER, OTHER, somebody, team
from tests.factories import (
    MORNING,
    AgentLinkFactory,
    DeoScheduleFactory,
    EmployerFactory,
    EmploymentFactory,
    PayingParentFactory,
    PayrollAgentFactory,
    ScheduleLineFactory,
    ServiceRequestFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def skerrow(reference):
    return EmployerFactory(whole=True, ern="910000900", name="Skerrow Foods Ltd")


def press(client, record, act: str, **given):
    return client.post(f"{record.get_absolute_url()}{act}/", {"key": str(uuid4()), **given})


@pytest.mark.proves("EC-07", "EC-27", "EC-28", "EC-64")
def test_a_reason_leads_to_the_form_of_its_request_which_is_created_by_one_press_and_worked_on_to_its_end(
    client, owen, skerrow
):
    contact = with_reason("general_enquiry", skerrow, by=owen)
    form = client.get(reverse("employers:raising", args=[contact.reference, "general_enquiry"])).content.decode()
    assert "Employer / Info Requested / Update Procedures" in form
    assert "Employer - Send Literature" in form

    answer = press(client, contact, "request/general_enquiry/create-sr", kind="GEN_PROCEDURES", notes="Asks how")

    assert answer.url == reverse("employers:wrap_up", args=[contact.reference])
    request = ServiceRequest.objects.get()
    page = client.get(request.get_absolute_url()).content.decode()
    assert "Establish which procedure the contact is asking about" in page
    assert "4 activities" in page
    for number in (1, 2):
        press(client, request, f"activities/{number}/complete", words="Explained")
    for number in (3, 4):
        press(client, request, f"activities/{number}/not-needed", reason="Nothing wanted")
    press(client, request, "activities/5/complete", words="Explained how to report a leaver")
    assert ServiceRequest.objects.get().state == State.COMPLETED
    assert "Explained how to report a leaver" in client.get(request.get_absolute_url()).content.decode()
    press(client, contact, "finish", notes="Asks how")
    assert fresh(contact).state == ContactState.WRAPPED_UP


@pytest.mark.proves("EC-28")
def test_a_second_tab_raises_nothing_again_until_the_first_request_was_seen(client, owen, skerrow):
    contact = with_reason("statement", skerrow, by=owen)
    sent = {"kind": "STATEMENT", "period_from": "1 April 2026", "period_to": "31 May 2026", "notes": "For the auditors"}
    first = press(client, contact, "request/statement/create-sr", made="0", **sent)

    second = press(client, contact, "request/statement/create-sr", made="0", **sent)

    request, page = ServiceRequest.objects.get(), second.content.decode()
    assert (first.status_code, second.status_code) == (302, 200)
    assert f"{request.reference} Statement Request was raised for this reason, before you pressed" in page
    assert "For the auditors" in page
    assert 'name="made" value="1"' in page
    assert press(client, contact, "request/statement/create-sr", made="1", **sent).status_code == 302
    assert ServiceRequest.objects.count() == 2


def many(number: int, **given) -> list[ServiceRequest]:
    return [ServiceRequestFactory(**given) for _ in range(number)]


def queries_of(client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


class TestLists:
    def test_mine_are_listed_the_next_due_first(self, client, owen):
        later = ServiceRequestFactory(owner_id=owen.staff_id, due_at=MORNING + timedelta(days=2))
        sooner = ServiceRequestFactory(owner_id=owen.staff_id, due_at=MORNING + timedelta(days=1))
        ServiceRequestFactory()

        rows = client.get(reverse("employers:requests")).context["rows"]

        assert rows == [sooner, later]

    def test_my_teams_are_listed_with_what_is_overdue_and_what_waits(self, client, owen):
        unit = team()
        overdue = ServiceRequestFactory(team=unit, due_at=MORNING)
        waiting = ServiceRequestFactory(
            team=unit, due_at=NEVER, state=State.WAITING, waits_for="Marged", waits_until=MORNING
        )
        ServiceRequestFactory(team=team("payments-2"), due_at=MORNING)
        page = reverse("employers:requests")

        assert client.get(f"{page}?view=team").context["rows"] == [overdue, waiting]
        assert client.get(f"{page}?view=overdue").context["rows"] == [overdue]
        assert client.get(f"{page}?view=waiting").context["rows"] == [waiting]

    def test_what_waits_is_listed_by_when_it_goes_on_and_says_so(self, client, owen):
        later, sooner = (
            ServiceRequestFactory(
                team=team(), due_at=NEVER, state=State.WAITING, waits_for="Marged", waits_until=MORNING + days
            )
            for days in (timedelta(days=9), timedelta(days=2))
        )
        page = client.get(f"{reverse('employers:requests')}?view=waiting")

        assert page.context["rows"] == [sooner, later]
        assert [order["title"] for order in page.context["orders"]] == ["waits until, soonest first", "newest"]
        assert "until <time" in " ".join(page.content.decode().split())

    def test_what_has_ended_is_found_by_its_state_and_is_overdue_no_longer(self, client, owen):
        ended = ServiceRequestFactory(team=team(), due_at=MORNING, state=State.CANCELLED, ended_at=MORNING)
        page = f"{reverse('employers:requests')}?state=cancelled"

        assert client.get(f"{page}&view=team").context["rows"] == [ended]
        assert client.get(f"{page}&view=overdue").context["rows"] == []

    def test_a_teams_list_is_narrowed_to_what_one_of_them_has(self, client, owen):
        colleague = somebody(CASEWORKER, unit=team())
        theirs = ServiceRequestFactory(team=team(), owner_id=colleague.staff_id)
        ServiceRequestFactory(team=team(), owner_id=owen.staff_id)

        page = client.get(f"{reverse('employers:requests')}?view=team&owner={colleague.staff_id}")

        assert page.context["rows"] == [theirs]

    def test_another_caseworker_has_no_list_of_a_team(self, client, reference):
        other = somebody(OTHER)
        client.force_login(StaffMember.objects.get(pk=other.staff_id))
        mine = ServiceRequestFactory(owner_id=other.staff_id)
        ServiceRequestFactory()

        page = client.get(f"{reverse('employers:requests')}?view=team")

        assert [view["title"] for view in page.context["views"]] == ["Mine", "To me"]
        assert page.context["rows"] == [mine]

    def test_what_is_addressed_to_me_is_listed_until_i_confirmed_it(self, client, owen):
        request = ServiceRequestFactory()
        request.activities.get(number=1).addressed_to.add(owen.staff_id)
        page = f"{reverse('employers:requests')}?view=to-me"

        assert client.get(page).context["rows"] == [request]
        request.activities.filter(number=1).update(
            status=Status.COMPLETED, by_id=owen.staff_id, at=MORNING, words="Received"
        )
        assert client.get(page).context["rows"] == []

    @pytest.mark.proves("AMB-01")
    def test_the_two_labels_for_information_are_one_filter(self, client, owen):
        statement = ServiceRequestFactory(owner_id=owen.staff_id)
        literature = ServiceRequestFactory(
            owner_id=owen.staff_id, kind=ServiceRequestKind.objects.get(code="GEN_LITERATURE")
        )
        ServiceRequestFactory(owner_id=owen.staff_id, kind=ServiceRequestKind.objects.get(code="LINK_AGENT"))

        rows = client.get(f"{reverse('employers:requests')}?area=Information+requested").context["rows"]

        assert rows == [statement, literature]

    def test_an_employers_are_listed_on_its_record(self, client, owen, skerrow):
        request = ServiceRequestFactory(employer=skerrow)
        ServiceRequestFactory()

        page = client.get(reverse("employers:employer-requests", args=[skerrow.ern]))

        assert page.context["rows"] == [request]

    @pytest.mark.parametrize("view", ["mine", "team", "overdue", "waiting", "to-me"])
    def test_a_list_takes_as_many_queries_for_twenty_as_for_one(self, client, owen, view):
        given = {"owner_id": owen.staff_id, "team": team(), "state": State.WAITING}
        given |= {"waits_for": "Marged", "waits_until": MORNING}
        url = f"{reverse('employers:requests')}?view={view}"

        def make(number: int) -> None:
            for request in many(number, **given):
                request.activities.get(number=1).addressed_to.add(owen.staff_id)

        make(1)
        for_one = queries_of(client, url)
        make(19)

        assert queries_of(client, url) == for_one

    def test_the_page_of_one_takes_as_many_queries_whatever_was_done(self, client, owen):
        request = ServiceRequestFactory(owner_id=owen.staff_id)
        before = queries_of(client, request.get_absolute_url())
        for number in (1, 2):
            services.mark_not_needed(
                service_request_id=request.pk, number=number, reason="Not wanted", by=owen, at=MORNING
            )

        assert queries_of(client, request.get_absolute_url()) == before

    def test_the_lists_read_their_indexes(self, owen):
        unit = team()
        rows = {
            "request_owner_due": ServiceRequest.objects.open().filter(owner_id=owen.staff_id).order_by("due_at", "pk"),
            "request_team_due": ServiceRequest.objects.open().filter(team_id__in=[unit.pk]).order_by("due_at", "pk"),
            "request_team_newest": ServiceRequest.objects.open().filter(team_id__in=[unit.pk]).newest_first(),
            "request_team_state": ServiceRequest.objects.filter(
                team_id__in=[unit.pk], state="completed"
            ).newest_first(),
        }

        with connection.cursor() as cursor:
            cursor.execute("set local enable_seqscan = off")
            cursor.execute("set local enable_bitmapscan = off")
            plans = {name: wanted[:50].explain() for name, wanted in rows.items()}

        assert all(name in plan and "Sort" not in plan for name, plan in plans.items()), plans


class TestSteps:
    def test_the_employers_details_are_changed_in_the_step(self, client, owen, skerrow):
        contact = with_reason("update_details", skerrow, by=owen)
        request = services.create_sr(
            contact_id=contact.pk, reason="update_details", kind="UPDATE_EMPLOYER", by=owen, at=MORNING
        )
        press(client, request, "activities/1/complete")
        page = client.get(f"{request.get_absolute_url()}?activity=6")
        form = page.context["step_forms"]["complete"]
        assert 'name="seen"' in page.content.decode()
        given = {name: "" if value is None else value for name, value in form.initial.items()} | {"pay_day": "26"}

        answer = press(client, request, "activities/6/complete", **given)

        assert answer.status_code == 302
        assert Employer.objects.get(pk=skerrow.pk).pay_day == 26

    def test_details_that_somebody_changed_meanwhile_are_compared_and_saved_by_the_next_press(
        self, client, owen, skerrow
    ):
        contact = with_reason("update_details", skerrow, by=owen)
        request = services.create_sr(
            contact_id=contact.pk, reason="update_details", kind="UPDATE_EMPLOYER", by=owen, at=MORNING
        )
        press(client, request, "activities/1/complete")
        form = client.get(f"{request.get_absolute_url()}?activity=6").context["step_forms"]["complete"]
        given = {name: "" if value is None else value for name, value in form.initial.items()} | {"pay_day": "26"}
        Employer.objects.filter(pk=skerrow.pk).update(pay_day=27, email="wages@skerrow.example")

        refused = press(client, request, "activities/6/complete", **given)
        form = refused.context["step_forms"]["complete"]
        again = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
        answer = press(client, request, "activities/6/complete", **again)

        assert "Compare with what you wrote" in refused.content.decode()
        assert again["pay_day"] == "26"
        assert answer.status_code == 302
        stands = Employer.objects.get(pk=skerrow.pk)
        assert (stands.pay_day, stands.email) == (26, "wages@skerrow.example")

    def test_a_line_that_somebody_changed_meanwhile_is_compared_and_saved_by_the_next_press(
        self, client, owen, skerrow
    ):
        parent = PayingParentFactory(reference="121999700001")
        EmploymentFactory(employer=skerrow, paying_parent=parent)
        line = ScheduleLineFactory(schedule=DeoScheduleFactory(employer=skerrow), paying_parent=parent)
        contact = with_reason("change_single", skerrow, by=owen)
        request = services.create_sr(
            contact_id=contact.pk, reason="change_single", kind="DEO_UPDATE_INDIVIDUAL",
            details=services.Details(paying_parents=("121999700001",)), by=owen, at=MORNING,
        )  # fmt: skip
        step = request.activities.get(does=Doing.UPDATE_LINES).number
        page = client.get(f"{request.get_absolute_url()}?activity={step}")
        form = page.context["step_forms"]["complete"]
        boxes = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
        given = boxes | {f"change_{line.pk}": "left", f"day_{line.pk}": "7/6/2026"}
        ScheduleLine.objects.filter(pk=line.pk).update(change="absence", effective_on=date(2026, 6, 2))

        refused = press(client, request, f"activities/{step}/complete", **given)
        form = refused.context["step_forms"]["complete"]
        again = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
        answer = press(client, request, f"activities/{step}/complete", **again)

        assert "now says Absence from 2 June 2026" in refused.content.decode()
        assert answer.status_code == 302
        assert ScheduleLine.objects.get(pk=line.pk).change == "left"

    def test_a_change_of_agent_is_made_in_its_steps(self, client, owen, skerrow):
        link = AgentLinkFactory(employer=skerrow)
        contact = with_reason("change_agent", skerrow, by=owen)
        request = services.create_sr(
            contact_id=contact.pk, reason="change_agent", kind="REMOVE_AGENT", by=owen, at=MORNING
        )
        press(client, request, "activities/1/complete")
        press(client, request, "activities/3/complete", link_id=link.pk, ends_on="30/6/2026")

        answer = client.get(f"{request.get_absolute_url()}raise/?kind=LINK_AGENT")
        assert "Employer / Update Details / Link Agent" in answer.content.decode()
        press(client, request, "raise", kind="LINK_AGENT")
        further = ServiceRequest.objects.get(raised_from=request)
        press(client, request, "activities/5/complete", raised=further.reference)
        press(client, further, "activities/1/complete")
        press(
            client, further, "activities/5/complete", earn="ea 9000009", name="Pelham Payroll LLP", starts_on="1/7/2026"
        )

        assert AgentLink.objects.get(agent__earn="EA9000009").starts_on == date(2026, 7, 1)
        assert request.activities.get(number=5).raised == further

    def test_a_step_is_started_and_one_that_was_done_is_opened_again(self, client, owen):
        request = ServiceRequestFactory(owner_id=owen.staff_id)
        press(client, request, "activities/1/start")
        assert request.activities.get(number=1).status == Status.IN_PROGRESS
        press(client, request, "activities/1/complete", words="Employer statement")

        page = client.get(f"{request.get_absolute_url()}?reopen=1").content.decode()
        assert f"{request.get_absolute_url()}activities/1/reopen/" in page
        refused = press(client, request, "activities/1/reopen", reason="").content.decode()
        assert "Enter why this activity is opened again" in refused
        press(client, request, "activities/1/reopen", reason="It is the agent’s statement")

        assert request.activities.get(number=1).status == Status.IN_PROGRESS

    def test_a_refused_step_keeps_what_was_typed(self, client, owen):
        request = ServiceRequestFactory(owner_id=owen.staff_id)

        page = press(client, request, "activities/3/complete", words="Made it", done_on="3/6/2999").content.decode()

        assert "The day it was done must be today or in the past" in page
        assert "Made it" in page

    @pytest.mark.proves("CM-14")
    def test_words_for_a_step_that_another_tab_completed_stand_above_the_plan_and_under_no_other_step(
        self, client, owen
    ):
        request = ServiceRequestFactory(owner_id=owen.staff_id)
        press(client, request, "activities/1/complete", words="The employer’s statement")

        answer = press(client, request, "activities/1/complete", words="Asks for May")

        page = answer.content.decode()
        assert "Completed by" in page
        assert answer.context["shown"].activity.number != 1
        assert answer.context["step_forms"]["complete"].data == {}
        assert answer.context["typed"][0][1] == "Asks for May"
        assert "Asks for May" in page

    def test_an_agent_of_several_employers_chooses_one_and_sees_its_paying_parents(self, client, owen, skerrow):
        held = {"address1": "3 Corn Street", "postcode": "ZZ99 1AA", "telephone": "+442079460391"}
        agent = PayrollAgentFactory(**held)
        for employer in (skerrow, EmployerFactory()):
            AgentLinkFactory(employer=employer, agent=agent)
        EmploymentFactory(employer=skerrow, paying_parent=PayingParentFactory(reference="121999700001"))
        contact = with_reason("change_single", agent, by=owen)
        create = "request/change_single/create-sr"

        page = press(client, contact, create, employer=skerrow.ern, show="1").content.decode()
        assert 'value="121999700001"' in page
        press(
            client, contact, create, kind="DEO_UPDATE_INDIVIDUAL", employer=skerrow.ern, paying_parents="121999700001"
        )

        assert ServiceRequest.objects.get().employer == skerrow


class TestABureau:
    """An agent who acts for more employers than a list can show: the employer is typed."""

    @pytest.fixture
    def contact(self, owen, skerrow):
        agent = PayrollAgentFactory(address1="3 Corn Street", postcode="ZZ99 1AA", telephone="+442079460391")
        for employer in (skerrow, *EmployerFactory.create_batch(60)):
            AgentLinkFactory(employer=employer, agent=agent)
        return with_reason("statement", agent, by=owen)

    def test_is_offered_no_list(self, client, contact):
        page = client.get(reverse("employers:raising", args=[contact.reference, "statement"])).content.decode()

        assert "this agent acts for many employers" in page
        assert "910000900" not in page

    @pytest.mark.parametrize("typed", ["910 000 900", "ERN 910000900", "Skerrow Foods Ltd", "skerrow foods"])
    def test_asks_about_an_employer_by_ern_or_name(self, client, contact, skerrow, typed):
        press(client, contact, "request/statement/create-sr", kind="STATEMENT", employer=typed)

        assert ServiceRequest.objects.get().employer == skerrow

    def test_is_told_where_it_does_not_act_for_the_employer(self, client, contact):
        other = EmployerFactory()

        answer = press(client, contact, "request/statement/create-sr", kind="STATEMENT", employer=other.ern)

        assert (
            "This agent acts for no employer with this ERN or name. Check it, or use the ERN" in answer.content.decode()
        )
        assert other.ern in answer.content.decode()
        assert not ServiceRequest.objects.exists()

    def test_must_name_an_employer(self, client, contact):
        answer = press(client, contact, "request/statement/create-sr", kind="STATEMENT")

        assert "Select the employer that the agent is asking about" in answer.content.decode()


@pytest.mark.proves("EC-68")
def test_an_agent_whose_only_link_has_ended_is_told_so_in_place_of_an_empty_list(client, owen, skerrow):
    agent = PayrollAgentFactory(address1="3 Corn Street", postcode="ZZ99 1AA", telephone="+442079460391")
    AgentLinkFactory(employer=skerrow, agent=agent, ends_on=date(2026, 6, 2))
    contact = with_reason("statement", agent, by=owen)
    words = "This agent has no active link to the employer. Ask the employer to nominate the agent"

    page = client.get(reverse("employers:raising", args=[contact.reference, "statement"])).content.decode()
    refused = press(client, contact, "request/statement/create-sr", kind="STATEMENT", notes="Asks for May")

    assert words in page
    assert 'name="employer"' not in page
    assert refused.content.decode().count(words) == 2
    assert not ServiceRequest.objects.exists()


class TestLate:
    """The contact has moved on under the form of a request: what was typed is there to be copied."""

    def sent(self, client, contact):
        answer = press(client, contact, "request/statement/create-sr", kind="STATEMENT", notes="For the auditors")
        assert answer.status_code == 409
        assert not ServiceRequest.objects.exists()
        return answer.content.decode()

    @pytest.mark.proves("CM-14")
    def test_a_colleague_has_the_contact_by_now(self, client, owen, skerrow):
        contact = with_reason("statement", skerrow, by=owen)
        services.hand_over(contact_id=contact.pk, to_id=caseworker().staff_id, by=owen, at=MORNING)

        page = self.sent(client, contact)

        assert "has this now" in page
        assert "For the auditors" in page

    @pytest.mark.proves("CM-14")
    def test_the_reason_was_taken_back(self, client, owen, skerrow):
        contact = with_reason("statement", skerrow, by=owen)
        services.take_back_reason(contact_id=contact.pk, reason="statement", by=owen, at=MORNING)

        page = self.sent(client, contact)

        assert "This reason is no longer ticked. Nothing was created" in page
        assert "For the auditors" in page
        assert "Go on with this contact" in page


@pytest.mark.proves("EC-43")
def test_input_deo_schedule_is_done_on_its_page_in_the_call(client, owen, skerrow):
    contact = with_reason("input_schedule", skerrow, by=owen)
    page = client.get(reverse("employers:schedule_input", args=[contact.reference])).content.decode()
    assert "Ask whether there are changes to report" in page

    press(client, contact, "schedule-input/1/complete", words="On paper")
    press(client, contact, "schedule-input/2/not-needed", reason="They said so at once")
    page = press(client, contact, "schedule-input/4/complete", words="A line", until="").content.decode()

    assert "Enter a day and a time in the future" in page
    assert "3 left" in client.get(reverse("employers:wrap_up", args=[contact.reference])).content.decode()


@pytest.mark.proves("CM-14")
def test_words_for_an_activity_of_input_deo_schedule_that_another_tab_completed_stand_above_the_others(
    client, owen, skerrow
):
    contact = with_reason("input_schedule", skerrow, by=owen)
    press(client, contact, "schedule-input/1/complete", words="On paper")

    answer = press(client, contact, "schedule-input/1/complete", words="By self service")

    assert answer.context["shown"].activity.number == 2
    assert answer.context["step_forms"]["complete"].data == {}
    assert "By self service" in answer.content.decode()


@pytest.mark.proves("EC-14")
def test_input_deo_schedule_is_shut_until_the_check_of_a_call_that_was_taken_up_again_is_passed(client, owen, skerrow):
    contact = with_reason("input_schedule", skerrow, by=owen)
    services.lose_call(contact_id=contact.pk, by=owen, at=MORNING)
    services.resume_call(contact_id=contact.pk, by=owen, at=MORNING)

    shut = client.get(reverse("employers:schedule_input", args=[contact.reference]), follow=True)
    late = press(client, contact, "schedule-input/1/complete", words="On paper")

    assert "Ask whether there are changes to report" not in shut.content.decode()
    assert late.status_code == 409
    assert "Complete the security questions before taking any action" in late.content.decode()
    assert "On paper" in late.content.decode()
    assert "Ask whether there are changes to report" not in late.content.decode()


def test_wrap_up_names_what_is_still_to_be_done_in_the_call(client, owen, skerrow):
    contact = with_reason("communication_payment", skerrow, by=owen)
    card = services.create_sr(
        contact_id=contact.pk, reason="communication_payment", kind="ONE_OFF_CARD", by=owen, at=MORNING
    )

    page = client.get(reverse("employers:wrap_up", args=[contact.reference]))

    assert page.context["same_call"] == [card]
    assert "which is done in the same call" in page.content.decode()


@pytest.mark.proves("CM-14")
def test_notes_stand_beside_the_activities_of_input_deo_schedule_and_are_kept_there(client, owen, skerrow):
    contact = with_reason("input_schedule", skerrow, by=owen)
    address = reverse("employers:schedule_input", args=[contact.reference])
    page = client.get(address).content.decode()
    assert 'name="notes"' in page
    assert 'name="caller_name"' in page

    answer = press(client, contact, "keep-notes", page="schedule_input", notes="Read out the amounts")

    assert answer.url == address
    assert "Read out the amounts</textarea>" in client.get(address).content.decode()


@pytest.mark.proves("CM-14", "EC-43")
@pytest.mark.parametrize(("name", "box"), [("complete", "words"), ("not-needed", "reason")])
def test_what_is_done_to_an_activity_of_input_deo_schedule_takes_the_notes_along(client, owen, skerrow, name, box):
    contact = with_reason("input_schedule", skerrow, by=owen)

    words = {box: "On paper", "notes": "Read out the amounts", "caller_name": "Marged"}
    press(client, contact, f"schedule-input/1/{name}", **words)

    kept = fresh(contact)
    assert (kept.caller_name, kept.notes) == ("Marged", "Read out the amounts")


@pytest.mark.proves("CM-14")
def test_a_refused_activity_of_input_deo_schedule_shows_all_that_was_typed_on_its_page(client, owen, skerrow):
    contact = with_reason("input_schedule", skerrow, by=owen)

    answer = press(client, contact, "schedule-input/1/complete", words="", reason="No change", notes="Read out")

    page = answer.content.decode()
    assert "Read out</textarea>" in page
    assert "No change</textarea>" in page
    assert fresh(contact).notes == ""


@pytest.mark.proves("CM-14")
def test_notes_beside_an_activity_that_another_tab_completed_stand_in_their_box(client, owen, skerrow):
    contact = with_reason("input_schedule", skerrow, by=owen)
    press(client, contact, "schedule-input/1/complete", words="On paper")

    answer = press(client, contact, "schedule-input/1/complete", words="By self service", notes="Read out")

    assert "Read out</textarea>" in answer.content.decode()
    assert answer.context["typed"] == [("What was done or said", "By self service")]


@pytest.mark.proves("CM-14")
def test_words_for_an_activity_whose_reason_was_taken_back_are_there_to_be_copied(client, owen, skerrow):
    contact = with_reason("input_schedule", skerrow, by=owen)
    services.take_back_reason(contact_id=contact.pk, reason="input_schedule", by=owen, at=MORNING)

    answer = press(client, contact, "schedule-input/1/complete", words="On paper")

    assert answer.status_code == 409
    assert "This reason is no longer ticked. Nothing was recorded" in answer.content.decode()
    assert "On paper" in answer.content.decode()


@pytest.mark.proves("CM-14", "EC-45")
def test_by_when_stays_where_it_was_refused_to_say_that_a_follow_up_is_not_needed(client, owen, skerrow):
    contact = with_reason("input_schedule", skerrow, by=owen)
    typed = {"words": "Look into June", "until": "2026-06-05T14:30"}

    answer = press(client, contact, "schedule-input/4/not-needed", reason="", **typed)

    page = answer.content.decode()
    assert "Enter why this is not needed" in page
    assert 'value="2026-06-05T14:30"' in page
    assert "Look into June</textarea>" in page
