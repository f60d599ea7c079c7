"""What people do in employer contact, one function a thing."""

from employer_contact.services.accounts import add_agent, add_note, update_agent, update_employer
from employer_contact.services.activities import complete_step, mark_not_needed, reopen_step, start_step
from employer_contact.services.attaching import attach_to_request
from employer_contact.services.batches import Imported
from employer_contact.services.calling_back import answered, arrange_welsh, ask_for_callback, held_numbers
from employer_contact.services.calls import (
    choose_again,
    choose_party,
    end_call,
    hand_over,
    keep_notes,
    lose_call,
    open_contact,
    resume_call,
    take_up,
)
from employer_contact.services.checking import answer_questions
from employer_contact.services.doing import (
    change_agent_step,
    change_employer_step,
    end_link_step,
    link_agent_step,
    tell_party_step,
    update_lines_step,
)
from employer_contact.services.identifying import (
    agree_instead,
    confirm_identity_email,
    offer_identity_email,
    preview_identity_email,
    save_wording,
    send_identity_email,
)
from employer_contact.services.import_links import import_links, import_schedules
from employer_contact.services.importing import import_agents, import_cases, import_employers, import_parents
from employer_contact.services.links import end_link, link_agent
from employer_contact.services.plans import copy_plan_version, use_plan_version
from employer_contact.services.reason_steps import complete_reason_step, reason_step_not_needed
from employer_contact.services.reasons import choose_reasons, refuse_reason, take_back_reason
from employer_contact.services.reissues import decline, may_decide, reissue, request_reissue, who_decides, withdraw
from employer_contact.services.requests import (
    Details,
    answer,
    cancel,
    create_sr,
    raise_further,
    reassign,
    reopen,
    wait_until,
)
from employer_contact.services.schedules import LineUpdate, Reported, Unknown, update_lines
from employer_contact.services.shared import named_party
from employer_contact.services.telephony import notify_call
from employer_contact.services.wrapping import finish

__all__ = [
    "Details",
    "Imported",
    "LineUpdate",
    "Reported",
    "Unknown",
    "add_agent",
    "add_note",
    "agree_instead",
    "answer",
    "answer_questions",
    "answered",
    "arrange_welsh",
    "ask_for_callback",
    "attach_to_request",
    "cancel",
    "change_agent_step",
    "change_employer_step",
    "choose_again",
    "choose_party",
    "choose_reasons",
    "complete_reason_step",
    "complete_step",
    "confirm_identity_email",
    "copy_plan_version",
    "create_sr",
    "decline",
    "end_call",
    "end_link",
    "end_link_step",
    "finish",
    "hand_over",
    "held_numbers",
    "import_agents",
    "import_cases",
    "import_employers",
    "import_links",
    "import_parents",
    "import_schedules",
    "keep_notes",
    "link_agent",
    "link_agent_step",
    "lose_call",
    "mark_not_needed",
    "may_decide",
    "named_party",
    "notify_call",
    "offer_identity_email",
    "open_contact",
    "preview_identity_email",
    "raise_further",
    "reason_step_not_needed",
    "reassign",
    "refuse_reason",
    "reissue",
    "reopen",
    "reopen_step",
    "request_reissue",
    "resume_call",
    "save_wording",
    "send_identity_email",
    "start_step",
    "take_back_reason",
    "take_up",
    "tell_party_step",
    "update_agent",
    "update_employer",
    "update_lines",
    "update_lines_step",
    "use_plan_version",
    "wait_until",
    "who_decides",
    "withdraw",
]
