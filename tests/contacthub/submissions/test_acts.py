"""An act of a record's page: one service, called once for each press, and a refusal that stands on its form."""

import pytest

from contacthub.errors import MovedOn, NotThere, RuleBroken
from contacthub.submissions.acts import Act, on_page
from tests.factories import MORNING, IncidentFactory

pytestmark = pytest.mark.django_db


class Desk:
    """A service that keeps what it is called with, and refuses where it is told to."""

    def __init__(self, record, refusal=None):
        self.record, self.refusal, self.called = record, refusal, []

    def file(self, *, incident_id, reason, by, at):
        if self.refusal:
            raise self.refusal
        self.called.append((incident_id, reason, by, at))
        return self.record


def act_of(desk: Desk, offered: bool = True) -> Act:
    return Act("file", "File it", desk.file, lambda actor, record: offered)


def test_a_second_press_of_the_same_form_does_nothing_more(ana):
    incident = IncidentFactory()
    desk = Desk(incident)
    act = act_of(desk)

    for _ in range(2):
        assert act.press(incident, act.form_for({"key": "a", "reason": "Read"}), by=ana, at=MORNING)

    assert desk.called == [(incident.pk, "Read", ana, MORNING)]


@pytest.mark.parametrize(
    ("refusal", "where", "words"),
    [
        (RuleBroken("Enter why", field="reason"), "reason", "Enter why"),
        (MovedOn("Closed by Bilal", at=MORNING), "__all__", "Closed by Bilal, before you pressed. Nothing was changed"),
    ],
)
def test_a_refusal_stands_on_the_form_and_the_act_is_shown_where_it_is_offered_no_longer(ana, refusal, where, words):
    incident = IncidentFactory()
    act = act_of(Desk(incident, refusal), offered=False)
    form = act.form_for({"key": "a", "reason": "Read"})

    assert not act.press(incident, form, by=ana, at=MORNING)

    assert form.errors == {where: [words]}
    assert [shown["form"] for shown in on_page([act], ana, incident, refused=("file", form))] == [form]
    assert on_page([act], ana, incident) == []


def test_a_record_that_is_no_longer_seen_is_not_there(ana):
    incident = IncidentFactory()
    act = act_of(Desk(incident, NotThere()))

    with pytest.raises(NotThere):
        act.press(incident, act.form_for({"key": "a"}), by=ana, at=MORNING)


def test_an_act_is_sent_to_the_address_of_the_record_with_its_name(ana):
    incident = IncidentFactory()

    shown = on_page([act_of(Desk(incident))], ana, incident)

    assert [(one["label"], one["url"]) for one in shown] == [("File it", f"/jobmatch/{incident.reference}/file/")]
