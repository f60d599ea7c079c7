from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from contacthub.actor import Actor
from contacthub.clock import now
from contacthub.formats import uk_day
from contacthub.people.services import actor_for


class ActorRequest(HttpRequest):
    """A request whose sender is known as an actor."""

    actor: Actor


def actor(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[ActorRequest], HttpResponse]:
    """Set `request.actor`, read once and only where somebody asks."""

    def middleware(request: ActorRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_for(request.user, on=uk_day(now())))  # type: ignore[assignment]
        return get_response(request)

    return middleware
