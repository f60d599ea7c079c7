"""Callbacks by REST, as a system acts for whoever rings."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from contacthub.callbacks.models import Attempt, Callback, Queue
from contacthub.callbacks.services import change_call
from contacthub.cases.services import lock
from contacthub.people.models import Membership, StaffMember, Unit
from contacthub.people.roles import Post, Role
from tests.contacthub.api.situations import Machine, integrator
from tests.contacthub.callbacks.situations import asked_for
from tests.factories import MORNING, MembershipFactory
from tests.jobmatch_helpdesk.situations import set_up_inboxes
from tests.races import Held, wait_until_blocked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
SCOPES = ["callbacks:read", "callbacks:work", "callbacks:allocate"]


@pytest.fixture
def telford() -> StaffMember:
    """A staff record that leads the ED site Telford, for a key."""
    set_up_inboxes()
    person = integrator()
    MembershipFactory(person=person, unit=Unit.objects.get(code="ed-telford"), post=Post.TEAM_LEADER)
    return person


def test_call_is_taken_rung_and_completed(telford, ana):
    asked_for(ana)
    machine = Machine(*SCOPES, person=telford)

    taken = machine.post("callbacks/take_next/", {"queue": "ed-telford"}).json()
    path = f"callbacks/{taken['reference']}/"
    done = machine.post(f"{path}record_attempt/", {"outcome": "spoke", "words": "Read it out"})

    assert (taken["state"]["code"], taken["words"], taken["allocated_to"]["staff_number"]) == (
        "allocated", "Use another browser", telford.staff_number,
    )  # fmt: skip
    assert (done.status_code, done.json()["state"]["code"]) == (200, "completed")
    [attempt] = machine.get(path).json()["attempts"]
    assert (attempt["outcome"]["code"], attempt["words"]) == ("spoke", "Read it out")
    assert machine.get(f"{path}timeline/").json()["results"][0]["kind"] == "complete"


def test_attempt_sent_twice_counts_once(telford, ana):
    asked_for(ana)
    machine = Machine(*SCOPES, person=telford)
    path = f"callbacks/{machine.post('callbacks/take_next/', {'queue': 'ed-telford'}).json()['reference']}/"

    first = machine.post(f"{path}record_attempt/", {"outcome": "no_answer"}, key="a")
    again = machine.post(f"{path}record_attempt/", {"outcome": "no_answer"}, key="a")

    assert (first.status_code, again.content) == (200, first.content)
    assert Attempt.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"outcome": "spoke"}, 422, "words_required"),
        ({"outcome": "hung_up"}, 400, "invalid_choice"),
        ({"outcome": "ring_later"}, 422, "again_at_required"),
        ({"outcome": "ring_later", "again_at": "tomorrow"}, 400, "invalid"),
    ],
)
def test_attempt_that_misses_something_is_refused_in_words(telford, ana, body, status, code):
    asked_for(ana)
    machine = Machine(*SCOPES, person=telford)
    reference = machine.post("callbacks/take_next/", {"queue": "ed-telford"}).json()["reference"]

    answer = machine.post(f"callbacks/{reference}/record_attempt/", body)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (status, code)
    assert not Attempt.objects.exists()


def test_call_is_given_to_a_colleague_and_handed_back(telford, ana):
    reference = asked_for(ana).reference
    machine = Machine(*SCOPES, person=telford)

    nobody = machine.post(f"callbacks/{reference}/allocate/", {"caller": "nobody"})
    given = machine.post(f"callbacks/{reference}/allocate/", {"caller": telford.staff_number})
    back = machine.post(f"callbacks/{reference}/hand_back/", {"reason": "Ill"})
    cancelled = machine.post(f"callbacks/{reference}/cancel/", {"reason": "The customer rang"})

    assert (nobody.status_code, nobody.json()["errors"][0]["pointer"]) == (400, "/caller")
    assert [one.json()["state"]["code"] for one in (given, back, cancelled)] == ["allocated", "queued", "cancelled"]


def test_queue_of_others_is_not_there(telford, ana):
    callback = asked_for(ana, "jd")
    machine = Machine(*SCOPES, person=telford)

    assert machine.get("callbacks/?queue=jd").status_code == 404
    assert machine.get(f"callbacks/{callback.reference}/").status_code == 404
    assert machine.post("callbacks/take_next/", {"queue": "jd"}).status_code == 404


def test_list_is_that_of_the_page_and_its_queries_do_not_grow(telford, ana):
    machine = Machine(*SCOPES, person=telford)
    first = asked_for(ana).reference

    def listed() -> tuple[list[str], int]:
        with CaptureQueriesContext(connection) as found:
            rows = machine.get("callbacks/?queue=ed-telford&view=unallocated").json()["results"]
        return [row["reference"] for row in rows], len(found)

    listed()  # notes the use of the key
    rows, queries = listed()
    assert rows == [first]
    for _ in range(4):
        asked_for(ana)

    assert (len(listed()[0]), listed()[1]) == (5, queries)
    assert machine.get("callbacks/?queue=ed-telford&view=letters").status_code == 400
    assert machine.get("callbacks/").json()["errors"][0]["parameter"] == "queue"


def test_list_is_kept_to_what_somebody_has(telford, ana):
    mine, _ = asked_for(ana).reference, asked_for(ana)
    machine = Machine(*SCOPES, person=telford)
    machine.post(f"callbacks/{mine}/take/")
    path = "callbacks/?queue=ed-telford&with_whom="

    found = machine.get(f"{path}{telford.staff_number}").json()["results"]
    unknown = machine.get(f"{path}nowhere")

    assert [row["reference"] for row in found] == [mine]
    assert (unknown.status_code, unknown.json()["errors"][0]["detail"]) == (400, "Send nobody, me or a staff number")


def test_changes_of_a_queue_come_in_their_order(telford, ana):
    first, second = asked_for(ana), asked_for(ana)
    machine = Machine(*SCOPES, person=telford)
    machine.post(f"callbacks/{first.reference}/take/")

    page = machine.get("callbacks/?updated_since=2020-01-01T00:00:00Z").json()

    assert [row["reference"] for row in page["results"]] == [second.reference, first.reference]
    assert page["ask_from_next"].endswith("Z")
    assert machine.get(f"callbacks/?updated_since={page['results'][1]['changed_at']}").json()["results"]


def test_what_left_a_queue_is_among_the_changes_with_its_new_one(telford, ana):
    callback = asked_for(ana)
    machine = Machine(*SCOPES, person=integrator(Role.HELPDESK_AGENT))
    since = machine.get("callbacks/?updated_since=2020-01-01T00:00:00Z").json()["ask_from_next"]
    change_call(
        about=callback.about, kind=callback.kind, queue=Queue.objects.get(code="jd"), telephone=callback.telephone,
        language="en", customer_type=callback.customer_type, by=ana, at=MORNING,
    )  # fmt: skip

    [row] = machine.get(f"callbacks/?updated_since={since}").json()["results"]
    of_one_queue = machine.get(f"callbacks/?queue=ed-telford&updated_since={since}")

    assert (row["reference"], row["queue"]) == (callback.reference, "jd")
    assert (of_one_queue.status_code, of_one_queue.json()["errors"][0]["parameter"]) == (400, "queue")


def test_a_repeat_gets_its_answer_where_the_record_is_out_of_sight_by_now(telford, ana):
    callback = asked_for(ana)
    machine = Machine(*SCOPES, person=telford)
    path = f"callbacks/{callback.reference}/cancel/"
    first = machine.post(path, {"reason": "The customer rang"}, key="k1")
    Membership.objects.filter(person=telford).delete()
    assert machine.get(f"callbacks/{callback.reference}/").status_code == 404

    again = machine.post(path, {"reason": "The customer rang"}, key="k1")

    assert (first.status_code, again.status_code, again.content) == (200, 200, first.content)


def test_nothing_to_ring_answers_204(telford):
    assert Machine(*SCOPES, person=telford).post("callbacks/take_next/", {"queue": "ed-telford"}).status_code == 204
    assert not Callback.objects.exists()
    assert Membership.objects.filter(person=telford).exists()


def test_what_callers_wrote_is_for_the_staff_of_the_queue_as_on_the_page(telford, ana):
    reference = asked_for(ana).reference
    staff = Machine(*SCOPES, person=telford)
    staff.post(f"callbacks/{reference}/take/")
    staff.post(f"callbacks/{reference}/record_attempt/", {"outcome": "spoke", "words": "She wept"})
    helpdesk = Machine(*SCOPES, person=integrator(Role.HELPDESK_AGENT))

    told = [machine.get(f"callbacks/{reference}/").json() for machine in (staff, helpdesk)]

    assert [(one["attempts"][0]["words"], one["result"]) for one in told] == [("She wept", "She wept"), ("", "")]
    assert [one["attempts"][0]["outcome"]["code"] for one in told] == ["spoke", "spoke"]


@pytest.mark.django_db(transaction=True)
def test_a_verb_waits_for_the_case_before_it_locks_the_callback(telford, ana):
    callback = asked_for(ana)
    machine = Machine(*SCOPES, person=telford)
    helpdesk = Held(lambda: lock(callback.about_id))
    helpdesk.done.wait(10)

    call = Held(lambda: machine.post(f"callbacks/{callback.reference}/take/"))
    wait_until_blocked()
    with transaction.atomic():
        assert Callback.objects.select_for_update(of=("self",), nowait=True).get(pk=callback.pk)
    helpdesk.commit()
    call.commit()

    assert call.result.status_code == 200
