"""What people and the clock can do with an incident: one function a thing, for every door."""

from jobmatch_helpdesk.services.answering import (
    Call,
    ask_for_call,
    call_of,
    callback_queue_of,
    may_ask_for_call_only,
    preview_call,
    preview_reply,
    record_no_reply_route,
    reply,
    resolve_without_reply,
)
from jobmatch_helpdesk.services.asking import answer, ask, carry_on, preview_question, question_goes_to, record_answer
from jobmatch_helpdesk.services.bouncing import addresses_of_reply, mark_address_dead
from jobmatch_helpdesk.services.changing import change_facts, look_ahead, require_can_change, what_follows, with_reach
from jobmatch_helpdesk.services.closing import close, reopen
from jobmatch_helpdesk.services.escalating import act_by, escalate
from jobmatch_helpdesk.services.intake import as_incident, submit, submit_for
from jobmatch_helpdesk.services.routing_again import differences, missing_of, reach_of
from jobmatch_helpdesk.services.shared import Destination, destination_of, require_mine, set_up_for
from jobmatch_helpdesk.services.templates import (
    Wording,
    add_template,
    change_template,
    choices_for,
    words_of_template,
)
from jobmatch_helpdesk.services.triage import assign, change_priority, put_back, reassign, take, take_next

__all__ = [
    "Call",
    "Destination",
    "Wording",
    "act_by",
    "add_template",
    "addresses_of_reply",
    "answer",
    "as_incident",
    "ask",
    "ask_for_call",
    "assign",
    "call_of",
    "callback_queue_of",
    "carry_on",
    "change_facts",
    "change_priority",
    "change_template",
    "choices_for",
    "close",
    "destination_of",
    "differences",
    "escalate",
    "look_ahead",
    "mark_address_dead",
    "may_ask_for_call_only",
    "missing_of",
    "preview_call",
    "preview_question",
    "preview_reply",
    "put_back",
    "question_goes_to",
    "reach_of",
    "reassign",
    "record_answer",
    "record_no_reply_route",
    "reopen",
    "reply",
    "require_can_change",
    "require_mine",
    "resolve_without_reply",
    "set_up_for",
    "submit",
    "submit_for",
    "take",
    "take_next",
    "what_follows",
    "with_reach",
    "words_of_template",
]
