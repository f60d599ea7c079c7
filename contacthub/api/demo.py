"""Keys of the demo data. Nobody knows their secrets: an administrator makes one to try the API with."""

from datetime import datetime, timedelta

from contacthub.api import services
from contacthub.api.scopes import known_scopes
from contacthub.people.models import StaffMember
from contacthub.people.services import actor_for

DAY = timedelta(days=1)


def load(*, at: datetime) -> None:
    site = StaffMember.objects.get(username="integrator")
    made_at = at - 300 * DAY
    by = actor_for(StaffMember.objects.get(username="admin"), on=at.date())

    def make(name: str, scopes: list[str], *, days: int) -> services.Made:
        expires_at = made_at + days * DAY
        return services.make_key(name=name, staff_id=site.pk, scopes=scopes, expires_at=expires_at, by=by, at=made_at)

    raising = ["incidents:raise", "incidents:read", "reference:read"]
    make("Universal Jobmatch site", raising, days=360)
    make("Reports of the department", [*known_scopes()], days=320)
    make("Trial of the site", raising, days=90)
    lost = make("Universal Jobmatch site, before the leak", raising, days=365)
    services.revoke(key_id=lost.key.pk, by=by, at=at - 40 * DAY)
