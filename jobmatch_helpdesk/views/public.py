from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import uuid4

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from contacthub.actor import PUBLIC
from contacthub.clock import now
from contacthub.errors import MovedOn
from contacthub.submissions.services import once
from jobmatch_helpdesk import services
from jobmatch_helpdesk.forms import ContactUsForm
from jobmatch_helpdesk.models import Incident

SENT_WORDS = "contact_us_words"
SENT = "contact_us_sent"  # what the public sees of its own message stands in the session


@login_not_required
@require_http_methods(["GET", "POST"])
def contact_us(request: HttpRequest) -> HttpResponse:
    """Take a message. What was just sent is not sent again by Back and Send; other words on a used form may go anew."""
    if not request.session.session_key:
        request.session.create()
    form = ContactUsForm(request.POST or None)
    if form.is_valid():
        words = asdict(form.intake)
        if request.session.get(SENT_WORDS) == words:
            return redirect("jobmatch:contact_us_sent")
        try:
            reference = _submit_once(request, form, at=now())
        except MovedOn as refusal:
            form = ContactUsForm({**request.POST.dict(), "key": str(uuid4())})
            form.add_error(None, f"{refusal.message}. To send these words as a new message, press Send")
        else:
            request.session[SENT] = reference
            request.session[SENT_WORDS] = words
            return redirect("jobmatch:contact_us_sent")
    return render(request, "jobmatch_helpdesk/contact_us.html", {"form": form})


def _submit_once(request: HttpRequest, form: ContactUsForm, *, at: datetime) -> str:
    return once(
        key=form.cleaned_data["key"],
        caller=f"public:{request.session.session_key}",
        request=asdict(form.intake),
        at=at,
        do=lambda: services.submit(form.intake, by=PUBLIC, at=at).reference,
    )


@login_not_required
@require_GET
def contact_us_sent(request: HttpRequest) -> HttpResponse:
    if SENT not in request.session:
        return redirect("jobmatch:contact_us")
    sent = Incident.objects.get(case__reference=request.session[SENT])
    return render(request, "jobmatch_helpdesk/contact_us_sent.html", {"sent": sent})
