"""Requests to re-issue a CMSL2040 by REST: the services, rules and words of the pages."""

from __future__ import annotations

import pytest

from contacthub.clock import now
from contacthub.people.roles import Role
from contacthub.people.services import actor_for
from employer_contact.models import MaintenanceCase, ReissueRequest
from tests.contacthub.api.situations import Machine, integrator
from tests.employer_contact.calling import call_from, passed
from tests.employer_contact.test_reissues import NUMBER, ask, case, sunita  # noqa: F401 fixtures
from tests.factories import EmployerFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
SCOPES = ["employers:read", "contacts:read", "reissues:read", "reissues:request", "reissues:decide"]
SENT = {"employer": "900000006", "case": NUMBER, "scenario": "amount_differs", "reason": "188.20 and 170.00"}


@pytest.fixture
def caller(reference) -> Machine:
    """A key that acts as a caseworker of employer payments."""
    return Machine(*SCOPES, person=integrator(Role.EMPLOYER_PAYMENTS_CASEWORKER))


def refusal(answer) -> tuple[int, str, str]:
    told = answer.json()
    return answer.status_code, told["code"], told["detail"]


@pytest.mark.proves("EC-46", "EC-48", "XC-05")
def test_it_is_asked_for_once_and_read_again(caller, skerrow, case):  # noqa: F811
    first, again = (caller.post("reissues/", SENT, key="one") for _ in range(2))

    told = first.json()
    assert (first.status_code, first["Location"]) == (201, f"/api/v1/reissues/{told['reference']}/")
    assert again.json() == told
    assert (told["state"]["code"], told["scenario"]["code"], told["case"]) == ("requested", "amount_differs", NUMBER)
    assert told["owner"]["name"] == "Sunita Rao"
    assert (told["amount"], told["from_month"], told["contact"]) == (None, None, None)
    assert ReissueRequest.objects.count() == 1
    assert caller.get(f"reissues/{told['reference']}/").json() == told
    assert [one["reference"] for one in caller.get("reissues/?scenario=amount_differs").json()["results"]] == [
        told["reference"]
    ]
    assert caller.get("reissues/?scenario=fiu_referral").json()["results"] == []


@pytest.mark.proves("EC-46", "XC-05")
@pytest.mark.parametrize(
    ("sent", "code", "field"),
    [
        ({"scenario": "fourth"}, "scenario_required", "scenario"),
        ({"scenario": ""}, "scenario_required", "scenario"),
        ({"reason": ""}, "reason_required", "reason"),
        ({"case": "999"}, "case_required", "case"),
        ({"employer": "900000009"}, "unknown", "employer"),
        ({"contact": "CT-999999"}, "unknown", "contact"),
    ],
)
def test_what_is_missing_is_refused_by_the_code_of_its_rule(caller, skerrow, case, sent, code, field):  # noqa: F811
    answer = caller.post("reissues/", SENT | sent)

    told = answer.json()
    assert (answer.status_code, told["code"]) == (422, code)
    assert [one["pointer"] for one in told["errors"]] == [f"/{field}"]


@pytest.mark.proves("EC-14")
def test_in_a_call_the_check_comes_first(caller, skerrow, case):  # noqa: F811
    call = call_from(skerrow, by=actor_for(caller.person, on=now().date()))

    answer = caller.post("reissues/", SENT | {"contact": call.reference})

    assert refusal(answer)[:2] == (422, "security_required")


@pytest.mark.proves("EC-14")
def test_a_contact_with_somebody_else_opens_no_way_past_the_check(caller, skerrow, case):  # noqa: F811
    other = passed(EmployerFactory(whole=True), by=actor_for(caller.person, on=now().date()))

    answer = caller.post("reissues/", SENT | {"contact": other.reference})

    assert refusal(answer)[:2] == (422, "other_party")
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/contact"]


def test_of_a_contact_of_somebody_else_another_caseworker_learns_nothing(skerrow, case, owen):  # noqa: F811
    machine = Machine(*SCOPES, person=integrator(Role.CASEWORKER))

    answer = machine.post("reissues/", SENT | {"contact": call_from(skerrow, by=owen).reference})

    assert refusal(answer) == (422, "unknown", "There is no contact of yours with this reference")


def test_the_owner_issues_and_the_requester_withdraws(caller, skerrow, case, owen):  # noqa: F811
    theirs = ask(skerrow, owen)
    assert caller.post(f"reissues/{theirs.reference}/withdraw/", {"reason": "No"}).status_code == 403
    MaintenanceCase.objects.filter(pk=case.pk).update(owner=caller.person)

    missing = caller.post(f"reissues/{theirs.reference}/reissue/", {})
    told = caller.post(f"reissues/{theirs.reference}/reissue/", {"amount": "188.20", "from_month": "2026-07"})

    assert missing.json()["code"] == "amount_required"
    assert (told.json()["state"]["code"], told.json()["amount"], told.json()["from_month"]) == (
        "reissued", "188.20", "2026-07",
    )  # fmt: skip
    late = caller.post(f"reissues/{theirs.reference}/decline/", {"reason": "No"})
    assert late.status_code == 409


def test_a_key_of_the_role_integrator_alone_asks_for_nothing_and_sees_nothing(skerrow, case, owen):  # noqa: F811
    made = ask(skerrow, owen)
    machine = Machine(*SCOPES)

    assert machine.get("reissues/").json()["results"] == []
    assert machine.get(f"reissues/{made.reference}/").status_code == 404
    assert machine.post("reissues/", SENT).status_code == 403


def test_a_scope_opens_what_others_asked_for(skerrow, case, owen):  # noqa: F811
    made = ask(skerrow, owen)

    results = Machine(*SCOPES, "reissues:read-all").get("reissues/").json()["results"]

    assert [one["reference"] for one in results] == [made.reference]
