"""Incidents by REST: the same services, rules and words as the pages."""

from __future__ import annotations

import pytest

from contacthub.cases.models import Event
from contacthub.mail.models import Message
from contacthub.people.models import Unit
from contacthub.people.roles import Role
from jobmatch_helpdesk import services
from jobmatch_helpdesk.models import Incident
from tests.contacthub.api.situations import Machine, integrator
from tests.factories import MORNING
from tests.jobmatch_helpdesk.situations import set_up_inboxes, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
SCOPES = ["incidents:read", "incidents:raise"]
BAKERY = {
    "source": "online_employer",
    "customer_name": "Morfa Bakery",
    "customer_email": "jobs@morfa-bakery.example",
    "topic": "posting",
    "description": "The vacancy does not show",
}


@pytest.fixture
def site() -> Machine:
    """The Universal Jobmatch site, which raises what signed-in people tell."""
    set_up_inboxes()
    return Machine(*SCOPES)


@pytest.mark.proves("XC-05", "UJ-10")
def test_raising_answers_how_it_is_routed_and_why(site):
    answer = site.post("incidents/", BAKERY)

    assert answer.status_code == 201
    incident = Incident.objects.get()
    told = answer.json()
    assert told.pop("due_at").endswith("Z")
    assert told == {
        "reference": incident.reference,
        "version": 1,
        "status": {"code": "received", "label": "Received"},
        "row": "R10",
        "band": {"code": 3, "label": "Standard"},
        "reason": "The address of the employer’s account, because the employer was signed in",
        "reply_to": {"code": "customer", "label": "Customer", "address": "jobs@morfa-bakery.example"},
        "copy": [],
        "callback_queue": None,
        "assigned_to": None,
    }
    assert answer["Location"] == f"/api/v1/incidents/{incident.reference}/"
    assert Message.objects.get().to == "jobs@morfa-bakery.example"
    assert Event.objects.get(kind="submitted").actor_kind == "key"


def test_what_was_raised_can_be_read_with_its_version_as_etag(site):
    raised = site.post("incidents/", BAKERY)

    read = site.get(f"incidents/{raised.json()['reference']}/")

    assert read.status_code == 200
    assert (read.json()["description"], read["ETag"]) == ("The vacancy does not show", raised["ETag"])
    assert site.get(f"incidents/{raised.json()['reference']}/", If_None_Match=read["ETag"]).status_code == 304


def test_same_key_and_body_get_the_first_answer_and_raise_nothing_more(site):
    first = site.post("incidents/", BAKERY, key="k1")
    Incident.objects.update(band=1)

    again = site.post("incidents/", BAKERY, key="k1")

    assert (again.status_code, again.content, again["ETag"]) == (201, first.content, first["ETag"])
    assert Incident.objects.count() == 1


def test_a_repeat_gets_its_answer_where_a_code_that_it_names_is_gone(site):
    told = BAKERY | {"source": "ed", "site": "porth-wen", "customer_type": "employer", "raiser_name": "Moira"}
    told |= {"raiser_email": "m@ed.example"}
    Unit.objects.filter(code="porth-wen").update(kind="ed_site")
    first = site.post("incidents/", told, key="k1")
    Unit.objects.filter(code="porth-wen").update(code="renamed")

    again = site.post("incidents/", told, key="k1")

    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)


def test_same_key_with_another_body_is_refused(site):
    first = site.post("incidents/", BAKERY, key="k1").json()

    again = site.post("incidents/", BAKERY | {"description": "Another"}, key="k1")

    assert again.status_code == 409
    assert (again.json()["code"], again.json()["detail"]) == (
        "sent_before",
        f"You have already sent this: {first['reference']}",
    )


def test_two_keys_may_use_the_same_idempotency_key(site):
    site.post("incidents/", BAKERY, key="k1")

    assert Machine(*SCOPES).post("incidents/", BAKERY, key="k1").status_code == 201


def test_without_an_idempotency_key_nothing_is_raised(site):
    answer = site.client.post("/api/v1/incidents/", BAKERY, content_type="application/json", headers=site._headers({}))

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "idempotency_key_required")
    assert not Incident.objects.exists()


@pytest.mark.proves("UJ-08", "XC-05")
@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"source": "online_jobseeker", "customer_email": ""}, [("/customer_email", "account_email_required")]),
        ({"customer_email": ""}, [("/customer_email", "account_email_required")]),
        (
            {"source": "jd", "customer_email": "", "no_email": True, "raiser_name": "Kofi",
             "raiser_email": "kofi@serco.example", "customer_type": "jobseeker"},
            [("/telephone", "phone_required"), ("/call_required", "call_required_required")],
        ),
        (
            {"source": "ed", "raiser_name": "Moira", "raiser_email": "m@ed.example", "customer_type": "employer"},
            [("/site", "ed_site_required")],
        ),
        (
            {"source": "jobcentre", "customer_type": "employer"},
            [("/raiser_name", "raiser_name_required"), ("/raiser_email", "raiser_email_required"),
             ("/site", "site_required")],
        ),
    ],
)  # fmt: skip
def test_broken_rule_names_each_field_with_its_code(site, changes, errors):
    answer = site.post("incidents/", BAKERY | changes)

    assert answer.status_code == 422
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == errors
    assert not Incident.objects.exists()


