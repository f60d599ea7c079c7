"""Records are changed by service requests, to which their pages lead; before the check their values are shut."""

from __future__ import annotations

import pytest

from contacthub.people.models import StaffMember
from employer_contact import services
from employer_contact.models import Contact, Employer, PayrollAgent, ServiceRequestKind
from tests.employer_contact.calling import call_from, caseworker, failed, passed, with_reason
from tests.employer_contact.people import OTHER, somebody, team
from tests.factories import (
    MORNING,
    AgentLinkFactory,
    DeoScheduleFactory,
    EmployerFactory,
    EmploymentFactory,
    PayrollAgentFactory,
    ScheduleLineFactory,
)

pytestmark = pytest.mark.django_db
LINES = "/employers/900000001/schedule/2026-06/raise/"


@pytest.fixture
def owen(client, reference):
    actor = caseworker()
    client.force_login(StaffMember.objects.get(pk=actor.staff_id))
    client.actor = actor
    return client


@pytest.fixture
def brindlewick():
    return EmployerFactory(ern="900000001", whole=True)


def text_of(response, status=200) -> str:
    assert response.status_code == status
    return response.content.decode()


def typed(page, **given):
    """Return what a browser sends from a step that is open: the boxes as they stand, and what was typed into some."""
    form = page.context["step_forms"]["complete"]
    boxes = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in boxes.items()} | given


def update_request(party, *, by, kind="UPDATE_EMPLOYER"):
    contact = with_reason("update_details", party, by=by)
    return services.create_sr(contact_id=contact.pk, reason="update_details", kind=kind, by=by, at=MORNING)


class Changing:
    """The step of a request that changes the details of its party."""

    def __init__(self, client, request):
        services.complete_step(
            service_request_id=request.pk, number=1, words="The caller’s own", by=client.actor, at=MORNING
        )
        step = request.activities.get(does__startswith="change_")
        self.client, self.address = client, f"{request.get_absolute_url()}?activity={step.number}"
        self.complete = f"{request.get_absolute_url()}activities/{step.number}/complete/"

    def open(self):
        return self.client.get(self.address)

    def press(self, sent, **how):
        return self.client.post(self.complete, sent, **how)


@pytest.fixture
def change(owen, brindlewick):
    return Changing(owen, update_request(brindlewick, by=owen.actor))


class TestDetails:
    @pytest.mark.proves("EC-31")
    def test_are_changed_and_the_record_says_what_was(self, owen, change):
        change.press(typed(change.open(), telephone="01632 960 122", pay_day="27"))

        page = text_of(owen.get("/employers/900000001/"))
        assert "Telephone: 01632 960120 → 01632 960122" in page
        assert "Pay date: 28th → 27th" in page

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"name": " "}, "Enter the name of the employer"),
            ({"telephone": "12"}, "Enter a telephone number in the correct format"),
            ({"additional_telephones": "01632 960121\nno"}, "Enter a telephone number in the correct format"),
            ({"email": "payroll"}, "Enter an email address in the correct format"),
            ({"pay_day": "32"}, "Pay date must be a day of the month, 1 to 31"),
            ({"cut_off_day": "end"}, "Payroll cut off date must be a day of the month, 1 to 31"),
            ({"payroll_postcode": "Millbrack"}, "Enter a postcode in the correct format"),
            ({"prefers_fax": "yes", "fax": ""}, "Enter a fax number, or say that fax is not the preferred method"),
            ({"seen": "made up"}, "Load this page again"),
        ],
    )
    def test_a_refusal_says_what_to_do_and_keeps_the_words(self, change, given, message):
        page = text_of(change.press(typed(change.open(), **{"contact_names": "My words", **given})))

        assert "<title>Error: " in page
        assert message in page
        assert "My words</textarea>" in page
        assert Employer.objects.get().contact_names == ["Orla Pettigrew", "Tomasz Żurawski"]

    def test_pressing_twice_changes_once(self, change, brindlewick):
        sent = typed(change.open(), telephone="01632 960 122")

        for _ in range(2):
            assert change.press(sent).status_code == 302

        assert Employer.objects.get().version == brindlewick.version + 1

    def test_two_at_once_lose_nothing_and_the_second_sees_both(self, change):
        page = change.open()
        Employer.objects.update(telephone="+441632960199", email="wages@brindlewick.example")

        sent = typed(page, telephone="01632 960 122", pay_day="27")
        browser = {name: str(value).replace("\n", "\r\n") for name, value in sent.items()}
        Employer.objects.update(contact_names=["Siân Hughes"])
        refused = change.press(browser)

        text = text_of(refused)
        assert "Telephone is now 01632 960199" in text
        assert 'value="01632 960 122"' in text
        assert change.press(typed(refused)).status_code == 302
        stands = Employer.objects.get()
        assert (stands.telephone, stands.email, stands.pay_day) == ("+441632960122", "wages@brindlewick.example", 27)
        assert stands.contact_names == ["Siân Hughes"]

    def test_an_agent_changes_its_own_record(self, owen):
        agent = PayrollAgentFactory(
            earn="EA9000001", address1="Suite 3", postcode="ZZ99 2BA", telephone="+441632960180", email="a@q.example"
        )
        change = Changing(owen, update_request(agent, by=owen.actor, kind="UPDATE_AGENT"))

        change.press(typed(change.open(), postcode="zz992bd"))

        assert PayrollAgent.objects.get().postcode == "ZZ99 2BD"


