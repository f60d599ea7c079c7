"""Who is sent a form, and in which order (CF-30, CF-31, CF-34 to CF-38, AMB-28 to AMB-30)."""

from __future__ import annotations

from typing import TypeVar

from complaints_feedback.terms import Part, Route
from contacthub.people.roles import Post

ALL_FOUR = (Part.TEAM_LEADER, Part.WORKGROUP_MANAGER, Part.AREA_MANAGER, Part.HEAD_OF_LINE)
MANAGERS = ALL_FOUR[1:]  # who get a copy once part 2 is complete (CF-10)
# The post that gives somebody their part in a form.
POST_OF = {
    Part.TEAM_LEADER: Post.TEAM_LEADER,
    Part.WORKGROUP_MANAGER: Post.WORKGROUP_MANAGER,
    Part.AREA_MANAGER: Post.AREA_MANAGER,
    Part.HEAD_OF_LINE: Post.HEAD_OF_LINE,
    Part.SENIOR_MANAGER: Post.SENIOR_RESOLUTION_MANAGER,
}
Area = TypeVar("Area")


def goes_by_senior_manager(route: Route) -> bool:
    """Say if the area senior resolution manager confirms the managers before anybody is sent the form."""
    return route is not Route.RESOLUTION


def named_by_sender(route: Route) -> tuple[Part, ...]:
    """Return whom the sender identifies: Resolution all four, Review and ICE the team leader alone (CF-30, CF-31)."""
    return (Part.TEAM_LEADER,) if goes_by_senior_manager(route) else ALL_FOUR


def sent_by_team_leader(route: Route) -> tuple[Part, ...]:
    """Return who gets the form as the sending team leader sends it on (CF-34, CF-36)."""
    return (Part.SENIOR_MANAGER,) if goes_by_senior_manager(route) else ALL_FOUR


def sent_by_senior_manager() -> tuple[Part, ...]:
    """Return who gets it as the area senior resolution manager does: the team leader too (CF-38, AMB-29)."""
    return ALL_FOUR


def area_of(*, person: Area | None, sender: Area | None) -> Area | None:
    """Return whose senior resolution manager confirms: where the person works now, else the sender's area (AMB-30)."""
    return person if person is not None else sender
