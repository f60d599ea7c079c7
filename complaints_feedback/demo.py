"""Forms in every state and by every route, made by the services themselves from the stories of `fixtures/demo/`.

They happen in the order of their moments. A step is written as what was done and when, like "agree +3h"; who did it
follows from the form. People and clients are invented.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile

from complaints_feedback import services
from complaints_feedback.coaching import Discussion, Outcome
from complaints_feedback.models import FeedbackForm
from complaints_feedback.routing import MANAGERS
from complaints_feedback.services import Cause, Complaint, Evidence, Named
from complaints_feedback.terms import Channel, Part, Route, Stage, Trigger
from contacthub.actor import Actor
from contacthub.deadlines.calendars import calendar_of
from contacthub.formats import uk_day
from contacthub.people.directory import chain_of
from contacthub.people.models import Nation, StaffMember
from contacthub.people.services import actor_for
from contacthub.workspace.moments import moment
from contacthub.workspace.past import let_time_pass, read_notices, send_waiting

FIXTURES = Path(settings.BASE_DIR, "fixtures", "demo")
LETTERS = {name: FIXTURES / "letters" / f"{name}.pdf" for name in ("complaint", "reply")}
UNREAD_FOR = timedelta(hours=8)  # what is older has been read


@dataclass(frozen=True)
class Step:
    """Something that somebody did in a story."""

    at: datetime
    do: str
    story: dict[str, Any]


def load(*, at: datetime) -> None:
    stories = tomllib.loads((FIXTURES / "feedback.toml").read_text())["form"]
    steps = [step for story in stories for step in _steps(story, now=at)]
    history = History()
    for step in sorted(steps, key=lambda step: step.at):
        let_time_pass(until=step.at)
        history.go_on(step)
    let_time_pass(until=at)
    read_notices(before=at - UNREAD_FOR)


def _steps(story: dict[str, Any], *, now: datetime) -> Iterator[Step]:
    """Yield the steps of a story. Raises ValueError where it goes back in time, or beyond `now`."""
    calendar = calendar_of(Nation.ENGLAND_AND_WALES).working_time
    before = datetime.min.replace(tzinfo=UTC)
    for words in [f"start {story['at']}", *story.get("then", [])]:
        do, when = words.split(" ", maxsplit=1)
        then = moment(when, before=before, now=now, calendar=calendar)
        if not before < then <= now:
            raise ValueError(f"{words!r} is out of order in the story of {story['complaint']}")
        yield Step(then, do, story)
        before = then


class History:
    """Makes what happened, a step after the other."""

    def __init__(self) -> None:
        self.staff = {person.username: person for person in StaffMember.objects.all()}
        self.forms: dict[str, int] = {}

    def go_on(self, step: Step) -> None:
        if step.do == "start":
            self._start(step)
        else:
            do: Callable[[FeedbackForm, Step], object] = getattr(self, f"_{step.do}")
            do(self._form(step), step)
        send_waiting(self._form(step).case, server_said=step.story.get("mail", ()) if step.do == "send" else ())

    def _form(self, step: Step) -> FeedbackForm:
        return FeedbackForm.objects.get(pk=self.forms[step.story["complaint"]])

    def _start(self, step: Step) -> None:
        by, story = self._by(self.staff[step.story.get("by", "complaints")], step), step.story
        form = services.start(complaint_reference=story["complaint"], route=Route(story["route"]), by=by, at=step.at)
        self.forms[story["complaint"]] = form.pk
        mine: dict[str, Any] = {"form_id": form.pk, "by": by, "at": step.at}
        today = uk_day(step.at)
        services.save_complaint(
            given=Complaint(
                channel=Channel(story.get("channel", "letter")),
                stage=Stage(story.get("stage", "first")),
                received_on=today - timedelta(days=9),
                client_discussed_on=today - timedelta(days=5),
                client_discussion=story["client"],
            ),
            **mine,
        )
        if "what" not in story:
            return
        services.save_cause(
            given=Cause(
                triggers=[Trigger(each) for each in story["triggers"]],
                other_trigger=story.get("other", ""),
                what_happened=story["what"],
                issue_on=today - timedelta(days=story.get("issue_days", 45)),
            ),
            **mine,
        )
        involved = [self.staff[username].pk for username in story["involved"]]
        services.save_involved(person_ids=involved, **mine)
        services.choose_person(person_id=involved[-1], **mine)
        services.save_evidence(
            given=Evidence(master_case=story["case"], sr_references=story.get("srs", ""), sr_notes=story["notes"]),
            **mine,
        )
        self._attach(story, mine)

    def _attach(self, story: dict[str, Any], mine: dict[str, Any]) -> None:
        files = {
            name: ContentFile(path.read_bytes(), name=f"{name.title()} letter {story['complaint']}.pdf")
            for name, path in LETTERS.items()
        }
        by_telephone = "summary" in story
        services.save_letters(
            complaint_letter=None if by_telephone else files["complaint"],
            reply_letter=files["reply"],
            call_summary=story.get("summary"),
            **mine,
        )

    def _no_feedback(self, form: FeedbackForm, step: Step) -> None:
        services.record_no_feedback(reason=step.story["reason"], **self._sender(form, step))

    def _too_old(self, form: FeedbackForm, step: Step) -> None:
        issue_on = form.started_on - timedelta(days=240)
        services.end_as_too_old(issue_on=issue_on, **self._sender(form, step))

    def _ask(self, form: FeedbackForm, step: Step) -> None:
        services.ask(**self._sender(form, step))

    def _agree(self, form: FeedbackForm, step: Step) -> None:
        services.agree(asked_number=form.asked_number, **self._leader(form, step))

    def _refuse(self, form: FeedbackForm, step: Step) -> None:
        services.refuse(asked_number=form.asked_number, reason=step.story["reason"], **self._leader(form, step))

    def _submit(self, form: FeedbackForm, step: Step) -> None:
        services.submit(**self._sender(form, step))

    def _return(self, form: FeedbackForm, step: Step) -> None:
        services.return_for_correction(reason=step.story["reason"], **self._leader(form, step))

    def _name(self, form: FeedbackForm, step: Step) -> None:
        named = Named(self.staff[step.story["responsible"]].pk, step.story["why"])
        services.name_responsible(named=named, **self._leader(form, step))

    def _send(self, form: FeedbackForm, step: Step) -> None:
        services.send(**self._leader(form, step))

    def _confirm(self, form: FeedbackForm, step: Step) -> None:
        assert form.person is not None  # noqa: S101  the form was sent
        chain = chain_of(form.person, on=uk_day(step.at))
        posts = zip(MANAGERS, (chain.workgroup_manager, chain.area_manager, chain.head_of_line), strict=True)
        managers = {part: Named(holder.pk) for part, holder in posts if holder}
        services.confirm_and_send(managers=managers, **self._as(form, Part.SENIOR_MANAGER, step))

    def _readdress(self, form: FeedbackForm, step: Step) -> None:
        services.readdress(**self._leader(form, step))

    def _withdraw(self, form: FeedbackForm, step: Step) -> None:
        services.withdraw(reason=step.story["reason"], **self._leader(form, step))

    def _discuss(self, form: FeedbackForm, step: Step) -> None:
        given = {name: step.story["discussion"][name] for name in ("how", "place", "occurred", "resolution")}
        services.record_discussion(
            given=Discussion(
                discussed_at=step.at - timedelta(minutes=25),
                recordings=step.story["discussion"].get("recordings", []),
                no_recording=step.story["discussion"].get("no_recording", ""),
                **given,
            ),
            **self._as(form, Part.TEAM_LEADER, step),
        )

    def _plan(self, form: FeedbackForm, step: Step) -> None:
        services.open_plan(words=step.story["outcome"]["plan"], **self._as(form, Part.TEAM_LEADER, step))

    def _complete(self, form: FeedbackForm, step: Step) -> None:
        outcome = step.story["outcome"]
        needs = outcome.get("needs", "")
        services.complete_part_two(
            given=Outcome(
                changes_agreed=outcome["changes"],
                development_needs=needs,
                no_development_needs=not needs,
                one_to_one_month=_month_of(step.at),
                opportunity_explained=True,
            ),
            **self._as(form, Part.TEAM_LEADER, step),
        )

    def _close_plan(self, form: FeedbackForm, step: Step) -> None:
        given = self._as(form, Part.TEAM_LEADER, step)
        for plan in form.plans.all():
            words = step.story["outcome"]["done"]
            services.close_plan(plan_id=plan.pk, done_on=uk_day(step.at), words=words, by=given["by"], at=step.at)

    def _sender(self, form: FeedbackForm, step: Step) -> dict[str, Any]:
        return {"form_id": form.pk, "by": self._by(form.sender, step), "at": step.at}

    def _leader(self, form: FeedbackForm, step: Step) -> dict[str, Any]:
        assert form.sending_team_leader is not None  # noqa: S101  every sender of the stories is led by somebody
        return {"form_id": form.pk, "by": self._by(form.sending_team_leader, step), "at": step.at}

    def _as(self, form: FeedbackForm, part: Part, step: Step) -> dict[str, Any]:
        person = form.recipients.select_related("person").get(part=part).person
        return {"form_id": form.pk, "by": self._by(person, step), "at": step.at}

    def _by(self, person: StaffMember, step: Step) -> Actor:
        return actor_for(person, on=uk_day(step.at))


def _month_of(at: datetime) -> date:
    return uk_day(at).replace(day=1)
