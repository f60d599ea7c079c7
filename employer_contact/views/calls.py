"""The steps of a call: each page has the same bar, the same notes and the form of its step; an act answers a POST."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST
from django_fsm import can_proceed

from contacthub import keyset
from contacthub.actor import Actor
from contacthub.callbacks.models import Queue
from contacthub.callbacks.services import open_callback_of
from contacthub.cases.timeline import timeline
from contacthub.clock import now
from contacthub.errors import DomainError, MovedOn
from contacthub.formats import moment, uk_day
from contacthub.mail.services import tell_administrators
from contacthub.people.middleware import ActorRequest
from contacthub.submissions.acts import Act
from contacthub.ui.listing import link
from employer_contact import calling, permissions, services
from employer_contact.acts import BY_NAME
from employer_contact.forms.calls import NOTED, KeptNotesForm, PartyForm, noted, typed_in
from employer_contact.identifiers import EXAMPLES, NOT_MATCHED
from employer_contact.identifying import identity_emails
from employer_contact.models import Contact, Employer, PayrollAgent
from employer_contact.noting import digest
from employer_contact.raising import next_to_raise, where_next
from employer_contact.searching import find_parties, match_number_keyed
from employer_contact.security import BEFORE_THE_CHECK, AfterFailure, Check, Outcome
from employer_contact.services.grounds import my_contact
from employer_contact.taxonomy import EMPLOYER_ONLY
from employer_contact.terms import Ending, Fallback
from employer_contact.wrap_up import field_of

# The form of each page, and where one goes on from an act that leads on; else where the contact stands.
FORM_OF = {
    "party": "choose-party",
    calling.IDENTITY: "identity-email/send",
    "security": "answer",
    "failed": "finish",
    "reason": "choose",
    "wrap_up": "finish",
}
THEN = {
    "identity-email/offer": calling.IDENTITY,
    "identity-email/send": calling.IDENTITY,
    "identity-email/fallback": "wrap_up",
    "choose": "wrap_up",
    "refuse": "wrap_up",
    "take-back": "reason",
    "end-call": "wrap_up",
}
ON_REASONS = ("take-back", "refuse")
ON_IDENTITY = ("identity-email/offer", "identity-email/content", "identity-email/fallback")
LINKED_SHOWN = 50
# The page that an act of no form of its own belongs to.
PAGE_OF = dict.fromkeys(ON_REASONS, "reason") | dict.fromkeys(ON_IDENTITY, calling.IDENTITY)
# Those whose form has the boxes of the page's own.
SAME_BOXES = {calling.IDENTITY: ("identity-email/fallback",)}
# By a button that sends the form of the page to another address.
BESIDE = (*ON_REASONS, *ON_IDENTITY, "choose-again", "end-call", "lost", "hand-over", "keep-notes", "welsh")


@require_GET
def contact(request: ActorRequest, reference: str) -> HttpResponse:
    """Show the record; one's own that is open goes on at its step."""
    found = find(request.actor, reference)
    if goes_on(request.actor, found):
        return redirect(f"employers:{calling.page_of(found)}", found.reference)
    return show(request, found, "contact")


@require_GET
def step(request: ActorRequest, reference: str, page: str) -> HttpResponse:
    found = find(request.actor, reference)
    if not goes_on(request.actor, found):
        return redirect(found)
    if not calling.can_reach(found, page):
        return redirect(f"employers:{calling.page_of(found)}", found.reference)
    return show(request, found, page)


@require_POST
def search(request: ActorRequest, reference: str) -> HttpResponse:
    """Look for the party: by POST, since a name or a number in an address stays in logs."""
    return show(request, find(request.actor, reference), "party", form=PartyForm(request.POST))


@require_POST
def act(request: ActorRequest, reference: str, name: str) -> HttpResponse:
    """Do one of the acts; a refusal shows its page again with what was typed."""
    found, chosen, at = pressed(request.actor, reference), BY_NAME[name], now()
    form = chosen.form_for(_sent(request, name), **_handed(chosen, found, at))
    not_set_up = partial(tell_administrators, case=found.case, at=at)
    if chosen.press(found, form, by=request.actor, at=at, not_set_up=not_set_up):
        return _go_on(request, pressed(request.actor, reference), name)
    found = find(request.actor, reference)
    page = next((page for page, of in FORM_OF.items() if of == name), PAGE_OF.get(name, ""))
    page = page if page and calling.can_reach(found, page) else calling.page_of(found)
    late = not chosen.offered(request.actor, found)
    return show(request, found, page, form=form, refused=name, status=409 if late else 200)


