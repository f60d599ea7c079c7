import pytest

from complaints_feedback.routing import (
    ALL_FOUR,
    MANAGERS,
    area_of,
    goes_by_senior_manager,
    named_by_sender,
    sent_by_senior_manager,
    sent_by_team_leader,
)
from complaints_feedback.terms import Part, Route

FOUR = {Part.TEAM_LEADER, Part.WORKGROUP_MANAGER, Part.AREA_MANAGER, Part.HEAD_OF_LINE}


@pytest.mark.proves("CF-30", "CF-34")
def test_resolution_names_four_people_and_goes_to_them():
    assert {*named_by_sender(Route.RESOLUTION)} == {*sent_by_team_leader(Route.RESOLUTION)} == FOUR
    assert not goes_by_senior_manager(Route.RESOLUTION)


@pytest.mark.proves("CF-31", "CF-36", "CF-46", "AMB-28")
@pytest.mark.parametrize("route", [Route.REVIEW, Route.ICE])
def test_review_and_ice_name_the_team_leader_and_go_to_the_senior_manager(route):
    assert named_by_sender(route) == (Part.TEAM_LEADER,)
    assert sent_by_team_leader(route) == (Part.SENIOR_MANAGER,)
    assert goes_by_senior_manager(route)


@pytest.mark.proves("CF-37", "CF-38", "AMB-29")
def test_the_senior_manager_sends_to_all_four():
    assert {*sent_by_senior_manager()} == FOUR


@pytest.mark.proves("CF-10", "AMB-31")
def test_the_copies_go_to_three_managers():
    assert {*MANAGERS} == FOUR - {Part.TEAM_LEADER}
    assert {*ALL_FOUR} == FOUR


@pytest.mark.proves("AMB-30")
@pytest.mark.parametrize(
    ("person", "sender", "area"), [("North", "South", "North"), (None, "South", "South"), (None, None, None)]
)
def test_the_area_is_the_person_s_and_else_the_sender_s(person, sender, area):
    assert area_of(person=person, sender=sender) == area
