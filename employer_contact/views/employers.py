"""Employers: all of them by name, one found by whatever is known of it, and the record of one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from contacthub import keyset
from contacthub.actor import Actor
from contacthub.cases.services import events_about
from contacthub.cases.timeline import entries
from contacthub.clock import now
from contacthub.errors import NotThere
from contacthub.formats import uk_day
from contacthub.people.middleware import ActorRequest
from employer_contact import calling, permissions, planning
from employer_contact.acts import attaching
from employer_contact.forms import SearchForm
from employer_contact.identifiers import EXAMPLES
from employer_contact.models import AgentLink, Employer, EmployerNote, Employment, PayrollAgent
from employer_contact.overview import last_contacts, newest_schedule, open_requests, pages_of, sums_of
from employer_contact.searching import Found, find_parties
from employer_contact.services.grounds import my_contact

PAGE = 50
CHANGES = 10


@require_GET
def employers(request: ActorRequest) -> HttpResponse:
    permissions.require_may_open_accounts(request.actor)
    return _list(request, SearchForm())


@require_http_methods(["GET", "POST"])
def search(request: ActorRequest) -> HttpResponse:
    """Show what the box finds: it is sent by POST, so that no National Insurance number stands in an address."""
    permissions.require_may_open_accounts(request.actor)
    if request.method == "GET":
        return redirect("employers:employers")
    form = SearchForm(request.POST)
    if not form.is_valid():
        return _list(request, form)
    found = find_parties(form.cleaned_data["party"], seen_by=request.actor)
    if found and (only := _only_one(found)):
        return redirect(only)
    jobs = Employment.objects.filter(paying_parent__in=found.parents) if found else Employment.objects.none()
    context = {
        "form": form,
        "found": found,
        "examples": EXAMPLES,
        "parents": list(jobs.select_related("employer", "paying_parent").order_by("name_key", "pk")),
    }
    return render(request, "employer_contact/found.html", context)


@require_GET
def employer(request: ActorRequest, ern: str) -> HttpResponse:
    found = find(request.actor, ern)
    schedule = newest_schedule(found)
    context = of_record(request.actor, found, "Summary", schedule=schedule)
    today = context["today"]
    links = AgentLink.objects.filter(employer=found).select_related("agent").newest_first()[:PAGE]
    context |= {
        "acting": [link for link in links if link.lasts_on(today)],
        "others": [link for link in links if not link.lasts_on(today)],
        "schedule": schedule,
        "sums": sums_of(schedule, request.actor) if schedule else None,
        "requests": open_requests(found, request.actor),
        "contacts": last_contacts(found, request.actor),
        "note": _notes(found).first(),
        "timeline": entries(found, events_about(found)[:CHANGES], words_of=permissions.ACCOUNT_WORDS),
    }
    return show(request, "employer_contact/employer.html", context)


@require_GET
def agents(request: ActorRequest, ern: str) -> HttpResponse:
    """List whoever acts for an employer, or did: the newest first."""
    found = find(request.actor, ern)
    rows = AgentLink.objects.filter(employer=found).select_related("agent")
    page = keyset.page(rows, key=("starts_on", "pk"), asked=request.GET.dict(), size=PAGE, newest_first=True)
    return show(request, "employer_contact/agents.html", {**of_record(request.actor, found, "Agents"), "page": page})


@require_GET
def notes(request: ActorRequest, ern: str) -> HttpResponse:
    found = find(request.actor, ern)
    page = keyset.page(_notes(found), key=("at", "pk"), asked=request.GET.dict(), size=PAGE, newest_first=True)
    return show(request, "employer_contact/notes.html", {**of_record(request.actor, found, "Notes"), "page": page})


def _list(request: ActorRequest, form: SearchForm) -> HttpResponse:
    rows = Employer.objects.visible_to(request.actor)
    page = keyset.page(rows, key=("name_key", "pk"), asked=request.GET.dict(), size=PAGE)
    context = {"page": page, "form": form, "may_call": permissions.may_open_some(request.actor)}
    return render(request, "employer_contact/employers.html", context)


def find(actor: Actor, ern: str) -> Employer:
    """Return the employer, or raise NotThere, also where it is not this person's to see."""
    found: Employer | None = Employer.objects.visible_to(actor).filter(ern=ern).first()
    if found is None:
        raise NotThere
    return found


def of_record(actor: Actor, found: Employer, page: str, **known: Any) -> dict[str, Any]:
    """Return what every page of an employer's record shows; `known` may hold its newest schedule."""
    schedule = known["schedule"] if known else newest_schedule(found)
    moment = now()
    today: date = uk_day(moment)
    pages = pages_of(found, actor, newest=schedule, today=today)
    counts = {link.label: link.count for link in pages}
    return {
        "employer": found,
        "pages": pages,
        "open_now": counts["Service requests"],
        "contact_count": counts["Contacts"],
        "page_label": page,
        **standing(actor, found),
        "today": today,
        "now": moment,
    }


def standing(actor: Actor, party: Employer | PayrollAgent) -> dict[str, Any]:
    """Return whose record it is, what the actor has open with them, whose bar the page carries, and may do there."""
    contact = my_contact(actor, party)
    may_change = permissions.may_change_accounts(actor)
    return {
        **_named(party),
        "contact": contact,
        "steps": calling.steps(contact, "") if contact else [],
        "attach": attaching(actor, contact),
        "may_call": permissions.may_open_some(actor),
        "may_change": may_change,
        "change_url": planning.change_url(actor, party) if may_change else "",
    }


def _named(party: Employer | PayrollAgent) -> dict[str, Any]:
    if isinstance(party, Employer):
        words = ("employer", "Employer Reference Number (ERN)", party.ern)
    else:
        words = ("agent", "Payroll agent, Employer Agent Reference Number (EARN)", party.earn)
    return {"party": party} | dict(zip(("party_word", "known_as", "reference"), words, strict=True))


def show(request: ActorRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Answer with a page of a record, or without its values while a check of the actor's own contact is not passed."""
    contact = context["contact"]
    shut = contact is not None and not contact.is_unlocked
    return render(request, "employer_contact/shut.html" if shut else template, context)


def _notes(found: Employer) -> Any:
    return EmployerNote.objects.filter(employer=found).select_related("by").order_by("-at", "-pk")


def _only_one(found: Found) -> Any:
    """Return the one record that fits whole; several, or near ones, are for people to choose from."""
    parties = [*found.employers, *found.agents]
    return parties[0] if len(parties) == 1 and not (found.near_employers or found.near_agents) else None