@require_POST
def keep_notes(request: ActorRequest, reference: str) -> HttpResponse:
    """Keep notes: as they are typed, for the script of the page, or by a button where there is none."""
    if "page" in request.POST or "words" not in request.POST:
        return act(request, reference, "keep-notes")
    found, sent, at = pressed(request.actor, reference), KeptNotesForm(request.POST), now()
    if not sent.is_valid():
        return JsonResponse({"why": next(iter(sent.errors.values()))[0]}, status=422)
    words, seen = sent.cleaned_data["words"], sent.cleaned_data["notes_seen"]
    try:
        kept = services.keep_notes(contact_id=found.pk, **words, notes_seen=seen, by=request.actor, at=at)
    except MovedOn as refusal:
        return JsonResponse({"why": refusal.message}, status=409)
    except DomainError as refusal:
        return JsonResponse({"why": refusal.message}, status=422)
    stands = {"caller_name": kept.caller_name, "notes": kept.notes}
    told: dict[str, Any] = {"kept_at": at.isoformat(), "words": moment(at, at), "notes_seen": digest(**stands)}
    if stands != words:
        told["stands"] = stands
    return JsonResponse(told)


def _sent(request: ActorRequest, name: str) -> QueryDict:
    """Return what was sent; a button beside the form has a key of its own, for the form may still be sent (`once`)."""
    sent = request.POST.copy()
    if name in BESIDE and sent.get("key"):
        sent["key"] = f"{sent['key']} {name}"
    return sent


def find(actor: Actor, reference: str) -> Contact:
    """Return the contact, or raise NotThere, also where it is not this person's to see."""
    found: Contact = Contact.objects.with_party().with_reference(reference, seen_by=actor)
    return found


def pressed(actor: Actor, reference: str) -> Contact:
    """Return the contact as an act needs it, without the party and the people that its pages show: Postgres takes
    longer to plan that one statement than to run all others. Raises what `find` raises.
    """
    found: Contact = Contact.objects.with_reference(reference, seen_by=actor)
    return found


def goes_on(actor: Actor, found: Contact) -> bool:
    """Say if it is open and the actor's own."""
    return found.is_open and permissions.owns(actor, found)


def _handed(chosen: Act, found: Contact, at: datetime) -> dict[str, Any]:
    """Return what the form of an act is built from."""
    of: dict[str, Callable[[], Any]] = {
        "questions": lambda: calling.still_open(calling.questions_of(found)),
        "prefers_fax": lambda: partial(calling.prefers_fax, found),
        "choices": calling.all_reasons,
        "given": lambda: calling.given_reasons(found),
        "numbers": lambda: list(services.held_numbers(found.party)) if found.security == Check.FAILED else [],
        "failed": lambda: found.security == Check.FAILED,
        "identified": lambda: bool(found.party_type),
        "expects": lambda: bool(found.party_type) and not found.identity_fallback,
        "colleagues": lambda: calling.colleagues_of(found, on=uk_day(at)),
    }
    return {name: of[name]() for name in chosen.needs}


def _go_on(request: ActorRequest, found: Contact, name: str) -> HttpResponse:
    """Go to what comes after an act that was done."""
    if name in ("finish", "welsh"):
        messages.success(request, f"{found.reference} {_what_follows(found, name)}")
        if request.POST.get("then") == "home":
            return redirect("home")
        queues = Queue.objects.visible_to(request.actor)  # who was handed the contact need not work in its queue
        queue = queues.filter(pk=found.callback.queue_id).first() if found.callback else None
        return redirect(queue or "employers:new_call")
    if name in ("lost", "hand-over"):
        what = "is kept, and can be taken up again" if name == "lost" else f"is with {found.owner} now"
        messages.success(request, f"{found.reference} {what}")
        return redirect(found)
    if name == "choose":
        return redirect(*where_next(found))
    asked = request.POST.get("page", "") if name == "keep-notes" else ""
    if asked == "schedule_input":
        return redirect("employers:schedule_input", found.reference)
    if asked == "request":
        return redirect(*where_next(found))
    page = asked if asked in PAGES else THEN.get(name, "")
    return redirect(
        f"employers:{page if page and calling.can_reach(found, page) else calling.page_of(found)}", found.reference
    )


