"""What somebody told us through Contact Us, and what happens with it, as the pages say it in either language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from contacthub.formats import telephone
from jobmatch_helpdesk.intake import Intake
from jobmatch_helpdesk.models import Language, Topic
from jobmatch_helpdesk.routing import FIRST_REPLY, Band, CallQueue, CustomerType, calls_for

DAYS = FIRST_REPLY[Band.STANDARD].working_days


@dataclass(frozen=True)
class Answer:
    """A row of the summary list: `step` is the question to change it at, `change` goes on after "Change"."""

    label: str
    words: str
    step: str
    change: str

    @property
    def url(self) -> str:
        return reverse(f"jobmatch:contact_us_{self.step}")


def summary_of(intake: Intake) -> list[Answer]:
    employer = intake.customer_type == CustomerType.EMPLOYER
    answers = [
        Answer(_("You are"), _("An employer") if employer else _("Looking for a job"), "who", _("who you are")),
        Answer(_("Name"), intake.customer_name or _("Not given"), "who", _("your name")),
        Answer(
            _("Email address"),
            intake.customer_email or _("I do not have an email address"),
            "reply",
            _("your email address"),
        ),
    ]
    if intake.no_email:
        number = telephone(intake.telephone) if intake.telephone else _("Not given")
        answers.append(Answer(_("Telephone number"), number, "reply", _("your telephone number")))
    if intake.telephone:
        language = _("Welsh") if intake.language == Language.WELSH else _("English")
        answers.append(Answer(_("Language of the call"), language, "reply", _("the language of the call")))
    answers.append(Answer(_("About"), str(Topic(intake.topic).label), "about", _("what it is about")))
    answers.append(Answer(_("What happened"), intake.description, "happened", _("what happened")))
    if intake.earlier_reference:
        words = _("the reference of the earlier message")
        answers.append(Answer(_("Earlier message"), intake.earlier_reference, "happened", words))
    return answers


def what_happens(intake: Intake) -> dict[str, Any]:
    """Return what the words about the answer need: by email (R14), by a call (R15), or not at all (R16)."""
    calls = calls_for(intake.route.row.call_queue, intake.customer_type)
    return {
        "days": DAYS,
        "email": intake.customer_email,
        "telephone": intake.telephone,
        "ed_calls": calls == CallQueue.ED_DEFAULT,
    }