@pytest.mark.proves("UJ-12", "UJ-30")
@pytest.mark.parametrize(
    ("source", "unit", "words"),
    [
        ("jobcentre", "ed-telford", "Select the Jobcentre"),
        ("ed", "porth-wen", "Select the Employer Direct site"),
        ("jd", "helpdesk", "Select the contact centre"),
        ("online_employer", "porth-wen",
         "Leave the site out: only what staff of Jobcentres, JD and ED raise has one"),
    ],
)  # fmt: skip
def test_site_is_of_the_kind_of_its_source_as_on_the_page(site, source, unit, words):
    told = BAKERY | {"source": source, "site": unit}
    if source != "online_employer":
        told |= {"customer_type": "employer", "raiser_name": "Moira", "raiser_email": "m@ed.example"}

    answer = site.post("incidents/", told)

    assert answer.status_code == 422
    assert [(error["pointer"], error["detail"]) for error in answer.json()["errors"]] == [("/site", words)]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"customer_type": "jobseeker"}, "/customer_type"),
        ({"no_email": True}, "/no_email"),
        ({"no_email": False, "customer_email": "", "account_from_erm": True}, "/no_email"),
        ({"source": "jd", "escalation_reason": "A threat"}, "/escalated"),
        ({"source": "jd", "risk_kind": "threat"}, "/escalated"),
        ({"source": "jd", "adviser_email": "carys@jobcentre.example"}, "/to_adviser"),
        ({"source": "jd", "to_adviser": True}, "/to_adviser"),
    ],
)
def test_fields_that_contradict_each_other_are_named_and_none_is_overridden(site, changes, pointer):
    answer = site.post("incidents/", BAKERY | changes)

    assert answer.status_code == 400
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, "at_odds")]
    assert not Incident.objects.exists()


def test_what_an_account_says_already_may_be_said_again(site):
    assert site.post("incidents/", BAKERY | {"customer_type": "employer", "no_email": False}).status_code == 201


@pytest.mark.proves("UJ-07")
def test_employer_from_erm_may_have_no_address(site):
    told = BAKERY | {"customer_email": "", "account_from_erm": True, "telephone": "01632 960983"}

    answer = site.post("incidents/", told).json()

    assert (answer["row"], answer["callback_queue"]["code"], answer["reply_to"]["address"]) == (
        "R11",
        "ed_default",
        None,
    )


def test_only_a_member_of_staff_says_that_somebody_is_at_risk(site):
    told = BAKERY | {"source": "jobcentre", "escalated": True, "escalation_reason": "Threat"}

    assert site.post("incidents/", told).status_code == 403


def test_integrator_finds_only_what_its_key_raised(site):
    others = submitted("R14")

    assert site.get(f"incidents/{others.reference}/").status_code == 404
    everything = Machine("incidents:read", "incidents:read-all")
    assert everything.get(f"incidents/{others.reference}/").status_code == 200


def test_scopes_narrow_what_the_roles_allow():
    agent = integrator(Role.HELPDESK_AGENT)
    incident = submitted("R14")
    reader = Machine("incidents:read", person=agent)

    refused = reader.post(f"incidents/{incident.reference}/take/")
    taken = Machine("incidents:work", person=agent).post(f"incidents/{incident.reference}/take/")

    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert (taken.status_code, taken.json()["status"]["code"]) == (200, "assigned")


def test_integrator_without_another_role_does_not_work_on_incidents(site):
    incident = submitted("R14")
    machine = Machine("incidents:work", "incidents:read-all")

    answer = machine.post(f"incidents/{incident.reference}/take/")

    assert (answer.status_code, answer.json()["detail"]) == (
        403,
        "Only the Universal Jobmatch Helpdesk can do this",
    )


def test_who_came_too_late_is_told_who_was_faster():
    incident = submitted("R14")
    machine = Machine("incidents:work", person=integrator(Role.HELPDESK_AGENT))
    machine.post(f"incidents/{incident.reference}/take/")

    answer = machine.post(f"incidents/{incident.reference}/take/")

    assert (answer.status_code, answer.json()["detail"]) == (409, f"Taken by {machine.person.name}")