def _what_follows(found: Contact, name: str) -> str:
    """Say that a contact is over, and who calls back."""
    if name == "welsh":
        return "has ended: the Welsh Language Unit calls back"
    if found.security != Check.FAILED:
        return "is finished"
    calls_back = open_callback_of(found.case)
    return f"is finished: {calls_back.queue} calls back" if calls_back else "is finished"


def show(
    request: ActorRequest, found: Contact, page: str, *, form: Any = None, refused: str = "", status: int = 200
) -> HttpResponse:
    """Answer with a page; `form` was sent with the act `refused`, or with a search.

    What was typed stands in the boxes of the page, and is there to be read where the page has none for it.
    """
    at = now()
    if not goes_on(request.actor, found):
        page = "contact"
    shown: dict[str, Any] = {"contact": found, "form": form, "now": at, "page": page}
    hand_over = BY_NAME["hand-over"]
    if hand_over.offered(request.actor, found):
        given = form if refused == "hand-over" else hand_over.form_for(**_handed(hand_over, found, at))
        if page != "contact":
            given.fields["to_id"].widget.attrs["form"] = "step"
        shown["hand_over"] = given
    if page == "contact":
        shown |= {"typed": typed_in(form), "goes_on": goes_on(request.actor, found)}
        return render(request, "employer_contact/contact.html", shown | _record(request, found), status=status)
    chosen = BY_NAME[FORM_OF[page]]
    is_of_page = form is not None and refused in ("", chosen.name, *SAME_BOXES.get(page, ()))
    shown["step_form"] = form if is_of_page else _fresh(page, chosen, found, at)
    if form is not None and not is_of_page:
        shown["step_form"].initial |= {name: form.data[name] for name in NOTED if name in form.data}
        shown["typed"] = typed_in(form, but=NOTED)
        form.auto_id = shown["step_form"].auto_id  # where the summary leads to
    shown["steps"] = calling.steps(found, page)
    shown |= other_ways(request.actor, found, welsh=form if refused == "welsh" else None)
    shown |= CONTEXT_OF[page](request, found, shown["step_form"])
    return render(request, f"employer_contact/call/{page}.html", shown, status=status)


def other_ways(actor: Actor, found: Contact, *, welsh: Any = None) -> dict[str, Any]:
    """Return what each step offers a call that goes another way; `welsh` is the form of that, where it was refused."""
    in_welsh, offer = BY_NAME["welsh"], BY_NAME["identity-email/offer"]
    shown: dict[str, Any] = {"offers_identity": not found.identity and offer.offered(actor, found)}
    if in_welsh.offered(actor, found):
        shown["welsh"] = welsh or in_welsh.form_for()
        shown["welsh"].fields["telephone"].widget.attrs["form"] = "step"
    return shown


def _fresh(page: str, chosen: Act, found: Contact, at: datetime) -> Form:
    """Return the form of a page as it is opened, with the notes as they are kept."""
    form = PartyForm() if page == "party" else chosen.form_for(**_handed(chosen, found, at))
    form.initial = noted(found)
    if found.refused_reason_id:
        form.initial["ending"] = Ending.EMPLOYER_MUST_ASK
    if found.identity_fallback:
        form.initial["ending"] = Ending.WILL_SEND
    return form


def _record(request: ActorRequest, found: Contact) -> dict[str, Any]:
    resume, start = BY_NAME["resume"], BY_NAME["open"]
    mine = my_contact(request.actor, found.party) if found.party else None
    is_shut = mine is not None and not mine.is_unlocked
    return {
        "reasons": calling.given_reasons(found),
        "callbacks": calling.callbacks_of(found),
        "asked": calling.questions_of(found),
        "timeline": timeline(found, words_of=permissions.words_of_contact(is_shut=is_shut)),
        "resume": resume.form_for() if resume.offered(request.actor, found) else None,
        "start": start.form_for() if start.offered(request.actor, found) else None,
    }


def _party(request: ActorRequest, found: Contact, form: Any) -> dict[str, Any]:
    sought = form.cleaned_data.get("sought", "") if form.is_bound and form.is_valid() else ""
    parties = find_parties(form.data.get("of_parent") or sought, seen_by=request.actor)
    linked = {} if form.is_bound else _linked(request)
    rows = calling.party_rows(parties, on=uk_day(now())) if parties else linked.get("rows", [])
    if not rows:
        form.fields["sought"].widget.attrs["autofocus"] = True
    keyed = found.number_keyed
    is_nobodys = bool(keyed) and match_number_keyed(keyed, seen_by=request.actor) is None
    return {
        "linked": linked,
        "found": parties,
        "rows": rows,
        "examples": EXAMPLES,
        "not_matched": NOT_MATCHED if is_nobodys else "",
    }


