"""What people and the clock can do with a feedback form: one function a thing, for every door."""

from complaints_feedback.services.agreeing import (
    agree,
    ask,
    missing_of,
    missing_to_ask,
    refuse,
    return_for_correction,
    submit,
)
from complaints_feedback.services.expecting import (
    Expected,
    expected,
    expected_senior_manager,
    missing_to_confirm,
    missing_to_send,
)
from complaints_feedback.services.filling import (
    Cause,
    Complaint,
    Evidence,
    change_area,
    choose_person,
    name_manager,
    save_cause,
    save_complaint,
    save_evidence,
    save_involved,
    save_letters,
)
from complaints_feedback.services.papers import print_entry, print_form
from complaints_feedback.services.receiving import (
    close_plan,
    complete_part_two,
    open_file_entry,
    open_plan,
    record_discussion,
    resend_copy,
    save_part_two,
)
from complaints_feedback.services.recipients import Named
from complaints_feedback.services.sending import confirm_and_send, discuss_by, name_responsible, readdress, send
from complaints_feedback.services.starting import end_as_too_old, record_no_feedback, start, withdraw

__all__ = [
    "Cause",
    "Complaint",
    "Evidence",
    "Expected",
    "Named",
    "agree",
    "ask",
    "change_area",
    "choose_person",
    "close_plan",
    "complete_part_two",
    "confirm_and_send",
    "discuss_by",
    "end_as_too_old",
    "expected",
    "expected_senior_manager",
    "missing_of",
    "missing_to_ask",
    "missing_to_confirm",
    "missing_to_send",
    "name_manager",
    "name_responsible",
    "open_file_entry",
    "open_plan",
    "print_entry",
    "print_form",
    "readdress",
    "record_discussion",
    "record_no_feedback",
    "refuse",
    "resend_copy",
    "return_for_correction",
    "save_cause",
    "save_complaint",
    "save_evidence",
    "save_involved",
    "save_letters",
    "save_part_two",
    "send",
    "start",
    "submit",
    "withdraw",
]
