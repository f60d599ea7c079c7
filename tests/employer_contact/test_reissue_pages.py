"""The pages on which a re-issue of a CMSL2040 is asked for, decided and listed."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contacthub.people.models import StaffMember
from contacthub.people.roles import Post
from contacthub.people.services import actor_for
from employer_contact import services
from employer_contact.models import CaseActivity, MaintenanceCase, ReissueRequest
from tests.employer_contact.calling import call_from, passed, with_reason
from tests.employer_contact.people import OTHER, somebody
from tests.employer_contact.test_reissues import HELD, NUMBER, ask, case, fresh, notes, sunita  # noqa: F401 fixtures
from tests.factories import (
    MORNING,
    AgentLinkFactory,
    MaintenanceCaseFactory,
    MembershipFactory,
    PayrollAgentFactory,
    ReissueRequestFactory,
    StaffMemberFactory,
    UnitFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
PARENT = "/employers/900000006/paying-parents/121999700001/"
ASK = f"{PARENT}request-reissue/"
WHOLE = {"case_number": NUMBER, "scenario": "amount_differs", "reason": "Llythyr o’r llynedd: ŵyn"}


def press(client, do, **given):
    return client.post(ASK, {"key": str(uuid4()), "do": do, **given})


def text_of(response, status=200) -> str:
    assert response.status_code == status
    return response.content.decode()


def as_person(person) -> Client:
    client = Client()
    client.force_login(StaffMember.objects.get(pk=getattr(person, "staff_id", None) or person.pk))
    return client


@pytest.mark.proves("EC-46", "EC-48")
def test_it_is_asked_for_on_a_form_checked_and_sent_once(client, owen, skerrow, case):  # noqa: F811
    assert f'href="{ASK}"' in text_of(client.get(PARENT))
    form = text_of(client.get(ASK))
    assert f'value="{NUMBER}"' in form
    assert " checked" in form, "the only case is chosen"
    key = str(uuid4())

    check = text_of(client.post(ASK, {"key": key, "do": "check", **WHOLE}))
    assert "Check your answers" in check
    assert "Llythyr o’r llynedd: ŵyn" in check
    assert "Sunita Rao" in check
    assert not ReissueRequest.objects.exists()
    sent = [client.post(ASK, {"key": key, "do": "send", **WHOLE}) for _ in range(2)]

    made = ReissueRequest.objects.get()
    assert {answer.url for answer in sent} == {made.get_absolute_url()}
    assert len(notes(skerrow)) == 1
    assert made.reference in text_of(client.get(PARENT))


@pytest.mark.proves("EC-46")
@pytest.mark.parametrize("do", ["check", "send"])
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"case_number": ""}, "Select the case"),
        ({"case_number": "1"}, "Select the case"),
        ({"scenario": ""}, "Select why the CMSL2040 needs to be re-issued"),
        ({"scenario": "fourth"}, "Select why the CMSL2040 needs to be re-issued"),
        ({"reason": "  "}, "Enter why the CMSL2040 needs to be re-issued"),
        ({"reason": "x" * 20_001}, "Reason must be 20,000 characters or fewer"),
    ],
)
def test_what_is_missing_comes_back_with_what_was_filled_in(client, owen, case, do, given, message):  # noqa: F811
    page = text_of(press(client, do, **{**WHOLE, **given}))

    assert "<title>Error: " in page
    assert message in page
    assert not ReissueRequest.objects.exists()
    if "reason" not in given:
        assert "ŵyn</textarea>" in page


def test_a_change_of_mind_brings_the_form_back_filled_in(client, owen, case):  # noqa: F811
    page = text_of(press(client, "change", **WHOLE))

    assert "ŵyn</textarea>" in page
    assert "There is a problem" not in page


def test_what_somebody_asked_for_meanwhile_is_said_and_the_words_are_kept(client, owen, skerrow, case):  # noqa: F811
    first = ask(skerrow, somebody(OTHER))

    page = text_of(press(client, "send", **WHOLE), status=409)

    assert f"{first.reference} stands already" in page
    assert "ŵyn</textarea>" in page


@pytest.mark.proves("EC-50")
def test_the_next_case_of_the_parent_is_asked_for_from_the_page_to_which_one_went_back(client, owen, case):  # noqa: F811
    other = MaintenanceCaseFactory(number="200417734", paying_parent=case.paying_parent, owner=StaffMemberFactory())
    key = str(uuid4())
    client.post(ASK, {"key": key, "do": "send", **WHOLE})
    first = ReissueRequest.objects.get()
    another = WHOLE | {"case_number": other.number, "do": "send"}

    refused = client.post(ASK, another | {"key": key})

    assert f"You have already sent this: {first.reference}" in text_of(refused, status=409)
    client.post(ASK, another | {"key": refused.context["form"]["key"].value()})
    assert [one.maintenance_case for one in ReissueRequest.objects.order_by("pk")] == [case, other]


@pytest.mark.proves("EC-14")
def test_while_a_call_has_its_check_to_pass_it_leads_there(client, owen, skerrow, case):  # noqa: F811
    call = call_from(skerrow, by=owen)

    assert client.get(ASK).url == call.get_absolute_url()
    typed = text_of(press(client, "send", **WHOLE))
    assert "What you typed" in typed
    assert "Llythyr o’r llynedd: ŵyn" in typed
    assert not ReissueRequest.objects.exists()


@pytest.mark.proves("EC-14")
def test_while_a_call_has_its_check_to_pass_the_amounts_are_shut_and_words_are_kept(client, owen, skerrow, case):  # noqa: F811
    CaseActivity.objects.create(
        maintenance_case=case, kind="CMSL2040", happened_on=MORNING.date(), employer=skerrow, amount="170.00"
    )
    made = ask(skerrow, owen)
    assert "£170.00" in text_of(client.get(made.get_absolute_url()))
    call = call_from(skerrow, by=owen)

    page = text_of(client.get(made.get_absolute_url()))
    refused = text_of(client.post(f"{made.get_absolute_url()}decline/", {"key": str(uuid4()), "reason": "Nid felly"}))

    for shut in (page, refused):
        assert "Complete the security questions before taking any action" in shut
        assert "£170.00" not in shut
        assert call.get_absolute_url() in shut
    assert "Nid felly" in refused


@pytest.mark.proves("EC-48")
def test_the_owner_finds_it_at_home_and_in_the_list_and_issues_the_letter(owen, skerrow, case, sunita):  # noqa: F811
    made = ask(skerrow, owen)
    owner = as_person(sunita)
    for place in ("/", "/employers/reissues/"):
        assert made.get_absolute_url() in text_of(owner.get(place))

    page = text_of(owner.get(made.get_absolute_url()))
    assert "Issue it anew" in page
    month = f"{MORNING:%Y-%m}-01"
    refused = text_of(owner.post(f"{made.get_absolute_url()}reissue/", {"key": str(uuid4()), "amount": "1.234"}))
    assert "Enter an amount in pounds, like 188.20" in refused
    assert 'value="1.234"' in refused
    months = [value for value, _ in owner.get(made.get_absolute_url()).context["issue"].fields["from_month"].choices]
    answer = owner.post(
        f"{made.get_absolute_url()}reissue/", {"key": str(uuid4()), "amount": "£188.20", "from_month": months[-1]}
    )

    assert answer.url == made.get_absolute_url()
    assert fresh(made).state == "reissued"
    assert str(CaseActivity.objects.get().from_month) == months[-1] != month
    assert made.get_absolute_url() not in text_of(owner.get("/employers/reissues/"))


def test_a_decline_needs_its_reason_and_is_read_by_the_requester(client, owen, skerrow, case, sunita):  # noqa: F811
    made = ask(skerrow, owen)
    owner = as_person(sunita)

    assert "Enter why it is not re-issued" in text_of(
        owner.post(f"{made.get_absolute_url()}decline/", {"key": str(uuid4()), "reason": ""})
    )
    owner.post(f"{made.get_absolute_url()}decline/", {"key": str(uuid4()), "reason": "Mae’r llythyr yn iawn"})

    assert "Declined: Mae’r llythyr yn iawn" in text_of(client.get(made.get_absolute_url()))
    assert "Mae’r llythyr yn iawn" in text_of(client.get("/"))


def test_who_comes_second_reads_what_was_done_and_keeps_the_words(client, owen, skerrow, case, sunita):  # noqa: F811
    made = ask(skerrow, owen)
    services.decline(reissue_id=made.pk, reason="It is right", by=actor_for(sunita, on=MORNING.date()), at=MORNING)

    page = text_of(
        client.post(f"{made.get_absolute_url()}withdraw/", {"key": str(uuid4()), "reason": "Not needed"}), status=409
    )

    assert "Declined by Sunita Rao" in page
    assert "Not needed</textarea>" in page


def test_the_lists_are_those_of_the_person(client, owen, skerrow, case, sunita):  # noqa: F811
    mine, others = ask(skerrow, owen), ReissueRequestFactory()
    left = StaffMemberFactory(active_to=MORNING.date().replace(year=2025))
    gone = ReissueRequestFactory(maintenance_case=MaintenanceCaseFactory(owner=left))

    def listed(view, **filters):
        page = text_of(client.get("/employers/reissues/", {"view": view, **filters}))
        return {one.reference for one in (mine, others, gone) if one.get_absolute_url() in page}

    assert listed("by-me") == {mine.reference}
    assert listed("to-me") == set()
    assert listed("owner-left") == {gone.reference}
    assert listed("all") == {mine.reference, others.reference, gone.reference}
    assert listed("all", scenario="fiu_referral") == set()
    assert listed("all", state="declined") == set()


def test_who_leads_the_team_of_an_owner_who_left_finds_it_at_home_and_by_its_reference(owen, skerrow, case, sunita):  # noqa: F811
    """They have nothing else to do with employers."""
    unit = UnitFactory(kind="team")
    leader = MembershipFactory(unit=unit, post=Post.TEAM_LEADER).person
    MembershipFactory(person=sunita, unit=unit)
    made, theirs = ask(skerrow, owen), as_person(leader)
    assert made.reference not in text_of(theirs.get("/"))

    StaffMember.objects.filter(pk=sunita.pk).update(active_to=MORNING.date().replace(year=2025))

    assert made.get_absolute_url() in text_of(theirs.get("/"))
    assert made.get_absolute_url() in text_of(theirs.get("/employers/reissues/"))
    assert theirs.get("/search/", {"q": made.reference}).url == made.get_absolute_url()
    page = text_of(theirs.get(made.get_absolute_url()))
    assert "Issue it anew" in page
    assert PARENT not in page, "they may not open it"
    assert PARENT in text_of(as_person(owen).get(made.get_absolute_url()))


@pytest.mark.proves("XC-02")
def test_it_is_found_by_its_reference_as_somebody_reads_it_out(client, owen, skerrow, case):  # noqa: F811
    made = ask(skerrow, owen)

    for typed in (made.reference, made.reference.lower().replace("-", " "), made.reference.removeprefix("RI-")):
        assert client.get("/search/", {"q": typed}).url == made.get_absolute_url()


def test_the_requester_has_it_at_home_until_it_is_decided(client, owen, skerrow, case, sunita):  # noqa: F811
    made = ask(skerrow, owen)
    page = text_of(client.get("/"))
    assert "Re-issues you asked for" in page
    assert "With <bdi>Sunita Rao</bdi>" in page

    services.decline(reissue_id=made.pk, reason="It is right", by=actor_for(sunita, on=MORNING.date()), at=MORNING)

    assert "Re-issues you asked for" not in text_of(client.get("/"))


@pytest.mark.proves("EC-27")
class TestWrapUp:
    WHY = "Re-issue of the CMSL2040 requested, {}"

    def wrap_up(self, client, call) -> str:
        return text_of(client.get(f"{call.get_absolute_url()}wrap-up/"))

    def test_a_re_issue_stands_in_for_the_request_that_is_missing(self, client, owen, skerrow, case):  # noqa: F811
        call = with_reason("statement", skerrow, by=owen)
        assert "Re-issues of the CMSL2040" not in self.wrap_up(client, call)

        made = ask(skerrow, owen, contact_id=call.pk)

        page = self.wrap_up(client, call)
        assert made.get_absolute_url() in page
        assert f'value="{self.WHY.format(made.reference)}"' in page

    def test_of_two_that_are_missing_it_is_left_to_say_which(self, client, owen, skerrow, case):  # noqa: F811
        call = with_reason("statement", skerrow, by=owen)
        services.choose_reasons(contact_id=call.pk, reasons=["statement", "update_details"], by=owen, at=MORNING)
        made = ask(skerrow, owen, contact_id=call.pk)

        page = self.wrap_up(client, call)

        assert made.get_absolute_url() in page
        assert self.WHY.format(made.reference) not in page

    def test_one_that_was_withdrawn_stands_in_for_nothing(self, client, owen, skerrow, case):  # noqa: F811
        call = with_reason("statement", skerrow, by=owen)
        made = ask(skerrow, owen, contact_id=call.pk)

        services.withdraw(reissue_id=made.pk, reason="They pay now", by=owen, at=MORNING)

        assert made.reference not in self.wrap_up(client, call)

    def test_one_asked_for_before_any_reason_is_there_too(self, client, owen, skerrow, case):  # noqa: F811
        call = passed(skerrow, by=owen)
        made = ask(skerrow, owen, contact_id=call.pk)

        assert made.get_absolute_url() in self.wrap_up(client, call)


def test_in_a_call_with_an_agent_of_theirs_it_stands_in_that_call(client, owen, skerrow, case):  # noqa: F811
    agent = PayrollAgentFactory(**HELD)
    AgentLinkFactory(employer=skerrow, agent=agent)
    call = passed(agent, by=owen)

    press(client, "send", **WHOLE)

    assert ReissueRequest.objects.get().contact == call


def test_an_empty_list_says_what_would_be_there(client, owen):
    assert "You have asked for none" in text_of(client.get("/employers/reissues/"))


@pytest.mark.proves("XC-06")
def test_a_list_of_many_takes_no_more_queries_and_turns_its_pages(client, owen):
    ReissueRequestFactory()
    client.get("/employers/reissues/?view=all")
    with CaptureQueriesContext(connection) as few:
        client.get("/employers/reissues/?view=all")
    ReissueRequestFactory.create_batch(55)

    with CaptureQueriesContext(connection) as many:
        page = text_of(client.get("/employers/reissues/?view=all"))

    assert len(many) == len(few)
    assert page.count("/employers/RI-") == 50
    assert 'rel="next"' in page


def test_the_page_says_who_decides_and_where_nobody_can(client, owen, skerrow, case, sunita):  # noqa: F811
    made = ask(skerrow, owen)
    assert "<bdi>Sunita Rao</bdi></b> re-issues it, or declines" in text_of(client.get(made.get_absolute_url()))

    StaffMember.objects.filter(pk=sunita.pk).update(active_to=MORNING.date().replace(year=2025))

    words = "Nobody can decide it now: the case owning caseworker has left, and nobody leads their team"
    assert words in text_of(client.get(made.get_absolute_url()))


def test_the_page_and_the_list_say_where_the_case_has_no_owner_any_more(client, owen, skerrow, case):  # noqa: F811
    made = ask(skerrow, owen)
    MaintenanceCase.objects.filter(pk=case.pk).update(owner=None)

    assert "Nobody can decide it now: nobody owns the case" in text_of(client.get(made.get_absolute_url()))
    assert made.get_absolute_url() in text_of(client.get("/employers/reissues/?view=owner-left"))


@pytest.mark.proves("EC-50", "EC-51")
def test_a_parent_in_three_cases_has_the_letters_of_all_three_and_each_to_choose(client, owen, skerrow, case):  # noqa: F811
    parent = case.paying_parent
    for number in ("200417734", "200417735"):
        MaintenanceCaseFactory(number=number, paying_parent=parent, owner=StaffMemberFactory())
    for one in MaintenanceCase.objects.all():
        CaseActivity.objects.create(maintenance_case=one, kind="CMSL2040", happened_on=MORNING.date(), employer=skerrow)

    page, form = text_of(client.get(PARENT)), text_of(client.get(ASK))

    for number in (NUMBER, "200417734", "200417735"):
        assert f"Case {number}" in page
        assert f'value="{number}"' in form
    assert page.count("1 issued") == 3
