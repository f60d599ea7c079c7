"""Records are changed on their pages in a contact that may act, and their values are shut before it may."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacthub.people.models import StaffMember
from employer_contact import services
from employer_contact.details import EmployerDetails, details_of
from employer_contact.forms.changing import EmployerForm
from employer_contact.models import Employer, PayrollAgent, ScheduleLine, UnknownName
from tests.employer_contact.calling import call_from, caseworker, failed, passed, with_reason
from tests.employer_contact.people import OTHER, somebody, team
from tests.factories import (
    MORNING,
    DeoScheduleFactory,
    EmployerFactory,
    PayingParentFactory,
    PayrollAgentFactory,
    ScheduleLineFactory,
)

pytestmark = pytest.mark.django_db
CHANGE = "/employers/900000001/change/"
LINES = "/employers/900000001/schedule/2026-06/lines/"


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


def queries(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as counted:
        text_of(client.get(url))
    return len(counted)


def typed(page, **given):
    """Return what a browser sends from a page: the boxes as they stand, and what was typed into some."""
    form = page.context["form"]
    boxes = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in boxes.items()} | given


class TestDetails:
    @pytest.mark.proves("EC-31")
    def test_are_changed_and_the_record_says_what_was(self, owen, brindlewick):
        passed(brindlewick, by=owen.actor)

        answer = owen.post(CHANGE, typed(owen.get(CHANGE), telephone="01632 960 122", pay_day="27"), follow=True)

        page = text_of(answer)
        assert "Brindlewick Bakeries Ltd is changed" in page
        assert "Telephone: 01632 960120 → 01632 960122" in page
        assert "Pay date: 28th → 27th" in page

    def test_nothing_is_changed_by_saving_what_stands(self, owen, brindlewick):
        passed(brindlewick, by=owen.actor)

        page = text_of(owen.post(CHANGE, typed(owen.get(CHANGE))))

        assert "Nothing is different yet" in page

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
    def test_a_refusal_says_what_to_do_and_keeps_the_words(self, owen, brindlewick, given, message):
        passed(brindlewick, by=owen.actor)

        page = text_of(owen.post(CHANGE, typed(owen.get(CHANGE), **{"contact_names": "My words", **given})))

        assert "<title>Error: " in page
        assert message in page
        assert "My words</textarea>" in page
        assert Employer.objects.get().contact_names == ["Orla Pettigrew", "Tomasz Żurawski"]

    def test_pressing_twice_changes_once(self, owen, brindlewick):
        passed(brindlewick, by=owen.actor)
        sent = typed(owen.get(CHANGE), telephone="01632 960 122")

        for _ in range(2):
            assert owen.post(CHANGE, sent).status_code == 302

        assert Employer.objects.get().version == brindlewick.version + 1

    def test_two_at_once_lose_nothing_and_the_second_sees_both(self, owen, brindlewick):
        passed(brindlewick, by=owen.actor)
        page = owen.get(CHANGE)
        Employer.objects.update(telephone="+441632960199", email="wages@brindlewick.example")

        sent = typed(page, telephone="01632 960 122", pay_day="27")
        browser = {name: str(value).replace("\n", "\r\n") for name, value in sent.items()}
        Employer.objects.update(contact_names=["Siân Hughes"])
        refused = owen.post(CHANGE, browser)

        text = text_of(refused, 409)
        assert "Telephone is now 01632 960199" in text
        assert 'value="01632 960 122"' in text
        again = owen.post(CHANGE, typed(refused), follow=True)
        assert "is changed" in text_of(again)
        stands = Employer.objects.get()
        assert (stands.telephone, stands.email, stands.pay_day) == ("+441632960122", "wages@brindlewick.example", 27)
        assert stands.contact_names == ["Siân Hughes"]

    def test_an_agent_changes_its_own_record(self, owen):
        agent = PayrollAgentFactory(
            earn="EA9000001", address1="Suite 3", postcode="ZZ99 2BA", telephone="+441632960180", email="a@q.example"
        )
        passed(agent, by=owen.actor)
        address = "/employers/agents/EA9000001/change/"

        owen.post(address, typed(owen.get(address), postcode="zz992bd"))

        assert PayrollAgent.objects.get().postcode == "ZZ99 2BD"

    def test_without_a_contact_the_record_says_how_to_get_one(self, owen, brindlewick):
        page = text_of(owen.get(CHANGE, follow=True))

        assert "Records are changed in a contact" in page

    def test_the_page_takes_as_many_queries_for_one_number_as_for_many(self, owen, brindlewick):
        passed(brindlewick, by=owen.actor)
        before = queries(owen, CHANGE)
        Employer.objects.update(additional_telephones=["+441632960121"] * 20)

        assert queries(owen, CHANGE) == before


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

    @pytest.mark.proves("EC-14")
    def test_nothing_can_be_changed(self, owen, brindlewick):
        call_from(brindlewick, by=owen.actor)
        held = details_of(brindlewick, EmployerDetails)
        form = EmployerForm.of(held)
        sent = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}

        answer = owen.post(CHANGE, sent | {"telephone": "01632 960 122"})

        assert answer.status_code == 302
        assert Employer.objects.get().telephone == "+441632960120"

    def test_somebody_else_reads_the_record_meanwhile(self, owen, client, brindlewick):
        call_from(brindlewick, by=caseworker())

        assert "payroll@brindlewick.example" in text_of(owen.get("/employers/900000001/"))


class TestLines:
    @pytest.fixture
    def lines(self, owen, brindlewick):
        schedule = DeoScheduleFactory(employer=brindlewick)
        passed(brindlewick, by=owen.actor)
        return [ScheduleLineFactory(schedule=schedule, paying_parent=PayingParentFactory(name=f"P {n}")) for n in "ABC"]

    @pytest.mark.proves("EC-35", "EC-36")
    def test_those_that_are_ticked_are_changed_together(self, owen, lines):
        page = text_of(owen.get("/employers/900000001/schedule/2026-06/"))
        assert all(f'name="line" type="checkbox" value="{line.pk}"' in page for line in lines)
        address = f"{LINES}?line={lines[0].pk}&line={lines[1].pk}"
        own = {f"change_{lines[1].pk}": "absence", f"day_{lines[1].pk}": "9/6/2026"}

        owen.post(address, typed(owen.get(address), change="left", day="7/6/2026", **own))

        assert [*ScheduleLine.objects.order_by("pk").values_list("change", "effective_on")] == [
            ("left", date(2026, 6, 7)),
            ("absence", date(2026, 6, 9)),
            ("", None),
        ]

    def test_the_ticks_go_to_the_form_in_no_address(self, owen, lines):
        page = text_of(owen.get("/employers/900000001/schedule/2026-06/"))
        assert f'action="{LINES}" method="post"' in page

        opened = owen.post(LINES, {"line": [lines[0].pk, lines[2].pk]})
        ticked = [line.pk for line in opened.context["form"].ticked]
        owen.post(LINES, typed(opened, line=ticked, change="left", day="7/6/2026"))

        assert "There is a problem" not in text_of(opened)
        assert [*ScheduleLine.objects.order_by("pk").values_list("change", flat=True)] == ["left", "", "left"]

    def test_the_page_takes_as_many_queries_for_one_line_as_for_three(self, owen, lines):
        before = queries(owen, f"{LINES}?line={lines[0].pk}")

        assert queries(owen, LINES + "?" + "&".join(f"line={line.pk}" for line in lines)) == before

    @pytest.mark.proves("EC-36")
    def test_names_that_are_not_on_it_are_shown_for_investigation(self, owen, lines):
        sent = typed(owen.get(LINES), names="Wayne Okafor\n\nUna Rey", change="left", day="7/6/2026")

        page = text_of(owen.post(LINES, sent, follow=True))

        assert UnknownName.objects.count() == 2
        assert "Reported, and not on this schedule: to be investigated" in page
        assert "Una Rey" in page

    def test_a_line_without_its_day_is_refused_at_its_box(self, owen, lines):
        address = f"{LINES}?line={lines[0].pk}"

        page = text_of(owen.post(address, typed(owen.get(address), change="left")))

        assert "Enter the day from which the change holds for P A" in page
        assert f'href="#id_day_{lines[0].pk}"' in page

    def test_a_line_changed_by_somebody_meanwhile_is_refused_with_what_stands(self, owen, lines):
        address = f"{LINES}?line={lines[0].pk}"
        sent = typed(owen.get(address), change="left", day="7/6/2026")
        ScheduleLine.objects.filter(pk=lines[0].pk).update(change="absence", effective_on=date(2026, 6, 2))

        refused = owen.post(address, sent)

        assert "now says Absence from 2 June 2026" in text_of(refused, 409)
        owen.post(address, typed(refused))
        assert ScheduleLine.objects.get(pk=lines[0].pk).change == "left"


def test_who_may_change_no_record_is_offered_no_change(client, reference, brindlewick):
    other = somebody(OTHER, unit=team())
    client.force_login(StaffMember.objects.get(pk=other.staff_id))
    call_from(brindlewick, by=other, direction="outbound")
    ScheduleLineFactory(schedule=DeoScheduleFactory(employer=brindlewick))

    assert "Change details" not in text_of(client.get("/employers/900000001/"))
    assert "Change what is ticked" not in text_of(client.get("/employers/900000001/schedule/2026-06/"))
