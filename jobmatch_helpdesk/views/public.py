"""Contact Us: a start page, a question a page, the answers to check, and what was sent. Nobody signs in."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from contacthub.actor import PUBLIC
from contacthub.clock import now
from contacthub.errors import DomainError, MovedOn, TooMany
from contacthub.submissions.services import allow, once
from contacthub.ui.errors import too_many
from contacthub.ui.languages import in_their_language
from jobmatch_helpdesk import services
from jobmatch_helpdesk.forms import QUESTIONS, QuestionForm, SendForm, intake_from
from jobmatch_helpdesk.intake import Intake
from jobmatch_helpdesk.models import Incident, Language
from jobmatch_helpdesk.views.answers import Answers
from jobmatch_helpdesk.views.summary import DAYS, summary_of, what_happens

AN_HOUR = timedelta(hours=1)
MOST_AN_HOUR = 10  # from one address
STEPS = list(QUESTIONS)


def in_welsh() -> bool:
    return translation.get_language() == Language.WELSH


@login_not_required
@require_GET
@in_their_language
def contact_us(request: HttpRequest) -> HttpResponse:
    answers = Answers(request.session)
    going_on = f"jobmatch:contact_us_{answers.next or 'check'}" if answers.typed else ""
    context = {"going_on": going_on, "days": DAYS}
    return render(request, "jobmatch_helpdesk/contact_us/start.html", context)


@login_not_required
@require_http_methods(["GET", "POST"])
@in_their_language
def question(request: HttpRequest, *, step: str) -> HttpResponse:
    """Ask one thing, and keep what was typed whatever comes of it (P01, P53)."""
    answers = Answers(request.session)
    if request.method == "GET":
        return _question_page(request, step, QUESTIONS[step](initial=answers.typed.get(step)), answers)
    form = QUESTIONS[step](request.POST)
    key = request.POST.get("key", "")
    if answers.is_sent(key, step, form.typed):
        return redirect("jobmatch:contact_us_sent")
    gone = not answers.typed and step != STEPS[0]
    is_another = answers.is_sent(key)
    answers.keep(step, form.typed, key=key)
    if "lang" in request.POST:
        return redirect(request.path)
    if gone:
        return _question_page(request, step, form, answers, gone=_gone_words(answers, is_another=is_another))
    if form.is_valid():
        return redirect(f"jobmatch:contact_us_{answers.next or 'check'}")
    return _question_page(request, step, form, answers)


def _gone_words(answers: Answers, *, is_another: bool) -> str:
    if is_another and answers.sent:
        return _("Your message %(reference)s is sent.") % {"reference": answers.sent["reference"]}
    return _("Your answers to the other questions are no longer here: they are kept for 12 hours at most.")


def _question_page(
    request: HttpRequest, step: str, form: QuestionForm, answers: Answers, gone: str = ""
) -> HttpResponse:
    before = STEPS.index(step) - 1
    context = {
        "form": form,
        "step": step,
        "key": answers.key,
        "gone": gone,
        "back": f"jobmatch:contact_us_{STEPS[before]}" if before >= 0 else "jobmatch:contact_us",
    }
    return render(request, f"jobmatch_helpdesk/contact_us/{step}.html", context)


@login_not_required
@require_http_methods(["GET", "POST"])
@in_their_language
def check(request: HttpRequest) -> HttpResponse:
    """Show all answers, and send them once."""
    answers = Answers(request.session)
    if request.method == "POST" and answers.is_sent(request.POST.get("key", "")):
        return redirect("jobmatch:contact_us_sent")
    if not answers.typed:
        if request.method == "POST":
            messages.info(request, _("Nothing was sent: your answers are no longer here. Start again"))
        return redirect("jobmatch:contact_us")
    if answers.next:
        return redirect(f"jobmatch:contact_us_{answers.next}")
    intake = intake_from(answers.typed, in_welsh=in_welsh())
    form = SendForm(request.POST or None)
    if form.is_valid() and form.cleaned_data["key"] != answers.key:  # another window gave other answers
        form.add_error(None, _("This page was out of date. Check your answers and press Send"))
    if form.is_valid():
        at = now()
        try:
            _send(request, answers, intake, at=at)
        except TooMany as refusal:
            return too_many(request, refusal, at=at)
        except MovedOn as refusal:
            answers.renew()
            form.add_error(None, f"{refusal.message}. {_('To send these answers as a new message, press Send')}")
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("jobmatch:contact_us_sent")
    context = {"form": form, "key": answers.key, "answers": summary_of(intake)} | what_happens(intake)
    return render(request, "jobmatch_helpdesk/contact_us/check.html", context)


def _send(request: HttpRequest, answers: Answers, intake: Intake, *, at: datetime) -> None:
    reference = once(
        key=answers.key,
        caller=f"public:{request.session.session_key}",
        request=asdict(intake),
        at=at,
        do=lambda: _submit(intake, source=f"contact-us:{request.META['REMOTE_ADDR']}", at=at),
    )
    due_at = Incident.objects.get(case__reference=reference).due_at
    answers.finish(reference=reference, due=due_at.isoformat(), in_welsh=in_welsh())


def _submit(intake: Intake, *, source: str, at: datetime) -> str:
    """Count it only where it is one more: a second press is none."""
    allow(source, limit=MOST_AN_HOUR, per=AN_HOUR, at=at)
    return services.submit(intake, by=PUBLIC, at=at).reference


@login_not_required
@require_GET
@in_their_language
def sent(request: HttpRequest) -> HttpResponse:
    """Show what was sent, from the session: the public sees no record."""
    sent = Answers(request.session).sent
    if sent is None:
        return redirect("jobmatch:contact_us")
    intake = intake_from(sent["typed"], in_welsh=sent["in_welsh"])
    context = {
        "reference": sent["reference"],
        "due_at": datetime.fromisoformat(sent["due"]),
        "answers": summary_of(intake),
    } | what_happens(intake)
    return render(request, "jobmatch_helpdesk/contact_us/sent.html", context)
