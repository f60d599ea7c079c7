"""Service requests: raised in a call, worked on step by step on their own page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contacthub.actor import Actor
from contacthub.cases.timeline import timeline
from contacthub.clock import now
from contacthub.errors import DomainError
from contacthub.formats import uk_day
from contacthub.mail.services import tell_administrators
from contacthub.people.middleware import ActorRequest
from contacthub.submissions.acts import Act, on_page
from employer_contact import calling, permissions, planning
from employer_contact.acts import ATTACH, attaching
from employer_contact.details import details_of, different
from employer_contact.forms.calls import NotedForm, noted, typed_in
from employer_contact.forms.changing import DetailsForm, LinesForm
from employer_contact.models import (
    Activity,
    Contact,
    Employer,
    PayrollAgent,
    ReasonGiven,
    ScheduleLine,
    ServiceRequest,
    ServiceRequestKind,
)
from employer_contact.plans import Doing
from employer_contact.raising import choosable, open_before, where_next
from employer_contact.request_acts import ACTS, BY_NAME, RAISE, create_act, step_act
from employer_contact.services import choose_reasons
from employer_contact.services.calling_back import number_for
from employer_contact.services.doing import lines_of
from employer_contact.services.grounds import agents_contact, my_contact
from employer_contact.services.schedules import reported_of
from employer_contact.taxonomy import offered
from employer_contact.terms import PartyType
from employer_contact.views.calls import find as find_contact
from employer_contact.views.calls import goes_on, other_ways, pressed
from employer_contact.views.calls import show as show_contact
from employer_contact.views.employers import find as find_employer

ATTACHED_SHOWN = 10
COMPARE = "{}. Compare with what you wrote: if you save again, yours takes its place, and both stay on the timeline"
TICK = "Tick the paying parents whose circumstances have changed"
NOT_TICKED = "This reason is no longer ticked. Nothing was created"


@require_GET
def raising(request: ActorRequest, reference: str, reason: str) -> HttpResponse:
    """Show the form of the request that a reason of one's open call leads to."""
    contact = find_contact(request.actor, reference)
    given = _reason(contact, reason)
    if given is None or not calling.can_reach(contact, "reason") or not goes_on(request.actor, contact):
        return redirect(contact)
    return _show_raising(request, contact, given)


@require_POST
def create(request: ActorRequest, reference: str, reason: str) -> HttpResponse:
    """Create it, then go on with the next reason, or wrap up."""
    contact = pressed(request.actor, reference)
    given = _reason(contact, reason)
    if given is None:
        return _not_ticked(request, reference)
    act, at = create_act(reason), now()
    form: Any = act.form_for(request.POST, choosable=_choosable(request, contact, given, at=at))
    if "show" in request.POST and goes_on(request.actor, contact):
        typed = _as_typed(act, request, contact, given, at=at)
        return _show_raising(request, find_contact(request.actor, reference), given, form=typed)
    made = act.press(contact, form, by=request.actor, at=at)
    if not made:
        return _show_raising(request, find_contact(request.actor, reference), given, form=form)
    kind = next(one for one in form.choosable.kinds if one.code == form.cleaned_data["kind"])
    messages.success(request, f"{made} {kind.name} is created")
    return redirect(*where_next(contact))


@require_POST
def attach(request: ActorRequest, reference: str) -> HttpResponse:
    """Attach the call to a request that stands already, then go on with the next reason, or wrap up."""
    contact = pressed(request.actor, reference)
    given = _reason(contact, request.POST.get("reason", ""))
    sent, at = request.POST.copy(), now()
    # The form of a step may still be sent, or the button of another request pressed.
    sent["key"] = f"{sent.get('key', '')} {ATTACH.name} {sent.get('service_request', '')}".strip()
    form = ATTACH.form_for(sent)
    if ATTACH.press(contact, form, by=request.actor, at=at):
        messages.success(request, f"{contact.reference} is attached to {form.cleaned_data['service_request']}")
        return redirect(*where_next(contact))
    contact = find_contact(request.actor, reference)
    if given and calling.can_reach(contact, "reason") and goes_on(request.actor, contact):
        return _show_raising(request, contact, given, refused=form)
    late = not ATTACH.offered(request.actor, contact)
    page = calling.page_of(contact)
    return show_contact(request, contact, page, form=form, refused=ATTACH.name, status=409 if late else 200)