def test_edit_asks_for_the_version_that_was_read():
    incident = submitted("R14")
    lead = Machine("incidents:lead", person=integrator(Role.HELPDESK_LEAD))
    path, body = f"incidents/{incident.reference}/change_priority/", {"band": 2, "reason": "A minister asks"}

    unsaid = lead.post(path, body)
    late = lead.post(path, body, If_Match='"0"')
    right = lead.post(path, body, If_Match=f'"{incident.version}"')

    assert [unsaid.status_code, late.status_code, right.status_code] == [428, 412, 200]
    assert right.json()["band"] == {"code": 2, "label": "Jobcentre"}


def test_question_about_an_account_goes_to_the_account_not_to_the_machine(site, ana):
    site.post("incidents/", BAKERY)

    assert services.question_goes_to(Incident.objects.get()) == "jobs@morfa-bakery.example"


def test_take_next_with_nothing_waiting_answers_204_and_keeps_nothing():
    machine = Machine("incidents:work", person=integrator(Role.HELPDESK_AGENT))

    assert machine.post("incidents/take_next/", key="k").status_code == 204
    submitted("R14", at=MORNING)
    assert machine.post("incidents/take_next/", key="k").json()["status"]["code"] == "assigned"


def test_facts_that_are_not_sent_stay_as_they_are_and_the_route_is_worked_out_again():
    agent = integrator(Role.HELPDESK_AGENT)
    set_up_inboxes()
    machine = Machine("incidents:work", person=agent)
    incident = submitted("R02", telephone="+441632960983")
    version = machine.post(f"incidents/{incident.reference}/take/")["ETag"]
    body = {"customer_email": "", "no_email": True, "call_required": True, "dwp_user_email": "desk@jobcentre.example"}

    unsaid = machine.post(f"incidents/{incident.reference}/change_facts/", body)
    changed = machine.post(f"incidents/{incident.reference}/change_facts/", body, If_Match=version)

    assert unsaid.status_code == 428
    assert (changed.status_code, changed.json()["row"]) == (200, "R04")
    now_there = Incident.objects.get()
    assert (now_there.telephone, now_there.source, now_there.site) == (incident.telephone, "jobcentre", incident.site)


@pytest.mark.proves("UJ-30")
def test_source_is_not_changed_to_a_jobcentre_without_saying_which():
    set_up_inboxes()
    machine = Machine("incidents:work", person=integrator(Role.HELPDESK_AGENT))
    reference = submitted("R14").reference
    version = machine.post(f"incidents/{reference}/take/")["ETag"]

    def changed(**body):
        body |= {"source": "jobcentre", "customer_type": "jobseeker"}
        return machine.post(f"incidents/{reference}/change_facts/", body, If_Match=version)

    refused = [changed(), changed(site="ed-telford")]
    assert [(answer.status_code, answer.json()["errors"][0]["detail"]) for answer in refused] == [
        (422, "Select the Jobcentre"), (422, "Select the Jobcentre"),
    ]  # fmt: skip
    assert changed(site="porth-wen").json()["row"] == "R02"


def test_helpdesk_escalates_by_rest_and_a_machine_alone_does_not(site):
    told = BAKERY | {
        "source": "jd",
        "customer_type": "employer",
        "raiser_name": "Kofi",
        "raiser_email": "k@serco.example",
    }
    reference = site.post("incidents/", told).json()["reference"]
    body = {"reason": "A threat on the telephone", "who_rang": "Kofi Mensah"}
    lead = Machine("incidents:raise", person=integrator(Role.HELPDESK_LEAD))

    refused = site.post(f"incidents/{reference}/escalate/", body)
    escalated = lead.post(f"incidents/{reference}/escalate/", body)

    assert refused.status_code == 403
    assert (escalated.status_code, escalated.json()["band"]["code"]) == (200, 1)


def test_address_of_a_reply_is_marked_as_dead():
    agent = integrator(Role.HELPDESK_AGENT)
    machine = Machine("incidents:work", person=agent)
    incident = submitted("R14")
    machine.post(f"incidents/{incident.reference}/take/")
    machine.post(f"incidents/{incident.reference}/reply/", {"text": "Save it as a PDF"})
    Message.objects.update(state="accepted", next_attempt_at=None, ended_at=MORNING)

    unknown = machine.post(
        f"incidents/{incident.reference}/mark_address_dead/", {"address": "a@b.example", "reason": "R"}
    )
    dead = machine.post(
        f"incidents/{incident.reference}/mark_address_dead/", {"address": incident.customer_email, "reason": "She rang"}
    )

    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/address")
    assert (dead.status_code, dead.json()["status"]["code"]) == (200, "assigned")


def test_asking_for_the_next_incident_takes_no_fields():
    machine = Machine("incidents:work", person=integrator(Role.HELPDESK_AGENT))

    answer = machine.post("incidents/take_next/", {"band": 1})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/band")