class TestTheWayThere:
    @pytest.mark.proves("EC-07")
    def test_a_record_leads_to_the_open_request_that_changes_it(self, owen, change):
        address = change.address

        assert f'href="{address}">Change details' in text_of(owen.get("/employers/900000001/"))

    @pytest.mark.proves("EC-07")
    def test_without_a_request_of_ones_own_nothing_is_changed(self, owen, brindlewick):
        passed(brindlewick, by=owen.actor)
        update_request(brindlewick, by=caseworker())

        assert "Change details" not in text_of(owen.get("/employers/900000001/"))

    def test_a_request_that_has_changed_it_is_led_to_no_more(self, owen, change):
        change.press(typed(change.open(), pay_day="27"))

        assert "Change details" not in text_of(owen.get("/employers/900000001/"))

    @pytest.mark.parametrize("where", ["", "schedule/2026-06/", "paying-parents/", "notes/"])
    def test_the_pages_of_a_record_carry_the_bar_of_ones_call(self, owen, brindlewick, where):
        contact = passed(brindlewick, by=owen.actor)

        page = text_of(owen.get(f"/employers/900000001/{where}"))

        assert f'href="{contact.get_absolute_url()}">Go on with {contact.reference}' in page
        assert 'aria-label="Steps of the call"' in page

    def test_so_does_a_request_and_no_other_record(self, owen, change):
        contact = Contact.objects.get()
        other = EmployerFactory(ern="900000002", whole=True)

        assert f"Go on with {contact.reference}" in text_of(change.open())
        assert "Go on with" not in text_of(owen.get(other.get_absolute_url()))


