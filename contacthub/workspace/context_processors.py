from __future__ import annotations

from typing import Any

from contacthub.actor import ActorKind
from contacthub.clock import now
from contacthub.people.middleware import ActorRequest
from contacthub.people.services import time_left
from contacthub.ui.keys import shortcuts
from contacthub.workspace.doors import apps_first


def head(request: ActorRequest) -> dict[str, Any]:
    """Give every page its head: where this person may go, and who they are."""
    actor = request.actor
    if actor.kind is not ActorKind.STAFF:
        return {"head": {"items": [], "staff": None, "time": None}}
    places = [place for door in apps_first() for place in door.navigation(actor)]
    here = max((place.url for place in places if request.path.startswith(place.url)), key=len, default="")
    items = [
        {
            "label": place.label,
            "url": place.url,
            "count": place.count_words,
            "counted": place.counted,
            "active": place.url == here,
            "key": place.key,
        }
        for place in places
    ]
    time = request.session_time and time_left(request.session_time, at=now())
    return {"head": {"items": items, "staff": request.user, "time": time, "shortcuts": shortcuts(places)}}
