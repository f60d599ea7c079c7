"""A change of circumstances: lines of one or many paying parents, and names that are not on the schedule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from contacthub.cases.services import events_about
from contacthub.deadlines.models import FollowUp
from contacthub.errors import MovedOn, NotThere, Refused, RuleBroken
from employer_contact import services
from employer_contact.models import ScheduleLine, UnknownName
from employer_contact.security import Check, Grounds
from employer_contact.services import LineUpdate, Reported, Unknown
from employer_contact.services.schedules import reported_of
from tests.employer_contact.calling import passed
from tests.employer_contact.people import CASEWORKER, OTHER, somebody, team
from tests.factories import MORNING, DeoScheduleFactory, EmployerFactory, PayingParentFactory, ScheduleLineFactory

pytestmark = pytest.mark.django_db
PASSED = Grounds(case_id=None, check=Check.PASSED)
LEFT = Reported("left", date(2026, 6, 7))


@pytest.fixture
def owen():
    return somebody(CASEWORKER, unit=team())


@pytest.fixture
def schedule():
    return DeoScheduleFactory(employer=EmployerFactory(ern="900000001"))


def line_of(schedule, name="Gethin Prys-Morgan", **given):
    parent = PayingParentFactory(name=name, reference=given.pop("reference", "121999000017"), **given)
    return ScheduleLineFactory(schedule=schedule, paying_parent=parent)


def change(line, reported=LEFT, seen=None) -> LineUpdate:
    return LineUpdate(line.pk, seen or reported_of(ScheduleLine.objects.get(pk=line.pk)), reported)


def update(schedule, by, *updates, unknown=(), grounds=PASSED):
    return services.update_lines(
        schedule_id=schedule.pk, updates=updates, unknown=unknown, grounds=grounds, by=by, at=MORNING
    )


def told(record) -> list[str]:
    return [event.words.text for event in events_about(record)]


@pytest.mark.proves("EC-35")
def test_one_line_is_changed_with_old_and_new_kept(owen, schedule):
    line = line_of(schedule)

    update(schedule, owen, change(line, replace(LEFT, deducted=Decimal("90.00"))))

    stands = ScheduleLine.objects.get()
    assert (stands.change, stands.effective_on, stands.deducted) == ("left", date(2026, 6, 7), Decimal("90.00"))
    assert told(line) == [
        "Gethin Prys-Morgan (121999000017): nothing reported → Left employment from 7 June 2026, £90.00 deducted"
    ]
    assert told(schedule.employer) == ["June 2026: 1 line"]


@pytest.mark.proves("XC-06")
def test_no_card_number_comes_into_a_line_or_a_name_to_investigate(owen, schedule):
    line, card = line_of(schedule), "Paid by 4111 1111 1111 1111"

    for given in (
        {"updates": [change(line, replace(LEFT, difference_reason=card))]},
        {"updates": [], "unknown": [Unknown(card, "left", date(2026, 6, 1))]},
    ):
        with pytest.raises(RuleBroken, match="Take the card number out") as refused:
            update(schedule, owen, *given.pop("updates"), **given)
        assert refused.value.code == "card_number"
    assert not ScheduleLine.objects.exclude(difference_reason="").exists()
    assert not UnknownName.objects.exists()


@pytest.mark.proves("XC-06")
def test_a_reason_names_nobody_by_the_whole_national_insurance_number(owen, schedule):
    """It stands in the export of the schedule."""
    line = line_of(schedule)

    update(schedule, owen, change(line, replace(LEFT, difference_reason="Paid for QQ 12 34 56 C")))

    assert ScheduleLine.objects.get().difference_reason == "Paid for QQ •• •• 56 C"
    assert "34" not in told(line)[0].partition("→")[2]


@pytest.mark.proves("EC-36")
def test_many_lines_are_changed_each_with_its_own_day(owen, schedule):
    gethin, zoe = line_of(schedule), line_of(schedule, "Zoë Abara", reference="121999000018")

    update(schedule, owen, change(gethin), change(zoe, Reported("absence", date(2026, 6, 9))))

    assert [*ScheduleLine.objects.order_by("pk").values_list("change", "effective_on")] == [
        ("left", date(2026, 6, 7)),
        ("absence", date(2026, 6, 9)),
    ]
    assert told(schedule.employer) == ["June 2026: 2 lines"]


@pytest.mark.proves("EC-36")
def test_a_name_that_is_not_on_the_schedule_is_marked_for_investigation(owen, schedule):
    update(schedule, owen, unknown=[Unknown("Wayne Okafor", "never_worked_here", date(2026, 6, 1))])

    marked = UnknownName.objects.get()
    assert (marked.name, marked.schedule, marked.by_id) == ("Wayne Okafor", schedule, owen.staff_id)
    assert told(marked) == ["Wayne Okafor: Never worked here from 1 June 2026"]


@pytest.mark.parametrize("typed", ["gethin prys-morgan", "Gethin Prŷs Morgan", "1219 9900 0017", "QQ 12 34 17 A"])
def test_a_name_that_is_on_the_schedule_after_all_is_to_be_ticked(owen, schedule, typed):
    line_of(schedule, nino="QQ123417A")

    with pytest.raises(RuleBroken, match=r"Gethin Prys-Morgan is on this schedule\. Tick the line"):
        update(schedule, owen, unknown=[Unknown(typed, "left", date(2026, 6, 1))])

    assert not UnknownName.objects.exists()


@pytest.mark.proves("EC-36")
def test_a_name_to_investigate_stands_on_the_list_of_the_team_until_somebody_has(owen, schedule, reference):
    contact = passed(EmployerFactory(whole=True), by=owen)
    named = [Unknown("Una Rey", "left", date(2026, 6, 1)), Unknown("QQ 12 34 56 C", "left", date(2026, 6, 1))]

    update(schedule, owen, unknown=named, grounds=Grounds(contact.pk, Check.PASSED))

    rows = FollowUp.objects.order_by("pk")
    assert [(row.get_kind_display(), row.words) for row in rows] == [
        ("To investigate", "Una Rey, not on the schedule of June 2026, ERN 900000001"),
        ("To investigate", "QQ •• •• 56 C, not on the schedule of June 2026, ERN 900000001"),
    ]
    assert {(row.case_id, row.unit, row.due_at) for row in rows} == {
        (contact.pk, contact.team, MORNING + timedelta(days=7))
    }


@pytest.mark.parametrize(
    ("reported", "message"),
    [
        (Reported(), "Select what has changed for Gethin Prys-Morgan"),
        (Reported("left"), "Enter the day from which the change holds for Gethin Prys-Morgan"),
    ],
)
def test_a_line_without_a_change_or_its_day_is_refused_and_no_other_is_written(owen, schedule, reported, message):
    gethin, zoe = line_of(schedule), line_of(schedule, "Zoë Abara", reference="121999000018")

    with pytest.raises(RuleBroken, match=message):
        update(schedule, owen, change(zoe), change(gethin, reported))

    assert {*ScheduleLine.objects.values_list("change", flat=True)} == {""}


def test_every_line_that_is_wrong_is_named_at_once(owen, schedule):
    gethin, zoe = line_of(schedule), line_of(schedule, "Zoë Abara", reference="121999000018")

    with pytest.raises(RuleBroken) as refused:
        update(schedule, owen, change(gethin, Reported()), change(zoe, Reported("left")))

    assert [one.code for one in refused.value.all] == ["change_required", "day_required"]


def test_nothing_ticked_and_nobody_named_is_refused(owen, schedule):
    with pytest.raises(RuleBroken, match="Tick at least one paying parent"):
        update(schedule, owen)


def test_a_line_that_somebody_changed_meanwhile_is_shown_as_it_stands(owen, schedule):
    line = line_of(schedule)
    seen = reported_of(line)
    update(schedule, owen, change(line))

    with pytest.raises(MovedOn, match="now says Left employment from 7 June 2026"):
        update(schedule, somebody(CASEWORKER), change(line, Reported("absence", date(2026, 6, 9)), seen=seen))


def test_a_line_of_another_schedule_is_not_there(owen, schedule):
    other = line_of(DeoScheduleFactory())

    with pytest.raises(NotThere):
        update(schedule, owen, change(other))


@pytest.mark.proves("EC-14")
def test_lines_wait_for_the_security_questions(owen, schedule):
    line = line_of(schedule)

    with pytest.raises(RuleBroken, match="Complete the security questions"):
        update(schedule, owen, change(line), grounds=Grounds(None, Check.ASKED_FOR))


def test_other_caseworkers_do_not_change_lines(schedule):
    line = line_of(schedule)

    with pytest.raises(Refused):
        update(schedule, somebody(OTHER), change(line))


@pytest.mark.proves("XC-06")
def test_a_national_insurance_number_that_stands_for_a_name_is_kept_masked(owen, schedule):
    update(schedule, owen, unknown=[Unknown("Una Rey QQ 12 34 56 C", "left", date(2026, 6, 1))])

    marked = UnknownName.objects.get()
    assert marked.name == "Una Rey QQ •• •• 56 C"
    assert told(marked) == ["Una Rey QQ •• •• 56 C: Left employment from 1 June 2026"]