@require_POST
def raise_for_lines(request: ActorRequest, ern: str, month: date) -> HttpResponse:
    """Show the form of the request for the paying parents that were ticked on a schedule, in one's own call with the
    employer, or with an agent who acts for it.

    Their reason is ticked along with it: a change for one of them, or for several (EC-35, EC-36).
    """
    employer = find_employer(request.actor, ern)
    contact = my_contact(request.actor, employer) or agents_contact(request.actor, employer, on=uk_day(now()))
    if contact is None or not contact.is_unlocked:
        return redirect(contact or employer)
    lines = ScheduleLine.objects.filter(schedule__employer=employer, schedule__month=month).seen_by(request.actor)
    wanted = [int(one) for one in request.POST.getlist("line") if one.isdecimal() and len(one) < 19]
    ticked = list(lines.filter(pk__in=wanted).by_name().values_list("paying_parent__reference", flat=True))
    if not ticked:
        messages.error(request, TICK)
        return redirect("employers:schedule", ern, month)
    code = "change_single" if len(ticked) == 1 else "change_multiple"
    try:
        if not contact.reasons.filter(reason__code=code).exists():
            choose_reasons(contact_id=contact.pk, reasons=[code], by=request.actor, at=now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect(contact)
    contact = find_contact(request.actor, contact.reference)
    given = _reason(contact, code)
    if given is None:
        return _not_ticked(request, contact.reference)
    return _show_raising(request, contact, given, parents=ticked, ern=ern)


def _reason(contact: Contact, code: str) -> ReasonGiven | None:
    given: ReasonGiven | None = contact.reasons.filter(reason__code=code).select_related("reason").first()
    return given


def _not_ticked(request: ActorRequest, reference: str) -> HttpResponse:
    """Show the record with what was typed for a reason that was taken back meanwhile."""
    form = NotedForm(request.POST)
    form.add_error(None, NOT_TICKED)
    contact = find_contact(request.actor, reference)
    return show_contact(request, contact, "contact", form=form, refused="create-sr", status=409)


def _choosable(request: ActorRequest, contact: Contact, given: ReasonGiven, *, ern: str = "", at: datetime) -> Any:
    """Return what there is to choose from: where an agent asks, of the employer sent, or else named before."""
    rows = ServiceRequestKind.objects.of_reasons([given.reason.code]).as_rules()
    kinds = offered(rows, reason=given.reason.code, party=PartyType(contact.party_type))
    asked = request.POST.get("employer", ern or (contact.about.ern if contact.about else ""))
    return choosable(contact, kinds, ern=asked, by=request.actor, on=uk_day(at))


def _as_typed(act: Act, request: ActorRequest, contact: Contact, given: ReasonGiven, *, at: datetime) -> Any:
    """Return the form with what was typed, before anything is checked: another employer was chosen."""
    form = act.form_for(choosable=_choosable(request, contact, given, at=at))
    typed = {name: field for name, field in form.fields.items() if name in request.POST and name != "key"}
    form.initial = {name: field.widget.value_from_datadict(request.POST, {}, name) for name, field in typed.items()}
    return form


def _show_raising(
    request: ActorRequest,
    contact: Contact,
    given: ReasonGiven,
    *,
    form: Any = None,
    refused: Any = None,
    parents: Sequence[str] = (),
    ern: str = "",
) -> HttpResponse:
    """Answer with the form of a request; `refused` is what was sent by a button beside it, `ern` of whom it is."""
    at = now()
    given_to = _choosable(request, contact, given, ern=ern, at=at)
    if not given_to.kinds or not goes_on(request.actor, contact):
        if form is None:
            return redirect(contact)
        return show_contact(request, contact, "contact", form=form, refused="create-sr", status=409)
    if refused is not None:
        form = _as_typed(create_act(given.reason.code), request, contact, given, at=at)
        refused.auto_id = form.auto_id  # where the summary leads to
    elif form is None:
        form = create_act(given.reason.code).form_for(choosable=given_to)
        form.initial = noted(contact) | given_to.ticked(parents)
    context = {
        "contact": contact,
        "given": given,
        "step_form": form,
        "form": refused or (form if form.is_bound else None),
        "kinds": [(one, one.target) for one in given_to.kinds],
        "steps": calling.steps(contact, "request"),
        "related": sorted({name for one in given_to.kinds for name in one.related}),
        "made": list(given.requests.order_by("pk")),
        "attached": [one.request for one in given.attached.select_related("request__case")],
        "before": open_before(given, contact, ern=given_to.employer, by=request.actor),
        "page": "request",
        "now": at,
        **other_ways(request.actor, contact),
    }
    return render(request, "employer_contact/call/request.html", context)


@require_GET
def page(request: ActorRequest, reference: str) -> HttpResponse:
    return _show(request, find(request.actor, reference))


@require_POST
def act(request: ActorRequest, reference: str, name: str) -> HttpResponse:
    """Do something with the request as a whole; a refusal shows its page again with what was typed."""
    found, chosen, at = find(request.actor, reference), BY_NAME[name], now()
    form = chosen.form_for(request.POST, **_handed(request.actor, found, at=at))
    not_set_up = partial(tell_administrators, case=found.case, at=at)
    if chosen.press(found, form, by=request.actor, at=at, not_set_up=not_set_up):
        return redirect(found)
    found = find(request.actor, reference)
    return _show(request, found, refused=(name, form), status=200 if chosen.offered(request.actor, found) else 409)


@require_POST
def step(request: ActorRequest, reference: str, number: int, name: str) -> HttpResponse:
    """Do something with a step of the plan."""
    found, at = find(request.actor, reference), now()
    activity = found.activities.filter(number=number).first()
    if activity is None:
        raise Http404
    chosen = step_act(activity, name)
    form = chosen.form_for(request.POST, **_of_step(found, activity, at=at))
    not_set_up = partial(tell_administrators, case=found.case, at=at)
    if chosen.press(found, form, by=request.actor, at=at, not_set_up=not_set_up):
        return redirect(found)
    found = find(request.actor, reference)
    return _show(request, found, step_refused=(number, name, _seen_now(found, activity, chosen, form, at=at)))


@require_http_methods(["GET", "POST"])
def raise_further(request: ActorRequest, reference: str) -> HttpResponse:
    """Raise a further request out of this one: its kind first, then what that needs."""
    found, at = find(request.actor, reference), now()
    if not RAISE.offered(request.actor, found):
        return redirect(found)
    party = PartyType(found.party_type)
    kinds = [kind for kind in ServiceRequestKind.objects.as_rules() if party in kind.parties]
    chosen = [kind for kind in kinds if kind.code == (request.POST.get("kind") or request.GET.get("kind", ""))]
    context: dict[str, Any] = {"sr": found, "kinds": [(kind, kind.target) for kind in kinds], "now": at}
    if chosen:
        given = choosable(found, chosen, ern=request.POST.get("employer", ""), by=request.actor, on=uk_day(at))
        form = RAISE.form_for(request.POST or None, choosable=given)
        if request.method == "POST" and RAISE.press(found, form, by=request.actor, at=at):
            return redirect(found)
        context |= {"form": form, "chosen": [(kind, kind.target) for kind in chosen]}
    return render(request, "employer_contact/raise_further.html", context)


def find(actor: Actor, reference: str) -> ServiceRequest:
    """Return the request, or raise NotThere, also where it is not this person's to see."""
    rows = ServiceRequest.objects.whole().with_what_it_has()
    found: ServiceRequest = rows.with_reference(reference, seen_by=actor)
    return found


def _handed(actor: Actor, found: ServiceRequest, *, at: datetime) -> dict[str, Any]:
    people = permissions.colleagues(on=uk_day(at)).only("name") if permissions.may_reassign(actor, found) else []
    return {"colleagues": [one for one in people if one.pk != found.owner_id], "number": number_for(found)}


def call_about(actor: Actor, found: ServiceRequest) -> Contact | None:
    """Return the actor's own open contact with a party of this request: one that hides what is held first (EC-14)."""
    calls = [my_contact(actor, party, known=found.contact) for party in (found.employer, found.agent) if party]
    return min(filter(None, calls), key=lambda call: call.is_unlocked, default=None)


def _could_attach(call: Contact | None, found: ServiceRequest, later: Sequence[int]) -> bool:
    """Say if a call stands apart from an open request that it may be about."""
    return call is not None and found.is_open and call.pk not in (found.contact_id, *later)


def _of_step(found: ServiceRequest, activity: Activity, *, at: datetime) -> dict[str, Any]:
    return {
        "today": uk_day(at),
        "others": planning.others_of(found, activity.as_rule) if activity.does == Doing.RAISE else (),
        "links": planning.links_of(found, on=uk_day(at)) if activity.does == Doing.END_LINK else (),
        "ticked": lines_of(found) if activity.does == Doing.UPDATE_LINES else [],
    }


def _step_form(found: ServiceRequest, activity: Activity, name: str, *, at: datetime) -> Any:
    """Return the form of a step as it is opened, with what is held."""
    form = step_act(activity, name).form_for(**_of_step(found, activity, at=at))
    party = _changed(found, activity)
    if party and isinstance(form, DetailsForm):
        held: Any = details_of(party, form.KIND)
        form.initial = form.typed(held) | {"seen": form.sealed(held)}
    return form


def _changed(found: ServiceRequest, activity: Activity) -> Employer | PayrollAgent | None:
    """Return the record that a step changes."""
    return {Doing.CHANGE_EMPLOYER: found.employer, Doing.CHANGE_AGENT: found.agent}.get(Doing(activity.does))


def _seen_now(found: ServiceRequest, activity: Activity, chosen: Act, form: Any, *, at: datetime) -> Any:
    """Return the form to press next: where somebody changed the same meanwhile, one with that seen, which says so."""
    if [*form.errors] != [NON_FIELD_ERRORS]:
        return form
    sent: dict[str, Any] = {}
    if isinstance(form, DetailsForm) and (party := _changed(found, activity)) and "seen" in form.cleaned_data:
        stands: Any = details_of(party, form.KIND)
        sent = _kept_beside(form, stands) if stands != form.cleaned_data["seen"] else {}
    elif isinstance(form, LinesForm):
        seen = {update.line_id: update.seen for update in form.cleaned_data.get("updates", [])}
        lines = lines_of(found)
        if any(line.pk in seen and reported_of(line) != seen[line.pk] for line in lines):
            sent = dict(form.data.items()) | form.seen_now(lines)
    if not sent:
        return form
    again = chosen.form_for(sent, **_of_step(found, activity, at=at))
    again.add_error(None, COMPARE.format(form.non_field_errors()[0]))
    return again


def _kept_beside(sent: DetailsForm, stands: Any) -> dict[str, Any]:
    """Return what a form holds next: what was written in the one that was sent, with what stands now seen."""
    boxes = sent.typed(stands)
    mine = different(sent.cleaned_data["seen"], sent.details)
    kept = {name: sent.data.get(name, "") if name in mine else boxes[name] for name in boxes}
    return {**kept, "seen": sent.sealed(stands), "key": str(sent.of(stands)["key"].value())}


def _show(
    request: ActorRequest,
    found: ServiceRequest,
    *,
    refused: tuple[str, Any] | None = None,
    step_refused: tuple[int, str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    at, actor = now(), request.actor
    contact = call_about(actor, found)
    steps = calling.steps(contact, "") if contact else []
    if contact and not contact.is_unlocked:
        written = step_refused[2] if step_refused else refused[1] if refused else None
        holds_account = isinstance(written, (DetailsForm, LinesForm))  # its boxes say what is hidden here
        typed = [] if holds_account else typed_in(written)
        shut = {"contact": contact, "steps": steps, "typed": typed, "now": at}
        return render(request, "employer_contact/shut.html", shut)
    rows = planning.rows_of(found, actor)
    number, failed, form = step_refused or (0, "", None)
    again = number if failed == "reopen" else request.GET.get("reopen", "")
    shown = planning.open_row(rows, str(number or request.GET.get("activity", "")))
    reopened = next((row for row in rows if str(row.activity.number) == str(again) and row.may_do), None)
    has_boxes = bool(reopened) if failed == "reopen" else bool(shown and shown.activity.number == number)
    parents = list(found.paying_parents.order_by("name_key", "pk")) if found.has_parents else []
    further = list(found.further.all()) if found.has_further else []
    newest = found.attached.prefetch_related("reason__contact__case", "reason__reason", "by").order_by("-pk")
    attached = list(newest[: ATTACHED_SHOWN + 1]) if found.has_attached else []
    later = [one.reason.contact_id for one in attached]
    context: dict[str, Any] = {
        "sr": found,
        "attached": attached[:ATTACHED_SHOWN],
        "more_attached": len(attached) > ATTACHED_SHOWN,
        "attach": attaching(actor, contact) if _could_attach(contact, found, later) else None,
        "opens": planning.opens_beside(found, rows, further=further, parents=parents, attached=later, by=actor),
        "contact": contact,
        "steps": steps,
        "start_key": uuid4(),
        "reopened": reopened,
        "reopen_form": form if failed == "reopen" else reopened and step_act(reopened.activity, "reopen").form_for(),
        "typed": [] if has_boxes else typed_in(form),
        "rows": rows,
        "done": sum(row.is_settled for row in rows),
        "left": planning.left(rows) if found.is_open else [],
        "parents": parents,
        "further": further,
        "timeline": timeline(found, words_of=permissions.REQUEST_WORDS),
        "acts": on_page(ACTS, actor, found, refused=refused, **_handed(actor, found, at=at)),
        "steps_url": f"{found.get_absolute_url()}activities/",
        "raise_url": f"{found.get_absolute_url()}raise/" if RAISE.offered(actor, found) else "",
        "form": form or (refused[1] if refused else None),
        "now": at,
    }
    if shown:
        activity = shown.activity
        context |= {
            "shown": shown,
            "step_forms": {
                each.replace("-", "_"): form
                if has_boxes and failed == each
                else _step_form(found, activity, each, at=at)
                for each in ("complete", "not-needed")
            },
            "complete_label": step_act(activity, "complete").label,
            "to_raise": planning.to_raise(activity.as_rule, PartyType(found.party_type)),
        }
    return render(request, "employer_contact/request.html", context, status=status)
