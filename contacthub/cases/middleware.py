from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from contacthub.actor import request_id as current


def request_id(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give each request an id, which its events carry."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = current.set(str(uuid4()))
        try:
            return get_response(request)
        finally:
            current.reset(token)

    return middleware
