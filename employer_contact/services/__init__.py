"""What people do in employer contact, one function a thing."""

from employer_contact.services.accounts import add_agent, add_note, update_agent, update_employer
from employer_contact.services.calls import (
    choose_again,
    choose_party,
    end_call,
    hand_over,
    keep_notes,
    lose_call,
    open_contact,
    resume_call,
)
from employer_contact.services.checking import answer_questions
from employer_contact.services.links import end_link, link_agent
from employer_contact.services.plans import copy_plan_version, use_plan_version
from employer_contact.services.reasons import choose_reasons, refuse_reason, take_back_reason
from employer_contact.services.schedules import LineUpdate, Reported, Unknown, update_lines
from employer_contact.services.shared import named_party
from employer_contact.services.wrapping import finish

__all__ = [
    "LineUpdate",
    "Reported",
    "Unknown",
    "add_agent",
    "add_note",
    "answer_questions",
    "choose_again",
    "choose_party",
    "choose_reasons",
    "copy_plan_version",
    "end_call",
    "end_link",
    "finish",
    "hand_over",
    "keep_notes",
    "link_agent",
    "lose_call",
    "named_party",
    "open_contact",
    "refuse_reason",
    "resume_call",
    "take_back_reason",
    "update_agent",
    "update_employer",
    "update_lines",
    "use_plan_version",
]
