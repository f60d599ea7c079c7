"""Calls as telephony tells of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import path, reverse
from rest_framework.request import Request
from rest_framework.response import Response

from contacthub.api.base import Answer, Door
from contacthub.api.reference import refers_to
from contacthub.api.schema import described
from contacthub.clock import now
from employer_contact import scopes, services
from employer_contact.identifiers import NOT_MATCHED
from employer_contact.models import Contact, Employer
from employer_contact.serializers.calls import CallShape, Matched, NoticeBody

WORDS = """Tell of a call that comes in
Opens its contact once, nobody's until a caseworker starts it on the page of `screen_pop`. Told of again, the call
answers 200 with the same contact."""
SENT = {"call_id": "a3f1-20261126-0931", "number_keyed": "900000006", "calling_number": "01632 960120"}

refers_to("call_matches", Matched)


class Calls(Door):
    writes = scopes.CALLS

    @described("call_notify", WORDS, tag="Calls", body=NoticeBody, answer=CallShape, status=201, sent=SENT,
               or_known=True)  # fmt: skip
    def post(self, request: Request) -> Response:
        def do() -> Answer:
            contact, is_new = services.notify_call(**self.sent(NoticeBody), by=self.actor, at=now())
            body = told(contact, base=request.build_absolute_uri("/"))
            return Answer(contact.reference, body, 201 if is_new else 200)

        return self.once(do)


def told(contact: Contact, *, base: str) -> dict[str, Any]:
    """Return what telephony hears. Only the employer whose ERN was keyed is a match, as on the page (AMB-10)."""
    keyed = contact.number_keyed
    party = Employer.objects.filter(ern=keyed).first() if keyed else None
    query = urlencode({"ivr": keyed, "call": contact.call_id} if keyed else {"call": contact.call_id})
    return dict(
        CallShape(
            {
                "reference": contact.reference,
                "state": contact.state,
                "match": Matched.EMPLOYER if party else Matched.NOT_MATCHED,
                "party": party,
                "words": NOT_MATCHED if keyed and party is None else "",
                "screen_pop": f"{base.rstrip('/')}{reverse('employers:new_call')}?{query}",
            }
        ).data
    )


urlpatterns: list[Any] = [path("calls/", Calls.as_view(), name="calls")]
