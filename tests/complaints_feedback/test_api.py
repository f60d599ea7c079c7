"""Feedback forms by REST: that there is one, its state and its deadline, and no word of it."""

import pytest

from tests.complaints_feedback.situations import CAUSE, COMPLAINT, DUE, EVIDENCE, OUTCOME
from tests.contacthub.api.situations import Machine, integrator

pytestmark = pytest.mark.django_db
FIELDS = {
    "reference", "version", "state", "route", "complaint_reference", "started_at", "delivered_at", "due_at", "ended_at",
    "changed_at",
}  # fmt: skip


@pytest.fixture
def machine() -> Machine:
    return Machine("feedback:read", person=integrator())


def test_a_form_shows_its_state_and_its_deadline(world, machine):
    form = world.delivered()

    told = machine.get(f"feedback/{form.reference}/").json()

    assert set(told) == FIELDS
    assert told["state"] == {"code": "delivered", "label": "To be discussed"}
    assert told["due_at"] == DUE.isoformat().replace("+00:00", "Z")


def test_no_word_no_name_and_no_letter_is_told(world, machine):
    form = world.closed()

    told = machine.get(f"feedback/{form.reference}/").content.decode() + machine.get("feedback/").content.decode()

    said = [COMPLAINT.client_discussion, CAUSE.what_happened, EVIDENCE.sr_notes, OUTCOME.changes_agreed, "Reply.pdf"]
    people = [world.person, world.receiver, world.sender, *world.four]
    assert not any(words in told for words in [*said, *(person.name for person in people)])


def test_the_newest_stands_first_and_filters_keep_what_they_say(world, machine):
    first, second = world.started(), world.delivered()

    def references(query: str = "") -> list[str]:
        return [row["reference"] for row in machine.get(f"feedback/{query}").json()["results"]]

    assert references() == [second.reference, first.reference]
    assert references("?state=draft") == [first.reference]
    assert references("?route=ice") == []
    assert references("?page_size=1") == [second.reference]


def test_what_changed_since_a_moment_is_listed(world, machine):
    form = world.started()
    changed = form.changed_at.isoformat().replace("+00:00", "Z")

    assert len(machine.get(f"feedback/?updated_since={changed}").json()["results"]) == 1
    assert machine.get("feedback/?updated_since=2100-01-01T00:00:00Z").json()["results"] == []


def test_a_version_that_is_known_is_not_sent_again(world, machine):
    form = world.started()
    path = f"feedback/{form.reference}/"

    etag = machine.get(path)["ETag"]

    assert machine.get(path, If_None_Match=etag).status_code == 304


def test_a_key_without_the_scope_is_refused(world):
    form = world.started()

    assert Machine("incidents:read", person=integrator()).get(f"feedback/{form.reference}/").status_code == 403
    assert Machine("feedback:read", person=integrator()).get("feedback/CFF-999999/").status_code == 404
