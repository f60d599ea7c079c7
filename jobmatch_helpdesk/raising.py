"""What the staff form offers to whom, and what would happen with what it says so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from contacthub.actor import Actor
from contacthub.deadlines.working_time import Target
from contacthub.ordering import ByName
from contacthub.people.models import StaffMember, Unit
from contacthub.people.roles import UnitKind
from contacthub.people.services import units_of
from jobmatch_helpdesk import permissions, services
from jobmatch_helpdesk.intake import MISSING_FOR_STAFF, SITE_KINDS, Intake
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.routing import FIRST_REPLY, Band, Route, Source


@dataclass(frozen=True)
class Offered:
    """The sources that somebody may raise an incident from, with the sites of each; `asks_who_rings` where they
    do so for somebody on the telephone.
    """

    sites: dict[Source, list[Unit]]
    asks_who_rings: bool
    name: str
    email: str

    @property
    def sources(self) -> list[Source]:
        return [*self.sites]

    @property
    def only_source(self) -> Source | None:
        return self.sources[0] if len(self.sources) == 1 else None

    def only_site(self, source: Source) -> Unit | None:
        """Return the site where there is no choice."""
        sites = self.sites[source]
        return sites[0] if len(sites) == 1 else None


def offered_to(actor: Actor, person: StaffMember, *, on: date) -> Offered:
    """Return what the person may raise from: their own sites, or all of the kind where nobody has entered theirs."""
    for_others = permissions.may_work_on_incidents(actor)
    every = [*Unit.objects.filter(kind__in=SITE_KINDS.values()).order_by(ByName("name"), "pk")]
    own = [] if for_others else [*units_of(person, on=on)]
    sites = {
        source: _of_kind(own, SITE_KINDS[source]) or _of_kind(every, SITE_KINDS[source])
        for source in permissions.sources_open_to(actor)
    }
    return Offered(sites, for_others, person.name, person.email)


def offered_in_change(*, on: date) -> Offered:
    """Return every source, and every site: what a change of facts may find to be true."""
    sites = Unit.objects.filter(kind__in=SITE_KINDS.values()).order_by(ByName("name"), "pk")
    by_source = {source: _of_kind(sites, SITE_KINDS[source]) if source in SITE_KINDS else [] for source in Source}
    return Offered(by_source, asks_who_rings=True, name="", email="")


def _of_kind(units: Iterable[Unit], kind: UnitKind) -> list[Unit]:
    return [unit for unit in units if unit.kind == kind]


@dataclass(frozen=True)
class Outlook:
    """What would happen with an incident as it is, or is not yet; `missing` says what its row lacks."""

    incident: Incident
    route: Route
    destination: services.Destination
    call: services.Call | None
    missing: tuple[str, ...] = ()

    @property
    def target(self) -> Target:
        return FIRST_REPLY[self.route.band]

    @property
    def band(self) -> Band:
        return self.route.band

    @property
    def words(self) -> str:
        """Say it in a line, for what is shown once it is raised."""
        to = self.destination.address or self.route.row.reply_to.label
        call = f" {self.call.caller}." if self.call and self.call.caller else ""
        return f"The reply goes to {to} ({self.route.row.number}), within {self.target}.{call}"


def outlook(intake: Intake) -> Outlook:
    return _outlook(services.as_incident(intake), intake.route)


def outlook_of(incident: Incident) -> Outlook:
    """Return what happens with an incident by its facts as they stand, saved or not."""
    route = Route(incident.route, Band(incident.band), services.missing_of(incident))
    return _outlook(incident, route, missing_from(incident))


def missing_from(incident: Incident) -> tuple[str, ...]:
    """Say what the row of an incident needs and nobody has given yet."""
    return tuple(MISSING_FOR_STAFF[need][1] for need in services.missing_of(incident))


def _outlook(incident: Incident, route: Route, missing: tuple[str, ...] = ()) -> Outlook:
    call = services.call_of(incident) if incident.needs_call else None
    return Outlook(incident, route, services.destination_of(incident), call, missing)


def helpdesk_telephone() -> str:
    """Return the number that staff at risk call, "" while it is not set."""
    return Unit.objects.filter(code="helpdesk").values_list("telephone", flat=True).first() or ""
