"""The roles, the kinds of unit and the posts. What a role may do stands in each app's `permissions.py`."""

from enum import StrEnum

from django.db import models


class Role(StrEnum):
    """The roles of the procedures. Those that are posts follow from the memberships of the day, the others are
    groups of the same name.
    """

    HELPDESK_AGENT = "Helpdesk agent"
    HELPDESK_LEAD = "Helpdesk lead"
    JOBCENTRE_ADVISER = "Jobcentre adviser"
    JD_AGENT = "JD agent"
    JD_QUALITY_ASSESSOR = "JD quality assessor"
    ED_AGENT = "ED agent"
    ED_TEAM_LEADER = "ED team leader"
    EMPLOYER_PAYMENTS_CASEWORKER = "Employer payments caseworker"
    CASEWORKER = "Caseworker"
    WELSH_LANGUAGE_UNIT = "Welsh Language Unit"
    COMPLAINT_TEAM_MEMBER = "Complaint team member"
    TEAM_LEADER = "Team leader"
    WORKGROUP_MANAGER = "Workgroup manager"
    AREA_MANAGER = "Area manager"
    HEAD_OF_LINE = "Head of line of business"
    SENIOR_RESOLUTION_MANAGER = "Area senior resolution manager"
    INTEGRATOR = "Integrator"
    ADMINISTRATOR = "Administrator"


class UnitKind(models.TextChoices):
    """What sort of place or team a unit is."""

    ED_SITE = "ed_site", "Employer Direct (ED) site"
    JOBCENTRE = "jobcentre", "Jobcentre"
    CONTACT_CENTRE = "contact_centre", "Contact centre"
    HELPDESK = "helpdesk", "Helpdesk"
    WELSH_LANGUAGE_UNIT = "welsh_language_unit", "Welsh Language Unit"
    TEAM = "team", "Team"
    WORKGROUP = "workgroup", "Workgroup"
    AREA = "area", "Area"
    LINE_OF_BUSINESS = "line_of_business", "Line of business"


class Post(models.TextChoices):
    """A post that one person at a time holds in a unit."""

    TEAM_LEADER = "team_leader", "Team leader"
    WORKGROUP_MANAGER = "workgroup_manager", "Workgroup manager"
    AREA_MANAGER = "area_manager", "Area manager"
    HEAD_OF_LINE = "head_of_line", "Head of line of business"
    SENIOR_RESOLUTION_MANAGER = "senior_resolution_manager", "Area senior resolution manager"


# The posts that look after a unit of each kind; those of every other kind have a team leader.
POSTS_OF = {
    UnitKind.WORKGROUP: (Post.WORKGROUP_MANAGER,),
    UnitKind.AREA: (Post.AREA_MANAGER, Post.SENIOR_RESOLUTION_MANAGER),
    UnitKind.LINE_OF_BUSINESS: (Post.HEAD_OF_LINE,),
}

# The posts by kind of unit that stand empty where nobody holds them; offices and centres have no leader of their own.
LED = {
    UnitKind.ED_SITE: (Post.TEAM_LEADER,),
    UnitKind.TEAM: (Post.TEAM_LEADER,),
    **POSTS_OF,
}

ROLE_OF_POST = {
    Post.TEAM_LEADER: Role.TEAM_LEADER,
    Post.WORKGROUP_MANAGER: Role.WORKGROUP_MANAGER,
    Post.AREA_MANAGER: Role.AREA_MANAGER,
    Post.HEAD_OF_LINE: Role.HEAD_OF_LINE,
    Post.SENIOR_RESOLUTION_MANAGER: Role.SENIOR_RESOLUTION_MANAGER,
}
MANAGERS = (Role.WORKGROUP_MANAGER, Role.AREA_MANAGER, Role.HEAD_OF_LINE, Role.SENIOR_RESOLUTION_MANAGER)
GROUP_ROLES = frozenset(Role) - {*ROLE_OF_POST.values(), Role.ED_TEAM_LEADER}


def role_of(post: Post, kind: UnitKind) -> Role:
    """Return the role that comes with a post in a unit of this kind: the leader of an ED site has one of its own."""
    if post is Post.TEAM_LEADER and kind is UnitKind.ED_SITE:
        return Role.ED_TEAM_LEADER
    return ROLE_OF_POST[post]


def posts_of(kind: UnitKind) -> tuple[Post, ...]:
    """Return the posts that somebody may hold in a unit of this kind, the one that leads it first."""
    return POSTS_OF.get(kind, (Post.TEAM_LEADER,))


def is_team(kind: UnitKind) -> bool:
    """Tell a team, a site or an office, where people work, from what stands above them."""
    return kind not in POSTS_OF
