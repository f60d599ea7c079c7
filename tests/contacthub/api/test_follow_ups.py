"""Letters to send and their like by REST: listed by due, ticked off once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contacthub.cases.models import Event
from contacthub.deadlines.models import FollowUp, FollowUpKind
from contacthub.deadlines.services import expect
from contacthub.deadlines.working_time import Target
from contacthub.people.models import Unit
from tests.contacthub.api.situations import Machine, integrator
from tests.factories import MORNING, IncidentFactory, MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def machine() -> Machine:
    person = integrator()
    MembershipFactory(person=person, unit=Unit.objects.get(code="jd"))
    return Machine("follow-ups:read", "follow-ups:settle", person=person)


def to_send(unit: str = "jd", *, by, kind: FollowUpKind = FollowUpKind.LETTER, days: int = 1) -> FollowUp:
    case, words = IncidentFactory().case, "Letter to Gwen"
    given = {"unit": Unit.objects.get(code=unit), "words": words, "target": Target(working_days=1)}
    expect(case=case, kind=kind, needs_words=kind != "letter", **given, by=by, at=MORNING + timedelta(days=days))
    return FollowUp.objects.get(case=case)


def test_those_of_its_units_are_listed_what_is_due_first(machine, ana):
    later, first = to_send(by=ana, days=2), to_send(by=ana, kind=FollowUpKind.POST)
    to_send("ed-telford", by=ana)

    def ids(query: str = "") -> list[int]:
        return [row["id"] for row in machine.get(f"follow-ups/{query}").json()["results"]]

    assert ids() == [first.pk, later.pk]
    assert [row["needs_words"] for row in machine.get("follow-ups/").json()["results"]] == [True, False]
    assert ids("?kind=letter") == [later.pk]
    assert ids("?page_size=1") == [first.pk]


def test_one_is_ticked_off_once_and_leaves_the_list(machine, ana):
    letter = to_send(by=ana)
    path = f"follow-ups/{letter.pk}/settle/"

    done = machine.post(path, {"done_on": "2026-06-04"}, key="k1")
    again = machine.post(path, {"done_on": "2026-06-04"}, key="k1")
    other = machine.post(path, {"done_on": "2026-06-04"})

    assert (done.status_code, done.json()["done_on"], done.json()["about"]) == (200, "2026-06-04", str(letter.case))
    assert (again.content, other.status_code) == (done.content, 409)
    assert machine.get("follow-ups/").json()["results"] == []
    assert Event.objects.get(kind="settled").actor_kind == "key"


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 422), ({"done_on": "2999-01-01"}, 422), ({"done_on": "4 June"}, 400), ({"done_on": 5}, 400)],
)
def test_the_day_or_words_are_asked_for(machine, ana, body, status):
    answer = machine.post(f"follow-ups/{to_send(by=ana).pk}/settle/", body)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (status, "/done_on")


def test_words_are_asked_for_where_the_day_says_too_little(machine, ana):
    answer = machine.post(f"follow-ups/{to_send(by=ana, kind=FollowUpKind.POST).pk}/settle/", {"done_on": "2026-06-04"})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/words")


def test_another_units_is_not_there(machine, ana):
    letter = to_send("ed-telford", by=ana)

    assert machine.post(f"follow-ups/{letter.pk}/settle/", {"words": "No address"}).status_code == 404
