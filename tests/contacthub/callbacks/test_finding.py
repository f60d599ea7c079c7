"""The box in the head finds callbacks of the queues that somebody reads."""

from __future__ import annotations

import pytest

from contacthub.callbacks.models import Callback
from contacthub.people.models import StaffMember
from tests.contacthub.callbacks.situations import asked_for, assessor, team_leader
from tests.contacthub.ui.markup import parse
from tests.jobmatch_helpdesk.situations import set_up_inboxes

pytestmark = pytest.mark.django_db


@pytest.fixture
def callback(ana) -> Callback:
    set_up_inboxes()
    return asked_for(ana)


def sign_in(client, actor) -> None:
    client.force_login(StaffMember.objects.get(pk=actor.staff_id))


def found(client, typed: str) -> dict[str, list[str]]:
    """Return the references on the page by the kind of record."""
    sections = parse(client.get("/search/", {"q": typed}).text).all("section")
    return {
        section.all("caption")[0].text: [row.all("span")[0].text for row in section.all("tr")[1:]]
        for section in sections
        if section.all("caption")
    }


def test_who_is_to_be_rung_is_found_by_name_and_number_in_both_kinds(client, ana, callback):
    sign_in(client, ana)

    for typed in (callback.customer_name.upper(), callback.telephone):
        kinds = found(client, typed)
        assert [*kinds] == ["Incidents found", "Callbacks found"]
        assert kinds["Callbacks found"] == [callback.reference]


def test_a_whole_reference_leads_straight_to_the_call(client, ana, callback):
    sign_in(client, ana)

    typed = callback.reference.lower().replace("-", " ")

    assert client.get("/search/", {"q": typed}).headers["Location"] == callback.get_absolute_url()


def test_the_team_leader_of_the_site_finds_it_and_another_queue_does_not(client, callback):
    sign_in(client, team_leader())
    assert found(client, callback.telephone)["Callbacks found"] == [callback.reference]

    sign_in(client, assessor())
    assert found(client, callback.telephone) == {}


def test_a_number_that_was_changed_is_the_one_that_finds_it(client, ana, callback):
    Callback.objects.filter(pk=callback.pk).update(telephone="+441632960111")
    sign_in(client, ana)

    assert found(client, "01632 960111") == {"Callbacks found": [callback.reference]}


def test_one_kind_alone_can_be_shown(client, ana, callback):
    sign_in(client, ana)

    page = parse(client.get("/search/", {"q": callback.telephone, "kind": "callbacks"}).text).all("main")[0]

    assert [node.text for node in page.all("caption")] == ["Callbacks found"]
    [current] = [link.text for link in page.all("a") if link.attrs.get("aria-current") == "page"]
    assert current.startswith("Callbacks")
