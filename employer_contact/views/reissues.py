"""Requests to re-issue a CMSL2040: asked for from the page of a paying parent, decided by the owner of the case."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contacthub.actor import Actor
from contacthub.cases.timeline import timeline
from contacthub.clock import now
from contacthub.errors import DomainError, MovedOn
from contacthub.formats import uk_day
from contacthub.people.middleware import ActorRequest
from contacthub.submissions.acts import on_page
from contacthub.submissions.services import caller_of, once
from contacthub.ui.forms import show_refusal
from contacthub.ui.listing import shown
from employer_contact import calling, permissions, services
from employer_contact.forms.calls import typed_in
from employer_contact.forms.reissues import ReissueFilterForm, ReissueForm, months_around
from employer_contact.models import CaseActivity, Contact, Employer, MaintenanceCase, PayingParent, ReissueRequest
from employer_contact.reissue_acts import ACTS, BY_NAME, ISSUE
from employer_contact.reissue_listing import EVERY_ORDER, Lists, views_of
from employer_contact.services.grounds import agents_contact, my_contact
from employer_contact.views.employers import find as find_employer
from employer_contact.views.parents import find_parent

PAGE = 50


@require_http_methods(["GET", "POST"])
def request_reissue(request: ActorRequest, ern: str, reference: str) -> HttpResponse:
    """Ask for it: the form, its answers to be checked, and then it is sent."""
    employer, parent = find_employer(request.actor, ern), find_parent(request.actor, ern, reference)
    permissions.require_may_request_reissue(request.actor)
    contact = my_contact(request.actor, employer) or agents_contact(request.actor, employer, on=uk_day(now()))
    if contact and not contact.is_unlocked:
        form = ReissueForm(request.POST, cases=[])
        return redirect(contact) if request.method == "GET" else _shut(request, contact, form)
    cases = list(MaintenanceCase.objects.visible_to(request.actor).of_parent(parent.pk).filter(closed_on=None))
    form = ReissueForm(request.POST or None, cases=cases)
    about = {"employer": employer, "parent": parent, "contact": contact, "cases": cases}
    do = request.POST.get("do", "")
    if not do or do == "change" or not form.is_valid():
        if do == "change":
            form = ReissueForm(initial=request.POST.dict(), cases=cases)
        return _show(request, "reissue_request", form, about)
    if do != "send":
        chosen = next(case for case in cases if case.number == form.cleaned_data["case_number"])
        letter = CaseActivity.objects.cmsl2040().newest_of([chosen.pk], size=1).first()
        return _show(request, "reissue_check", form, about | {"case": chosen, "letter": letter})
    try:
        made = _request_once(form.cleaned_data, employer, contact, by=request.actor, at=now())
    except MovedOn as refusal:
        form.add_error(None, f"{refusal.message}. Nothing was sent")
        form.data = request.POST.dict() | {"key": str(uuid4())}  # sent again on purpose, it is another thing
        return _show(request, "reissue_request", form, about, status=409)
    except DomainError as refusal:
        show_refusal(form, refusal)
        return _show(request, "reissue_request", form, about)
    messages.success(request, f"{made} is sent")
    return redirect("employers:reissue", made)


def _shut(request: ActorRequest, contact: Contact, form: Any) -> HttpResponse:
    """Lead to the call whose check comes first (EC-14); what was typed before it came is shown, to be copied."""
    context = {"contact": contact, "steps": calling.steps(contact, ""), "typed": typed_in(form), "now": now()}
    return render(request, "employer_contact/shut.html", context)


def _request_once(
    given: dict[str, Any], employer: Employer, contact: Contact | None, *, by: Actor, at: datetime
) -> str:
    told = {name: given[name] for name in ("case_number", "scenario", "reason")}
    contact_id = contact.pk if contact else None

    def do() -> str:
        asked = {"employer_id": employer.pk, "contact_id": contact_id, **told}
        return services.request_reissue(**asked, by=by, at=at).reference

    return once(key=given["key"], caller=caller_of(by), request={"reissue": employer.pk, **told}, at=at, do=do)


def _show(
    request: ActorRequest, page: str, form: ReissueForm, about: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "now": now(), **about}
    return render(request, f"employer_contact/{page}.html", context, status=status)


@require_GET
def page(request: ActorRequest, reference: str) -> HttpResponse:
    return _page(request, _find(request.actor, reference))


@require_POST
def act(request: ActorRequest, reference: str, name: str) -> HttpResponse:
    """Re-issue, decline or withdraw; a refusal shows the page again with what was typed."""
    found, chosen, at = _find(request.actor, reference), BY_NAME[name], now()
    form = chosen.form_for(request.POST, months=months_around(uk_day(at)))
    if chosen.press(found, form, by=request.actor, at=at):
        return redirect(found)
    found = _find(request.actor, reference)
    return _page(request, found, refused=(name, form), status=200 if chosen.offered(request.actor, found) else 409)


def _find(actor: Actor, reference: str) -> ReissueRequest:
    found: ReissueRequest = ReissueRequest.objects.whole().with_reference(reference, seen_by=actor)
    return found


def _page(
    request: ActorRequest, found: ReissueRequest, *, refused: tuple[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    at = now()
    months: list[date] = months_around(uk_day(at))
    name, form = refused or ("", None)
    contact = my_contact(request.actor, found.employer)
    if contact and not contact.is_unlocked:
        return _shut(request, contact, form)
    others = on_page(ACTS[1:], request.actor, found, refused=refused)
    issue: Any = form if name == ISSUE.name else None
    if issue is None and ISSUE.offered(request.actor, found):
        issue = ISSUE.form_for(months=months)
    letters = CaseActivity.objects.cmsl2040().newest_of([found.maintenance_case_id], size=5).select_related("employer")
    context = {
        "reissue": found,
        "letters": letters,
        "decides": services.who_decides(found, on=uk_day(at)),
        "issue": issue,
        "acts": others,
        "form": form,
        "timeline": timeline(found, words_of=permissions.REISSUE_WORDS),
        "parent_url": _parent_url(request.actor, found),
        "now": at,
    }
    return render(request, "employer_contact/reissue.html", context, status=status)


def _parent_url(actor: Actor, found: ReissueRequest) -> str:
    """Return the address of the page of the paying parent, where this person may open it."""
    parent, ern = found.maintenance_case.paying_parent, found.employer.ern
    seen = PayingParent.objects.visible_to(actor).filter(pk=parent.pk, employments__employer__ern=ern)
    return reverse("employers:parent", args=[ern, parent.reference]) if seen.exists() else ""


@require_GET
def reissues(request: ActorRequest) -> HttpResponse:
    """List what is asked for, and what one has asked for."""
    actor, moment = request.actor, now()
    if not permissions.may_open_requests(actor) and not ReissueRequest.objects.visible_to(actor).exists():
        raise PermissionDenied("Only caseworkers, and owners of child maintenance cases, see these requests")
    form = ReissueFilterForm(request.GET, views=[*views_of(actor)], orders=EVERY_ORDER)
    form.is_valid()
    lists = Lists(actor, form.asked, moment)
    page = lists.page(cursor=request.GET.dict(), size=PAGE)
    listed = shown(form, lists, page)
    return render(request, "employer_contact/reissues.html", {**listed, "now": moment})
