"""Callbacks of incidents, as people of their queues meet them."""

from __future__ import annotations

from contacthub.actor import Actor
from contacthub.callbacks import services
from contacthub.callbacks.models import Callback
from contacthub.callbacks.services import open_callback_of
from contacthub.people.roles import Post, Role
from jobmatch_helpdesk import services as helpdesk
from jobmatch_helpdesk.models import Incident
from tests.jobmatch_helpdesk.situations import LATER, colleague, given_to

ROW_OF = {"ed-telford": "R09", "jd": "R07", "porth-wen": "R04"}


def asked_for(agent: Actor, queue: str = "ed-telford", **changes) -> Callback:
    """Return the callback of an incident that the agent has answered, in a queue of this name."""
    incident = given_to(agent, ROW_OF[queue], **changes)
    helpdesk.reply(incident_id=incident.pk, text="Use another browser", by=agent, at=LATER)
    callback = open_callback_of(incident.case)
    assert callback
    return callback


def incident_of(callback: Callback) -> Incident:
    return Incident.objects.get(pk=callback.about_id)


def fresh(callback: Callback) -> Callback:
    return Callback.objects.get(pk=callback.pk)


def team_leader(site: str = "ed-telford") -> Actor:
    return colleague(None, site, post=Post.TEAM_LEADER, name="Graham Sallow")


def assessor() -> Actor:
    return colleague(Role.JD_QUALITY_ASSESSOR, "jd", name="Yusuf Demir")


def taken(agent: Actor, caller: Actor, queue: str = "ed-telford") -> Callback:
    callback = asked_for(agent, queue)
    return services.take(callback_id=callback.pk, by=caller, at=LATER)
