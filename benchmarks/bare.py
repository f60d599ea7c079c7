"""What raising an incident by REST could cost at least: a bare view that makes the same rows in one transaction."""

from __future__ import annotations

import json
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from contacthub.api.base import LIMIT_PER
from contacthub.api.models import KeptAnswer
from contacthub.cases.models import Case, Event, EventWords
from contacthub.clock import now
from contacthub.deadlines.models import Deadline
from contacthub.mail.models import Mailbox, Message
from contacthub.submissions.models import Submission, Visits
from jobmatch_helpdesk.models import Incident

CALLER = "key:bare"
BODY = "The Universal Jobmatch Helpdesk will reply within 3 working days.\n\n" * 8


@csrf_exempt
@login_not_required
@require_POST
@transaction.atomic
def create(request: HttpRequest) -> JsonResponse:
    """Make what the endpoint makes, asking nothing, from the same body."""
    told, at, key = json.loads(request.body), now(), str(uuid4())
    with connection.cursor() as cursor:
        cursor.execute("select nextval('reference_uj')")
        reference = f"UJ-{cursor.fetchone()[0]:06}"
    case = Case.objects.create(kind="incident", reference=reference)
    incident = Incident.objects.create(
        case=case,
        channel="api",
        row="R13",
        band=3,
        customer_type="jobseeker",
        received_at=at,
        due_at=at,
        **told,
    )
    event = Event.objects.create(
        case=case, subject_label=incident._meta.label_lower, subject_id=incident.pk, kind="submitted",
        actor_kind="key", at=at, after="received",
    )  # fmt: skip
    EventWords.objects.create(event=event, text="Routed R13, band Standard, reply due in 3 working days")
    Deadline.objects.create(
        case=case, kind="first_reply", working_days=3, set_at=at, due_at=at, told_until=at, next_step_at=at
    )
    Message.objects.create(
        case=case, mailbox=Mailbox.objects.get(code="helpdesk"), from_name="Helpdesk",
        from_address="helpdesk@contacthub.example", to=told["customer_email"], subject=f"Received, {reference}",
        body=BODY, message_id=f"<{key}@contacthub.example>", queued_at=at, next_attempt_at=at,
    )  # fmt: skip
    answer = {"reference": reference, **told}
    Submission.objects.create(caller=CALLER, key=key, request_hash=key, answer=reference, at=at)
    KeptAnswer.objects.create(caller=CALLER, key=key, status=201, headers={}, body=json.dumps(answer), at=at)
    Visits.objects.count_visit(CALLER, limit=settings.API_LIMIT, per=LIMIT_PER, at=at)
    return JsonResponse(answer, status=201)
