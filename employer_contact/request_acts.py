"""What can be done with a service request, and with a step of its plan: each act has a form and one service."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from contacthub.actor import Actor
from contacthub.callbacks.services import has_open_callback
from contacthub.submissions.acts import Act, when
from contacthub.submissions.forms import OnceForm, ReasonForm
from employer_contact import permissions, services
from employer_contact.details import AgentDetails, EmployerDetails
from employer_contact.forms.changing import AgentForm, EmployerForm
from employer_contact.forms.requests import (
    AskForCallbackForm,
    CallRequestForm,
    CaseUpdateForm,
    ElsewhereForm,
    EndLinkForm,
    LinkForm,
    NoteForm,
    RaisedForm,
    ReasonNotNeededForm,
    ReassignForm,
    RequestForm,
    StepForm,
    StepLinesForm,
    TellForm,
    WaitForm,
)
from employer_contact.lifecycle import WORKED_ON
from employer_contact.models import Activity, ServiceRequest
from employer_contact.noting import with_notes
from employer_contact.plans import Doing


def _may_wait(actor: Actor, request: ServiceRequest) -> bool:
    """One that is open begins by it."""
    return request.state in WORKED_ON and permissions.may_hold_or_cancel(actor, request)


def _may_ask_for_callback(actor: Actor, request: ServiceRequest) -> bool:
    """One at a time."""
    return permissions.may_ask_for_callback(actor, request) and not has_open_callback(request.case)


# What may be done with a request besides its steps; offered at the foot of its page.
ACTS = [
    Act("wait", "Wait for somebody", services.wait_until, _may_wait, WaitForm),
    Act("answer", "The answer came", services.answer, when("answer", permissions.may_hold_or_cancel)),
    Act(
        "reassign",
        "Give it to somebody else",
        services.reassign,
        when("cancel", permissions.may_reassign),
        ReassignForm,
        needs=("colleagues",),
    ),
    Act(
        "ask-for-callback",
        "Have them called back",
        services.ask_for_callback,
        _may_ask_for_callback,
        AskForCallbackForm,
        needs=("number",),
    ),
    Act("cancel", "Cancel this service request", services.cancel, when("cancel", permissions.may_hold_or_cancel)),
    Act("reopen", "Reopen it", services.reopen, when("reopen", permissions.may_reopen)),
]
BY_NAME = {act.name: act for act in ACTS}

FORM_OF: dict[str, tuple[type[OnceForm], tuple[str, ...]]] = {
    Doing.NOTE: (NoteForm, ()),
    Doing.ELSEWHERE: (ElsewhereForm, ("today",)),
    Doing.RAISE: (RaisedForm, ("others",)),
    Doing.OWNER_CONFIRMS: (NoteForm, ()),
    Doing.CLOSE: (CaseUpdateForm, ()),
    Doing.CHANGE_EMPLOYER: (EmployerForm, ()),
    Doing.CHANGE_AGENT: (AgentForm, ()),
    Doing.LINK_AGENT: (LinkForm, ("today",)),
    Doing.END_LINK: (EndLinkForm, ("links", "today")),
    Doing.UPDATE_LINES: (StepLinesForm, ("ticked",)),
    Doing.TELL_PARTY: (TellForm, ()),
}


def _change_employer(*, seen: EmployerDetails, by: Actor, at: datetime, **given: Any) -> ServiceRequest:
    step = {name: given.pop(name) for name in ("service_request_id", "number")}
    return services.change_employer_step(**step, seen=seen, details=EmployerDetails(**given), by=by, at=at)


def _change_agent(*, seen: AgentDetails, by: Actor, at: datetime, **given: Any) -> ServiceRequest:
    step = {name: given.pop(name) for name in ("service_request_id", "number")}
    return services.change_agent_step(**step, seen=seen, details=AgentDetails(**given), by=by, at=at)


COMPLETED_BY: dict[str, Callable[..., ServiceRequest]] = {
    Doing.CHANGE_EMPLOYER: _change_employer,
    Doing.CHANGE_AGENT: _change_agent,
    Doing.LINK_AGENT: services.link_agent_step,
    Doing.END_LINK: services.end_link_step,
    Doing.UPDATE_LINES: services.update_lines_step,
    Doing.TELL_PARTY: services.tell_party_step,
}
STEP_ACTS = ("start", "complete", "not-needed", "reopen")


def step_act(step: Activity, name: str) -> Act:
    """Return an act of one step; its form is that of what the step does."""
    form, needs = FORM_OF.get(step.does, (StepForm, ()))
    label = "Close it" if step.does == Doing.CLOSE else "Record and complete"
    of: dict[str, tuple[str, Callable[..., ServiceRequest], type[OnceForm], tuple[str, ...]]] = {
        "start": ("Start", services.start_step, OnceForm, ()),
        "complete": (label, COMPLETED_BY.get(step.does, services.complete_step), form, needs),
        "not-needed": ("Not needed", services.mark_not_needed, ReasonNotNeededForm, ()),
        "reopen": ("Open it again", services.reopen_step, ReasonForm, ()),
    }
    label, service, form, needs = of[name]
    numbered = partial(service, number=step.number)
    return Act(f"activities/{step.number}/{name}", label, numbered, lambda actor, request: True, form, needs)


def create_act(reason: str) -> Act:
    """Return the act by which the request for a reason is raised in a call, with the notes kept."""
    return Act(
        f"request/{reason}/create-sr",
        "Create",
        with_notes(partial(services.create_sr, reason=reason)),
        when("record_reason", permissions.owns),
        CallRequestForm,
        needs=("choosable",),
    )


RAISE = Act(
    "raise",
    "Create",
    services.raise_further,
    when("cancel", permissions.may_work_on),
    RequestForm,
    needs=("choosable",),
)
