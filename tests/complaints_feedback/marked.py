"""Forms in which each thing that is said is a word of its own, so that a page that shows it gives itself away.

They are sent on Wednesday 3 June 2026. On Friday another team leader follows Rosa Quill, who received them all.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

from complaints_feedback import services
from complaints_feedback.models import FeedbackForm, PersonalFileEntry
from complaints_feedback.services import Evidence
from complaints_feedback.terms import Channel, Route
from contacthub.people.models import StaffMember
from contacthub.people.roles import Post, Role
from tests.complaints_feedback.situations import (
    CAUSE,
    COMPLAINT,
    DISCUSSED,
    DISCUSSION,
    DONE,
    LATER,
    OUTCOME,
    SENT,
    World,
    actor,
    fresh,
    works,
)
from tests.contacthub.documents.files import PDF, upload
from tests.factories import MORNING, StaffMemberFactory

FRIDAY, FRIDAY_MORNING = date(2026, 6, 5), MORNING + timedelta(days=2)
PART_ONE, LETTER, PART_TWO, PLAN, CLOSING = "partone", "letter", "parttwo", "plan", "closing"
FILE, REASON = "personalfile", "reason"
SENDING = {"sender", "leader"}
MANAGERS = {"their_manager", "area_manager", "head"}
LINE = {"new_leader", *MANAGERS, "person"}  # who opens the personal file from Friday on: the person too

# These walk each form; the others, who have the part of one of them or none, the one that is closed.
WALKERS = {"sender", "leader", "receiver", "head", "senior", "person", "new_leader"}
# Copied by hand from the permission matrix: who reads what of each form.
READERS: dict[str, dict[str, set[str]]] = {
    "submitted": {PART_ONE: SENDING, LETTER: SENDING, REASON: SENDING},
    "withsenior": {PART_ONE: SENDING | {"senior"}, LETTER: SENDING | {"senior"}},
    "delivered": {
        PART_ONE: SENDING | MANAGERS | {"receiver"},
        LETTER: SENDING | MANAGERS | {"receiver"},
        PART_TWO: {"receiver"},
    },
    "readdressed": {
        PART_ONE: SENDING | MANAGERS | {"new_leader"},
        LETTER: SENDING | MANAGERS | {"new_leader"},
        PART_TWO: {"new_leader"},
    },
    "discussed": {
        PART_ONE: SENDING | MANAGERS | {"receiver", "senior", "person"},
        LETTER: SENDING | MANAGERS | {"receiver", "senior"},
        PART_TWO: {"receiver"},
        PLAN: LINE | {"receiver"},
    },
    "closed": {
        PART_ONE: SENDING | MANAGERS | {"receiver", "person"},
        LETTER: SENDING | MANAGERS | {"receiver"},
        PART_TWO: MANAGERS | {"receiver", "person"},
        PLAN: LINE | {"receiver"},
        CLOSING: LINE,
        FILE: LINE,
    },
    "withdrawn": {PART_ONE: SENDING, LETTER: SENDING, REASON: SENDING},
}


def walks(who: str, form: str) -> bool:
    return who in WALKERS or form == "closed"


def mark(form: str, kind: str) -> str:
    """Return the word that stands in this form for everything of this kind."""
    return f"zq{form}{kind}qz"


class Marked(World):
    """Everybody, and a form of each of `READERS`."""

    def __init__(self) -> None:
        super().__init__()
        self.administrator = StaffMemberFactory(role=Role.ADMINISTRATOR)
        self.agent = StaffMemberFactory(role=Role.HELPDESK_LEAD)
        self.caseworker = StaffMemberFactory(role=Role.EMPLOYER_PAYMENTS_CASEWORKER)
        self.forms = {
            "submitted": self._submitted(),
            "withsenior": self._agreed_and_sent("withsenior", Route.REVIEW),
            "delivered": self._with_part_two("delivered"),
            "readdressed": self._with_part_two("readdressed"),
            "discussed": self._discussed(),
            "closed": self._closed(),
            "withdrawn": self._withdrawn(),
        }
        self.leaves_for(self.receiver, self.units["mersey"], on=FRIDAY)
        self.new_leader = works("Ira Bell", self.their_team, Post.TEAM_LEADER, since=FRIDAY)
        services.readdress(form_id=self.forms["readdressed"].pk, by=actor(self.leader), at=FRIDAY_MORNING)
        plan = self.forms["closed"].plans.get()
        closing = mark("closed", CLOSING)
        by = actor(self.new_leader, at=FRIDAY_MORNING)
        services.close_plan(plan_id=plan.pk, done_on=FRIDAY, words=closing, by=by, at=FRIDAY_MORNING)
        self._mark_the_file()

    def people(self) -> dict[str, StaffMember]:
        return {name: value for name, value in vars(self).items() if isinstance(value, StaffMember)}

    def _asked(self, name: str, route: Route = Route.RESOLUTION) -> FeedbackForm:
        form = self.filled_in(route)
        said, letter = mark(name, PART_ONE), mark(name, LETTER)
        mine = {"form_id": form.pk, "by": actor(self.sender), "at": MORNING}
        services.save_complaint(given=replace(COMPLAINT, channel=Channel.TELEPHONE, client_discussion=said), **mine)
        services.save_cause(given=replace(CAUSE, what_happened=said), **mine)
        services.save_evidence(given=Evidence(master_case="300000001", sr_notes=said, case_views=said), **mine)
        services.save_letters(
            complaint_letter=upload(f"{letter}.pdf", PDF + letter.encode()),
            reply_letter=upload(f"{letter} reply.pdf", PDF + letter.encode()),
            call_summary=letter,
            **mine,
        )
        return services.ask(**mine)

    def _agreed_and_sent(self, name: str, route: Route = Route.RESOLUTION) -> FeedbackForm:
        form = self._asked(name, route)
        theirs = {"form_id": form.pk, "by": actor(self.leader)}
        services.agree(asked_number=1, at=MORNING, **theirs)
        services.submit(form_id=form.pk, by=actor(self.sender), at=LATER)
        return services.send(at=LATER if route != Route.RESOLUTION else SENT, **theirs)

    def _submitted(self) -> FeedbackForm:
        form = self._asked("submitted")
        mine, theirs = ({"form_id": form.pk, "by": actor(one)} for one in (self.sender, self.leader))
        services.agree(asked_number=1, at=MORNING, **theirs)
        services.submit(at=LATER, **mine)
        services.return_for_correction(reason=mark("submitted", REASON), at=LATER, **theirs)
        return services.submit(at=LATER, **mine)

    def _with_part_two(self, name: str) -> FeedbackForm:
        form = self._agreed_and_sent(name)
        self._write(form, name)
        return form

    def _write(self, form: FeedbackForm, name: str) -> None:
        said = mark(name, PART_TWO)
        given = replace(DISCUSSION, occurred=said, resolution=said, place=said)
        services.save_part_two(form_id=form.pk, given=given, by=actor(self.receiver), at=SENT)

    def _discussed(self) -> FeedbackForm:
        form = self._agreed_and_sent("discussed", Route.REVIEW)
        services.confirm_and_send(form_id=form.pk, managers=self.managers(), by=actor(self.senior), at=SENT)
        return self._discuss(form, "discussed")

    def _discuss(self, form: FeedbackForm, name: str) -> FeedbackForm:
        said, theirs = mark(name, PART_TWO), {"form_id": form.pk, "by": actor(self.receiver), "at": DISCUSSED}
        given = replace(DISCUSSION, occurred=said, resolution=said, place=said)
        services.record_discussion(given=given, **theirs)
        services.open_plan(words=mark(name, PLAN), **theirs)
        return form

    def _closed(self) -> FeedbackForm:
        form = self._discuss(self._agreed_and_sent("closed"), "closed")
        said = mark("closed", PART_TWO)
        given = replace(OUTCOME, changes_agreed=said, development_needs=said, no_development_needs=False)
        services.complete_part_two(form_id=form.pk, given=given, by=actor(self.receiver), at=DONE)
        return fresh(form)

    def _withdrawn(self) -> FeedbackForm:
        form, reason = self._agreed_and_sent("withdrawn"), mark("withdrawn", REASON)
        return services.withdraw(form_id=form.pk, reason=reason, by=actor(self.leader), at=SENT)

    def _mark_the_file(self) -> None:
        """Let the entry say other words than the form, since others read it."""
        entry = PersonalFileEntry.objects.get()
        content = json.dumps(entry.content)
        for kind in (PART_ONE, PART_TWO, PLAN):
            content = content.replace(mark("closed", kind), mark("closed", FILE))
        PersonalFileEntry.objects.filter(pk=entry.pk).update(content=json.loads(content))
