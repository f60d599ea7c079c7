"""Contacts and service requests by REST: the services, rules and words of the pages, and no security answer."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacthub.clock import now
from contacthub.deadlines.models import FollowUp
from contacthub.people.roles import Role
from contacthub.people.services import actor_for
from employer_contact.lifecycle import ContactState
from employer_contact.models import Contact, ServiceRequest
from employer_contact.security import BEFORE_THE_CHECK
from employer_contact.taxonomy import EMPLOYER_ONLY, NO_ACTIVE_LINK
from tests.contacthub.api.situations import Machine, integrator
from tests.employer_contact.calling import caseworker, failed, passed, with_reason
from tests.employer_contact.people import team
from tests.factories import (
    AgentLinkFactory,
    ContactFactory,
    MembershipFactory,
    PayrollAgentFactory,
    ServiceRequestFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
SCOPES = [
    "employers:read", "contacts:read", "contacts:work", "service-requests:read", "service-requests:raise",
    "service-requests:work",
]  # fmt: skip
AGENT = {"address1": "3 Corn Street", "postcode": "ZZ99 1AA", "telephone": "+442079460391"}


@pytest.fixture
def post(reference) -> Machine:
    """The scanning of letters, which opens a contact for each."""
    return Machine(*SCOPES)


def opened(machine: Machine, party: str = "900000006", channel: str = "letter") -> str:
    answer = machine.post("contacts/", {"channel": channel, "party": party})
    assert answer.status_code == 201, answer.json()
    return answer.json()["reference"]


def raised(machine: Machine, **changes: str) -> str:
    contact = opened(machine)
    machine.post(f"contacts/{contact}/choose_reasons/", {"reasons": ["statement"]})
    answer = machine.post(f"contacts/{contact}/create_sr/", {"reason": "statement", "kind": "STATEMENT"} | changes)
    assert answer.status_code == 200, answer.json()
    return answer.json()["reference"]


@pytest.mark.proves("EC-03", "EC-15", "XC-05")
def test_a_letter_is_a_contact_whose_check_is_not_required(post, skerrow):
    answer = post.post("contacts/", {"channel": "letter", "party": "900000006"})

    told = answer.json()
    assert (answer.status_code, answer["Location"]) == (201, f"/api/v1/contacts/{told['reference']}/")
    assert told["party"] == {
        "type": {"code": "employer", "label": "Employer"}, "reference": "900000006", "name": "Skerrow Foods Ltd",
    }  # fmt: skip
    assert (told["state"]["code"], told["security"]["code"]) == ("security_not_required", "not_required")
    assert Contact.objects.get().raised_by == post.person


@pytest.mark.proves("EC-05", "EC-07")
def test_reasons_lead_to_service_requests_which_the_contact_names(post, skerrow):
    contact = opened(post)
    reasons = post.post(f"contacts/{contact}/choose_reasons/", {"reasons": ["statement", "complaint"]})
    assert {one["code"] for one in reasons.json()["reasons"]} == {"statement", "complaint"}

    told = post.post(f"contacts/{contact}/create_sr/", {"reason": "statement", "kind": "STATEMENT"}).json()

    assert (told["kind"]["code"], told["contact"], told["employer"]) == ("STATEMENT", contact, "900000006")
    assert told["activities"][0]["status"]["code"] == "not_started"
    assert told["activities"][-1]["status"]["code"] == "cannot_start_yet"
    read = {one["code"]: one for one in post.get(f"contacts/{contact}/").json()["reasons"]}
    assert read["statement"]["service_requests"] == [told["reference"]]
    assert read["complaint"]["service_requests"] == []


def refusal(answer) -> tuple[int, str, str]:
    told = answer.json()
    return answer.status_code, told["code"], told["detail"]


@pytest.mark.proves("EC-14")
@pytest.mark.parametrize("verb", ["choose_reasons", "create_sr"])
def test_a_call_whose_check_is_not_passed_gets_nothing(post, skerrow, verb):
    contact = opened(post, channel="telephone")
    body = {"choose_reasons": {"reasons": ["statement"]}, "create_sr": {"reason": "statement", "kind": "STATEMENT"}}

    answer = post.post(f"contacts/{contact}/{verb}/", body[verb])

    assert refusal(answer) == (422, "security_required", BEFORE_THE_CHECK)
    assert not ServiceRequest.objects.exists()


@pytest.mark.proves("EC-08")
def test_an_agent_asks_for_nothing_that_only_the_employer_may(post):
    agent = PayrollAgentFactory(**AGENT)
    contact = opened(post, agent.earn)

    answer = post.post(f"contacts/{contact}/choose_reasons/", {"reasons": ["self_service"]})

    assert refusal(answer) == (422, "employer_only", EMPLOYER_ONLY)
    assert answer.json()["errors"][0]["pointer"] == "/reasons"
    noted = post.post(f"contacts/{contact}/refuse_reason/", {"reason": "self_service"})
    assert noted.status_code == 200


@pytest.mark.proves("EC-68")
def test_an_agent_whose_link_has_ended_raises_nothing_about_the_employer(post, skerrow):
    agent = PayrollAgentFactory(**AGENT)
    AgentLinkFactory(employer=skerrow, agent=agent, ends_on=date(2026, 6, 2))
    contact = opened(post, agent.earn)
    post.post(f"contacts/{contact}/choose_reasons/", {"reasons": ["statement"]})

    answer = post.post(
        f"contacts/{contact}/create_sr/", {"reason": "statement", "kind": "STATEMENT", "employer": skerrow.ern}
    )

    assert refusal(answer) == (422, "no_active_link", NO_ACTIVE_LINK)
    assert answer.json()["errors"][0]["pointer"] == "/employer"


@pytest.mark.proves("EC-16", "EC-22")
def test_no_security_question_or_answer_passes_through(skerrow):
    owen = caseworker()
    contact, shut = passed(skerrow, by=owen), failed(by=owen)
    machine = Machine("contacts:read", "contacts:read-all")

    told = [
        machine.get(f"contacts/{one.reference}/{page}").json() for one in (contact, shut) for page in ("", "timeline/")
    ]

    assert told[0]["security"]["code"] == "passed"
    words = json.dumps(told, ensure_ascii=False)
    for held in ("Orla Pettigrew", "payroll@brindlewick.example", "Fax", "Pay date", "Voicemail", "Correct", "Wrong"):
        assert held not in words
    assert machine.post(f"contacts/{contact.reference}/answer_questions/", {}).status_code == 404


def test_a_key_reads_what_it_opened_and_the_rest_by_scope(post, skerrow):
    mine, others = opened(post), ContactFactory().reference

    everything = Machine("contacts:read", "contacts:read-all")

    assert [row["reference"] for row in post.get("contacts/").json()["results"]] == [mine]
    assert post.get(f"contacts/{others}/").status_code == 404
    assert {row["reference"] for row in everything.get("contacts/").json()["results"]} == {mine, others}
    assert everything.post(f"contacts/{mine}/end_call/").json()["code"] == "scope_missing"


def test_contacts_are_listed_by_state_channel_and_party(post, skerrow):
    letter, fax = opened(post), opened(post, channel="fax")
    post.post(f"contacts/{fax}/choose_again/")

    def listed(query: str) -> list[str]:
        return [row["reference"] for row in post.get(f"contacts/?{query}").json()["results"]]

    assert listed("channel=letter") == [letter]
    assert listed("state=started") == [fax]
    assert listed("employer=900000006") == [letter]
    assert set(listed("updated_since=2026-01-01T00:00:00Z")) == {letter, fax}


def test_a_contact_is_finished_with_words_for_the_reason_without_a_request(post, skerrow):
    contact = opened(post)
    post.post(f"contacts/{contact}/choose_reasons/", {"reasons": ["statement"]})
    post.post(f"contacts/{contact}/keep_notes/", {"notes": "They found it"})

    left = post.post(f"contacts/{contact}/finish/", {})
    ended = post.post(f"contacts/{contact}/finish/", {"why_none": {"statement": "It was in the post"}})

    assert (left.status_code, left.json()["errors"][0]["pointer"]) == (422, "/why_none/statement")
    assert (ended.status_code, ended.json()["state"]["code"]) == (200, ContactState.WRAPPED_UP)


@pytest.mark.proves("EC-45")
def test_what_they_will_send_is_named_and_expected_by_the_team(skerrow):
    machine = Machine(*SCOPES, person=integrator(Role.EMPLOYER_PAYMENTS_CASEWORKER))
    MembershipFactory(person=machine.person, unit=team())
    contact = opened(machine)

    bare = machine.post(f"contacts/{contact}/finish/", {"ending": "will_send"})
    sent = {"ending": "will_send", "expected": "expected_post"}
    past = machine.post(f"contacts/{contact}/finish/", {**sent, "expected_on": "2020-01-01"})
    ended = machine.post(f"contacts/{contact}/finish/", sent)

    assert (bare.status_code, bare.json()["errors"][0]["pointer"]) == (422, "/expected")
    assert (past.status_code, past.json()["errors"][0]["pointer"]) == (422, "/expected_on")
    assert ended.json()["ending"]["code"] == "will_send"
    assert FollowUp.objects.get().kind == "expected_post"


def test_a_number_of_a_card_is_refused_by_the_name_of_its_field(post, skerrow):
    answer = post.post(f"contacts/{opened(post)}/keep_notes/", {"notes": "4111 1111 1111 1111"})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/notes")


@pytest.mark.proves("EC-28")
def test_activities_are_completed_in_the_order_of_the_plan_until_the_request_closes(post, skerrow):
    reference = raised(post)
    steps = post.get(f"service-requests/{reference}/").json()["activities"]

    early = post.post(
        f"service-requests/{reference}/complete_step/", {"number": steps[-1]["number"], "words": "All done"}
    )
    for step in steps[:-1]:
        post.post(
            f"service-requests/{reference}/mark_not_needed/", {"number": step["number"], "reason": "Sent already"}
        )
    closed = post.post(
        f"service-requests/{reference}/complete_step/", {"number": steps[-1]["number"], "words": "All done"}
    )

    assert refusal(early)[:2] == (422, "activities_left")
    assert (closed.json()["state"]["code"], closed.json()["case_update"]) == ("completed", "All done")


def test_a_day_goes_with_what_was_done_elsewhere(post, skerrow):
    reference = raised(post)
    step = {"number": 3}

    bare = post.post(f"service-requests/{reference}/complete_step/", step)
    wrong = post.post(f"service-requests/{reference}/complete_step/", step | {"done_on": "3/6/2026"})
    done = post.post(
        f"service-requests/{reference}/complete_step/",
        step | {"done_on": now().date().isoformat(), "reference": "ST-17"},
    )

    assert (bare.status_code, bare.json()["errors"][0]["pointer"]) == (422, "/done_on")
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "/done_on")
    assert done.json()["activities"][2]["reference"] == "ST-17"


def test_only_who_raised_a_request_works_on_it_with_the_scope(post, skerrow):
    reference = raised(post)
    other = Machine("service-requests:read-all", "service-requests:work")

    answer = other.post(f"service-requests/{reference}/start_step/", {"number": 1})

    assert answer.status_code == 403
    assert Machine("service-requests:work").post(
        f"service-requests/{reference}/start_step/", {"number": 1}
    ).status_code == 404  # fmt: skip
    assert post.post(f"service-requests/{reference}/start_step/", {"number": 1}).status_code == 200


def test_a_request_that_changed_meanwhile_is_left_alone_for_who_says_which_version_they_read(post, skerrow):
    reference = raised(post)

    late = post.post(f"service-requests/{reference}/start_step/", {"number": 1}, If_Match='"0"')

    assert late.status_code == 412


def test_a_colleague_who_is_none_is_refused_by_the_name_of_the_field(skerrow):
    machine = Machine(*SCOPES, person=integrator(Role.EMPLOYER_PAYMENTS_CASEWORKER))
    by = actor_for(machine.person, on=now().date())
    contact = with_reason("statement", skerrow, by=by)

    answer = machine.post(f"contacts/{contact.reference}/hand_over/", {"to": machine.person.staff_number})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/to")


@pytest.mark.parametrize("path", ["contacts/", "service-requests/"])
def test_a_longer_page_takes_no_more_queries(path):
    machine = Machine(f"{path[:-1]}:read", f"{path[:-1]}:read-all")
    for _ in range(5):
        ServiceRequestFactory()

    def queries(size: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(machine.get(f"{path}?page_size={size}").json()["results"]) == size
        return len(captured)

    queries(2)

    assert queries(5) == queries(2)


class TestAttaching:
    """A letter about what was asked for before is attached to it, by the rules and in the words of the pages."""

    def test_a_later_contact_is_attached_and_both_name_each_other(self, post, skerrow):
        earlier, contact = raised(post), opened(post)
        post.post(f"contacts/{contact}/choose_reasons/", {"reasons": ["statement"]})

        answer = post.post(
            f"contacts/{contact}/attach_to_request/", {"service_request": earlier, "reason": "statement"}
        )

        assert (answer.status_code, answer.json()["attached_contacts"]) == (200, [contact])
        read = post.get(f"contacts/{contact}/").json()["reasons"][0]
        assert (read["service_requests"], read["attached_to"]) == ([], [earlier])
        assert post.get(f"service-requests/{earlier}/").json()["attached_contacts"] == [contact]
        finished = post.post(f"contacts/{contact}/keep_notes/", {"notes": "Asks again"})
        finished = post.post(f"contacts/{contact}/finish/", {})
        assert finished.json()["state"]["code"] == "wrapped_up"

    @pytest.mark.proves("EC-14")
    def test_a_call_whose_check_is_not_passed_is_attached_to_nothing(self, post, skerrow):
        earlier, contact = raised(post), opened(post, channel="telephone")

        answer = post.post(f"contacts/{contact}/attach_to_request/", {"service_request": earlier})

        assert refusal(answer) == (422, "security_required", BEFORE_THE_CHECK)

    @pytest.mark.proves("EC-08", "EC-68")
    def test_an_agent_is_refused_by_the_names_that_raising_has(self, post, skerrow):
        agent = PayrollAgentFactory(**AGENT)
        link = AgentLinkFactory(employer=skerrow, agent=agent)
        statement, first = raised(post), opened(post)
        post.post(f"contacts/{first}/choose_reasons/", {"reasons": ["update_details"]})
        body = {"reason": "update_details", "kind": "UPDATE_EMPLOYER"}
        closed = post.post(f"contacts/{first}/create_sr/", body).json()["reference"]
        contact = opened(post, agent.earn)
        address = f"contacts/{contact}/attach_to_request/"

        employer_only = post.post(address, {"service_request": closed})
        type(link).objects.update(ends_on=date(2026, 6, 2))
        not_linked = post.post(address, {"service_request": statement})

        assert refusal(employer_only) == (422, "employer_only", EMPLOYER_ONLY)
        assert refusal(not_linked) == (422, "no_active_link", NO_ACTIVE_LINK)
        assert not_linked.json()["errors"][0]["pointer"] == "/service_request"

    def test_one_that_was_cancelled_has_moved_on(self, post, skerrow):
        earlier, contact = raised(post), opened(post)
        post.post(f"service-requests/{earlier}/cancel/", {"reason": "Not wanted"})

        answer = post.post(f"contacts/{contact}/attach_to_request/", {"service_request": earlier})

        status, code, words = refusal(answer)
        assert (status, code) == (409, "moved_on")
        assert words.startswith(f"Raise a new service request: {earlier} was cancelled by")

    def test_one_that_the_key_may_not_see_is_not_there(self, post, skerrow):
        contact = opened(post)
        foreign = ServiceRequestFactory(employer=skerrow)

        answer = post.post(f"contacts/{contact}/attach_to_request/", {"service_request": foreign.reference})

        assert refusal(answer)[:2] == (422, "request_required")


def test_an_agent_is_named_with_the_employer_that_it_asks_about(post, skerrow):
    agent = PayrollAgentFactory(**AGENT)
    link, contact = AgentLinkFactory(employer=skerrow, agent=agent), opened(post, "")
    body = {"party": agent.earn, "about": skerrow.ern}

    told = post.post(f"contacts/{contact}/choose_party/", body).json()
    post.post(f"contacts/{contact}/choose_again/", {})
    type(link).objects.update(ends_on=date(2026, 6, 2))
    answer = post.post(f"contacts/{contact}/choose_party/", body)

    assert (told["party"]["reference"], told["about"]) == (agent.earn, skerrow.ern)
    assert refusal(answer) == (422, "no_active_link", NO_ACTIVE_LINK)
