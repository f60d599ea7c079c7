"""The words of the procedure, and what a broken rule says."""

from __future__ import annotations

from typing import NamedTuple

from django.db import models


class Route(models.TextChoices):
    """The team that sends the form, which decides the way it goes; ICE goes as Review does (CF-46, AMB-28)."""

    RESOLUTION = "resolution", "Complaints Resolution"
    REVIEW = "review", "Complaints Review"
    ICE = "ice", "ICE"


class Channel(models.TextChoices):
    """How the complaint was made."""

    TELEPHONE = "telephone", "Telephone"
    LETTER = "letter", "Letter"
    EMAIL = "email", "Email"
    ONLINE = "online", "Online"


class Stage(models.TextChoices):
    """Whether it is the first complaint about the issue: this says by which procedure the case is reviewed (CF-15)."""

    FIRST = "first", "First complaint"
    LATER = "later", "Later complaint about the same issue"

    @property
    def reviewed_under(self) -> str:
        return "Complaint Resolution" if self is Stage.FIRST else "Complaint Review"


class Trigger(models.TextChoices):
    """What led to the complaint (CF-17); more than one may apply, and the last needs words."""

    NOT_CARRIED_OUT = "not_carried_out", "It is clear that actions requested by the client were not carried out"
    INCORRECT = "incorrect_incomplete", "Incorrect or incomplete actions were taken"
    NOT_INFORMED = "not_informed", "Caseworker failed to keep client informed or engage with the client"
    PROMISE = "promise_not_kept", "Caseworkers failed to keep promises made"
    OTHER = "other", "Other"


class Part(models.TextChoices):
    """What somebody is to a form who is sent it. No rank is implied (AMB-31)."""

    TEAM_LEADER = "receiving_team_leader", "Team leader"
    WORKGROUP_MANAGER = "workgroup_manager", "Workgroup manager"
    AREA_MANAGER = "area_manager", "Area manager"
    HEAD_OF_LINE = "head_of_line", "Head of line of business"
    SENIOR_MANAGER = "senior_resolution_manager", "Area senior resolution manager"


class Broken(NamedTuple):
    """A rule that does not hold: what machines know it by, the field it is about, and what to do."""

    code: str
    field: str
    words: str
