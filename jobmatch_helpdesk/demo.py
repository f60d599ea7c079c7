"""Incidents of every source, made by the services themselves from the stories of `fixtures/demo/jobmatch/`.

They happen in the order of their moments, so that references, queue and timelines are true. People and employers are
invented.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

from django.conf import settings

from contacthub.actor import CLOCK, PUBLIC
from contacthub.callbacks import services as calls
from contacthub.callbacks.outcomes import Outcome
from contacthub.callbacks.services import open_callback_of
from contacthub.deadlines.calendars import calendar_of
from contacthub.formats import uk_day
from contacthub.people.models import Nation, StaffMember, Unit
from contacthub.people.services import actor_for, units_of
from contacthub.ui.fields import Telephone
from contacthub.workspace.past import let_time_pass, read_notices, send_waiting
from jobmatch_helpdesk import services
from jobmatch_helpdesk.demo_templates import load_templates
from jobmatch_helpdesk.intake import Intake
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.permissions import sources_open_to
from jobmatch_helpdesk.routing import Band, CustomerType, Source
from jobmatch_helpdesk.services.routing_again import reach_of
from jobmatch_helpdesk.stories import SUBMIT, Step, read_stories

STORIES = Path(settings.BASE_DIR, "fixtures", "demo", "jobmatch")
# Who writes without being staff. What comes from an account is handed over by the Universal Jobmatch site.
ONLINE = {
    "public": (PUBLIC, Source.ONLINE_ANONYMOUS),
    "jobseeker": (CLOCK, Source.ONLINE_JOBSEEKER),
    "employer": (CLOCK, Source.ONLINE_EMPLOYER),
}
OF_EMPLOYERS = {Source.ED, Source.ONLINE_EMPLOYER}
OUT_OF_TURN = [
    "I answered the same question this week",
    "I know this fault",
    "Marcus asked me to take it",
    "Goes with another one that I have",
    "Short one, done in a few minutes",
    "I have the log of that account open",
    "Should not wait until tomorrow",
]
# What the staff of a queue do with a call, by the words of the stories.
CALLING: dict[str, Callable[..., Any]] = {
    "take_call": calls.take,
    "allocate_call": calls.allocate,
    "hand_back_call": calls.hand_back,
    "cancel_call": calls.cancel,
    "ring": calls.record_attempt,
}
NUMBER = Telephone(required=False)
UNREAD_FOR = timedelta(hours=8)  # what is older has been read


def load(*, at: datetime) -> None:
    load_templates(at=at)
    calendar = calendar_of(Nation.ENGLAND_AND_WALES).working_time
    History(at).make(read_stories(STORIES, now=at, calendar=calendar))
    read_notices(before=at - UNREAD_FOR)


class History:
    """Makes what happened, a step after the other."""

    def __init__(self, at: datetime) -> None:
        self.now = at
        self.staff = {person.username: person for person in StaffMember.objects.all()}
        self.actors = {name: actor_for(person, on=uk_day(at)) for name, person in self.staff.items()}
        self.units = {unit.code: unit for unit in Unit.objects.all()}
        self.sites = {name: units_of(person, on=uk_day(at)).first() for name, person in self.staff.items()}
        self.incidents: dict[int, Incident] = {}
        self.reasons = cycle(OUT_OF_TURN)

    def make(self, steps: list[Step]) -> None:
        for step in steps:
            let_time_pass(until=step.at)
            incident = self._submit(step) if step.do == SUBMIT else self._go_on(step)
            self.incidents[step.story] = incident
            send_waiting(incident.case, server_said=step.server_said)
        let_time_pass(until=self.now)

    def _submit(self, step: Step) -> Incident:
        if step.by in ONLINE:
            by, source = ONLINE[step.by]
            return services.submit(self._intake(source, step.given), by=by, at=step.at)
        by = self.actors[step.by]
        source = Source(step.given.get("source") or sources_open_to(by)[0])
        given = self._raised_by(step.by) | step.given
        return services.submit(self._intake(source, given), by=by, at=step.at)

    def _raised_by(self, username: str) -> dict[str, Any]:
        person, site = self.staff[username], self.sites[username]
        return {"raiser_name": person.name, "raiser_email": person.email, "site_id": site.pk if site else None}

    def _intake(self, source: Source, given: dict[str, Any]) -> Intake:
        given = {**given, "source": source, "telephone": NUMBER.clean(given.get("telephone", ""))}
        if "site" in given:
            given["site_id"] = self.units[given.pop("site")].pk
        if "follows" in given:
            given["earlier_reference"] = self._of_customer(given.pop("follows")).reference
        if not given.get("own_problem"):
            usual = CustomerType.EMPLOYER if source in OF_EMPLOYERS else CustomerType.JOBSEEKER
            given["customer_type"] = CustomerType(given.get("customer_type", usual))
        return Intake(**given)

    def _of_customer(self, name: str) -> Incident:
        return next(incident for incident in self.incidents.values() if incident.customer_name == name)

    def _go_on(self, step: Step) -> Incident:
        given = dict(step.given)
        if "agent" in given:
            given["agent_id"] = self.staff[given.pop("agent")].pk
        if "band" in given:
            given["band"] = Band(given["band"])
        if step.do == "take":
            given.setdefault("reason", next(self.reasons))
        incident = Incident.objects.get(pk=self.incidents[step.story].pk)
        if step.do in CALLING:
            self._call(incident, step)
            return incident
        if step.do == "change_facts":
            given["telephone"] = NUMBER.clean(given.get("telephone", incident.telephone))
            given = {"reach": replace(reach_of(incident), **given)}
        done: Incident = getattr(services, step.do)(
            incident_id=incident.pk, by=self.actors[step.by], at=step.at, **given
        )
        return done

    def _call(self, incident: Incident, step: Step) -> None:
        """Do something with the open call of an incident."""
        call, given = open_callback_of(incident.case), dict(step.given)
        if call is None:
            raise ValueError(f"{incident.reference} has no open call to {step.do}")
        if "caller" in given:
            given["caller_id"] = self.staff[given.pop("caller")].pk
        if "outcome" in given:
            given["outcome"] = Outcome(given["outcome"])
        CALLING[step.do](callback_id=call.pk, by=self.actors[step.by], at=step.at, **given)