class TestBeforeTheCheck:
    @pytest.mark.proves("EC-14")
    @pytest.mark.parametrize("where", ["", "agents/", "notes/", "paying-parents/", "schedule/2026-06/"])
    @pytest.mark.parametrize("standing", [call_from, failed])
    def test_no_value_of_the_record_is_shown(self, owen, brindlewick, where, standing):
        standing(brindlewick, by=owen.actor)

        page = text_of(owen.get(f"/employers/900000001/{where}"))

        assert "Complete the security questions before taking any action" in page
        assert "payroll@brindlewick.example" not in page
        assert "Corn Street" not in page

    @pytest.mark.proves("EC-14")
    def test_a_letter_that_is_opened_beside_the_call_does_not_show_it_either(self, owen, brindlewick):
        failed(brindlewick, by=owen.actor)
        call_from(brindlewick, by=owen.actor, channel="letter")

        assert "payroll@brindlewick.example" not in text_of(owen.get("/employers/900000001/"))

    @pytest.mark.proves("EC-14")
    def test_its_requests_show_nothing_either(self, owen, brindlewick):
        contact = with_reason("update_details", brindlewick, by=owen.actor)
        request = services.create_sr(
            contact_id=contact.pk, reason="update_details", kind="UPDATE_EMPLOYER", by=owen.actor, at=MORNING
        )
        first_step = "Confirm the change is to the caller"
        assert first_step in text_of(owen.get(request.get_absolute_url()))

        failed(brindlewick, by=owen.actor)

        page = text_of(owen.get(request.get_absolute_url()))
        assert "Complete the security questions before taking any action" in page
        assert first_step not in page

    @pytest.mark.proves("CM-14", "EC-14")
    def test_what_was_typed_for_one_of_its_requests_is_there_to_be_copied_without_what_is_held(self, owen, brindlewick):
        contact = with_reason("update_details", brindlewick, by=owen.actor)
        request = services.create_sr(
            contact_id=contact.pk, reason="update_details", kind="UPDATE_EMPLOYER", by=owen.actor, at=MORNING
        )
        failed(brindlewick, by=owen.actor)
        cancel = f"{request.get_absolute_url()}cancel/"
        change = f"{request.get_absolute_url()}activities/6/complete/"

        words = text_of(owen.post(cancel, {"key": "k-1", "reason": "They found it. " * 2_000}))
        details = text_of(owen.post(change, {"key": "k-2", "name": "B", "email": "payroll@brindlewick.example"}))

        assert "They found it." in words
        assert "payroll@brindlewick.example" not in details

    def test_somebody_else_reads_the_record_meanwhile(self, owen, client, brindlewick):
        call_from(brindlewick, by=caseworker())

        assert "payroll@brindlewick.example" in text_of(owen.get("/employers/900000001/"))


class TestLines:
    @pytest.fixture
    def lines(self, owen, brindlewick):
        schedule = DeoScheduleFactory(employer=brindlewick)
        passed(brindlewick, by=owen.actor)
        jobs = [EmploymentFactory(employer=brindlewick, paying_parent__name=f"P {letter}") for letter in "ABC"]
        return [ScheduleLineFactory(schedule=schedule, paying_parent=job.paying_parent) for job in jobs]

    def tick(self, owen, *lines, **how):
        return owen.post(LINES, {"line": [line.pk for line in lines]}, **how)

    @pytest.mark.proves("EC-36")
    def test_several_that_are_ticked_lead_to_a_request_for_the_group(self, owen, lines):
        page = text_of(owen.get("/employers/900000001/schedule/2026-06/"))
        assert f'action="{LINES}" method="post"' in page
        assert all(f'name="line" type="checkbox" value="{line.pk}"' in page for line in lines)

        opened = self.tick(owen, lines[0], lines[2])

        form = opened.context["step_form"]
        assert form["paying_parents"].value() == [line.paying_parent.reference for line in (lines[0], lines[2])]
        assert [kind.code for kind, _ in opened.context["kinds"]] == ["DEO_UPDATE_GROUP"]
        assert [one.reason.code for one in Contact.objects.get().reasons.all()] == ["change_multiple"]

    @pytest.mark.proves("EC-35")
    def test_one_that_is_ticked_leads_to_a_request_for_one(self, owen, lines):
        opened = self.tick(owen, lines[1])

        assert opened.context["step_form"]["paying_parents"].value() == lines[1].paying_parent.reference
        assert [kind.code for kind, _ in opened.context["kinds"]] == ["DEO_UPDATE_INDIVIDUAL"]

    def test_those_beyond_what_the_form_offers_are_typed_into_it(self, owen, lines, monkeypatch):
        monkeypatch.setattr("employer_contact.raising.PARENTS_SHOWN", 1)

        form = self.tick(owen, *lines).context["step_form"]

        assert form["paying_parents"].value() == [lines[0].paying_parent.reference]
        assert form["others"].value().splitlines() == [line.paying_parent.reference for line in lines[1:]]

    def test_a_reason_that_is_ticked_already_stays(self, owen, lines):
        for _ in range(2):
            self.tick(owen, *lines)

        assert Contact.objects.get().reasons.count() == 1

    def test_a_reason_that_is_closed_says_so_in_the_call(self, owen, lines):
        ServiceRequestKind.objects.filter(code="DEO_UPDATE_GROUP").update(open_to_employer=False)

        page = text_of(self.tick(owen, *lines, follow=True))

        assert "Only an agent can ask for this" in page

    def test_nobody_ticked_says_what_to_do(self, owen, lines):
        assert "Tick the paying parents whose circumstances have changed" in text_of(self.tick(owen, follow=True))

    @pytest.mark.parametrize("typed", ["x", "1e9", "9" * 30, "-1", "٣"])
    def test_a_tick_that_a_page_never_sent_counts_for_none(self, owen, lines, typed):
        answer = owen.post(LINES, {"line": [typed]}, follow=True)

        assert "Tick the paying parents" in text_of(answer)

    def test_without_a_call_nothing_is_raised(self, owen, lines):
        services.lose_call(contact_id=Contact.objects.get().pk, by=owen.actor, at=MORNING)

        assert self.tick(owen, *lines).url == "/employers/900000001/"
        assert not Contact.objects.get().reasons.exists()