def _linked(request: ActorRequest) -> dict[str, Any]:
    """Return all with whom the party named in the address is linked, a page by name; nothing where none is named."""
    reference = request.GET.get("agent") or request.GET.get("employer") or ""
    party = services.named_party(reference, seen_by=request.actor) if reference else None
    if party is None:
        return {}
    on = uk_day(now())
    if isinstance(party, PayrollAgent):
        linked: Any = Employer.objects.visible_to(request.actor).of_agent(party.pk, on=on)
    else:
        linked = PayrollAgent.objects.visible_to(request.actor).of_employer(party.pk, on=on)
    page = keyset.page(linked, key=("name_key", "pk"), asked=request.GET.dict(), size=LINKED_SHOWN)
    kept = {"agent" if isinstance(party, PayrollAgent) else "employer": reference}
    return {
        "party": party,
        "rows": calling.linked_rows(party, page.rows),
        "newer": page.newer and link(kept, page.newer),
        "older": page.older and link(kept, page.older),
    }


def _identity(request: ActorRequest, found: Contact, form: Any) -> dict[str, Any]:
    emails = identity_emails(found, at=now())
    held = found.party.email if found.party else ""
    return {
        "emails": emails,
        "newest": emails[-1] if emails else None,
        "held": held,
        "shows_held": found.is_unlocked,
        "fallbacks": Fallback.choices,
        **_preview(request, found),
        "can_send": can_proceed(found.send_identity, check_conditions=False),
        "can_say": can_proceed(found.accept_identity, check_conditions=False),
        "can_agree": not found.identity_is_settled,
    }


def _preview(request: ActorRequest, found: Contact) -> dict[str, Any]:
    """Return the email as it arrives, and which version its words are of; or why it cannot be sent."""
    try:
        wording, mail = services.preview_identity_email(found, by=request.actor, at=now())
    except DomainError as refusal:
        return {"why_not": refusal.message}
    return {"mail": mail, "wording": str(wording)}


@require_GET
def identity_state(request: ActorRequest, reference: str) -> HttpResponse:
    """Answer where the identity emails of a call stand, for the script of the page."""
    found = pressed(request.actor, reference)
    return render(
        request, "employer_contact/call/identity_state.html", {"emails": identity_emails(found, at=now()), "now": now()}
    )


def _security(request: ActorRequest, found: Contact, form: Any) -> dict[str, Any]:
    asked = calling.questions_of(found)
    return {
        "questions": calling.to_compare(found, asked, form),
        "not_held": calling.not_held(found),
        "correct": sum(one.outcome == Outcome.CORRECT for one in asked),
        "before_the_check": BEFORE_THE_CHECK,
    }


def _failed(request: ActorRequest, found: Contact, form: Any) -> dict[str, Any]:
    offered = [code for code, _ in form.fields["offer"].choices]
    return {"asked": calling.questions_of(found), "can_call_back": AfterFailure.CALL_BACK in offered}


def _reason(request: ActorRequest, found: Contact, form: Any) -> dict[str, Any]:
    given = calling.given_reasons(found)
    find = str(form.data.get("find", "")) if form.is_bound else ""
    choices = calling.reason_choices(found, given, find)
    return {
        "given": given,
        "choices": choices,
        "first": next((one.code for one in choices if not one.closed and not one.is_given), ""),
        "count": len(calling.all_reasons()),
        "ticked": form["reasons"].value() or [],
        "agents": calling.agents_of(found, on=uk_day(now())),
    }


def _wrap_up(request: ActorRequest, found: Contact, form: Any) -> dict[str, Any]:
    reissues = calling.reissues_of(found)
    form.initial |= calling.stand_ins(form.given, reissues)
    return {
        "reissues": reissues,
        "given": [(one, form[field_of(one.reason.code)] if one.needs_words else None) for one in form.given],
        "open_reason": next_to_raise(found),
        "same_call": list(found.requests.open().filter(kind__working_days=None).order_by("pk")),
        "asked": calling.questions_of(found),
        "told": EMPLOYER_ONLY,
    }


CONTEXT_OF = {
    "party": _party,
    calling.IDENTITY: _identity,
    "security": _security,
    "failed": _failed,
    "reason": _reason,
    "wrap_up": _wrap_up,
}
PAGES = [*CONTEXT_OF]
