"""Reply templates of the demo data, added by the Helpdesk lead."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from contacthub.formats import uk_day
from contacthub.people.models import StaffMember
from contacthub.people.services import actor_for
from jobmatch_helpdesk import services

WORDS = Path(settings.BASE_DIR, "fixtures", "demo", "reply_templates.toml")
KEPT_SINCE = timedelta(days=60)


def load_templates(*, at: datetime) -> None:
    then = at - KEPT_SINCE
    lead = actor_for(StaffMember.objects.get(username="helpdesk-lead"), on=uk_day(then))
    for given in tomllib.loads(WORDS.read_text())["template"]:
        services.add_template(wording=services.Wording(**given), by=lead, at=then)