def test_who_may_change_no_record_is_offered_no_change(client, reference, brindlewick):
    other = somebody(OTHER, unit=team())
    client.force_login(StaffMember.objects.get(pk=other.staff_id))
    call_from(brindlewick, by=other, direction="outbound")
    ScheduleLineFactory(schedule=DeoScheduleFactory(employer=brindlewick))

    assert "Change details" not in text_of(client.get("/employers/900000001/"))
    assert "Report a change" not in text_of(client.get("/employers/900000001/schedule/2026-06/"))


class TestLinesForAnAgent:
    """In the call of an agent the lines of an employer are ticked for whom it acts today (EC-68)."""

    @pytest.fixture
    def link(self, brindlewick):
        agent = PayrollAgentFactory(address1="3 Corn Street", postcode="ZZ99 1AA", telephone="+442079460391")
        AgentLinkFactory(agent=agent)
        return AgentLinkFactory(agent=agent, employer=brindlewick)

    @pytest.fixture
    def line(self, brindlewick):
        job = EmploymentFactory(employer=brindlewick)
        schedule = DeoScheduleFactory(employer=brindlewick)
        return ScheduleLineFactory(schedule=schedule, paying_parent=job.paying_parent)

    def test_they_lead_to_the_request_about_that_employer(self, owen, link, line):
        contact = passed(link.agent, by=owen.actor)
        page = text_of(owen.get("/employers/900000001/schedule/2026-06/"))
        assert f'value="{line.pk}"' in page

        opened = owen.post(LINES, {"line": [line.pk]})

        form = opened.context["step_form"]
        assert opened.context["contact"] == contact
        assert form["employer"].value() == "900000001"
        assert form["paying_parents"].value() == line.paying_parent.reference

    @pytest.mark.parametrize("ends_on", ["2026-06-02", "2020-12-31"])
    def test_an_agent_whose_link_has_ended_ticks_none(self, owen, link, line, ends_on):
        passed(link.agent, by=owen.actor)
        type(link).objects.filter(pk=link.pk).update(starts_on="2020-01-01", ends_on=ends_on)

        assert "Report a change" not in text_of(owen.get("/employers/900000001/schedule/2026-06/"))
        assert owen.post(LINES, {"line": [line.pk]}).url == "/employers/900000001/"

    @pytest.mark.proves("EC-14")
    def test_nor_does_one_whose_check_is_not_passed(self, owen, link, line):
        call_from(link.agent, by=owen.actor)

        assert "Report a change" not in text_of(owen.get("/employers/900000001/schedule/2026-06/"))

    def test_of_two_calls_the_one_about_this_employer_is_meant(self, owen, link, line):
        meant = passed(link.agent, by=owen.actor)
        Contact.objects.filter(pk=meant.pk).update(about=link.employer)
        passed(link.agent, by=owen.actor)

        assert owen.post(LINES, {"line": [line.pk]}).context["contact"] == meant
