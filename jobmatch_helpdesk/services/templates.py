"""Reply templates: kept by a lead, each change on record, and filled in for an incident."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction

from contacthub.actor import Actor
from contacthub.cases.services import events_about, record_event
from contacthub.errors import MovedOn, NotThere, RuleBroken, require_unbroken
from jobmatch_helpdesk import permissions
from jobmatch_helpdesk.models import ANY_TOPIC, Incident, Language, ReplyTemplate, Topic
from jobmatch_helpdesk.placeholders import ALLOWED, fill, unknown
from jobmatch_helpdesk.services.shared import require_mine

NOTHING = "nothing"


@dataclass(frozen=True)
class Wording:
    """What a lead writes: `topic` is "" for any, `welsh` "" while nobody has translated it."""

    title: str
    english: str
    welsh: str = ""
    topic: str = ""
    offered: bool = True


@transaction.atomic
def add_template(*, wording: Wording, by: Actor, at: datetime) -> ReplyTemplate:
    """Add a template. Raises Refused, or RuleBroken: misspelt placeholder, nothing to send, a title that is taken."""
    permissions.require_can_keep_templates(by)
    template = ReplyTemplate()
    _write(template, wording, "added", by=by, at=at)
    return template


@transaction.atomic
def change_template(*, template_id: int, version: int, wording: Wording, by: Actor, at: datetime) -> ReplyTemplate:
    """Change a template of which `version` was read; the same words again change nothing.

    Raises what `add_template` raises, NotThere, and MovedOn where somebody changed it since.
    """
    permissions.require_can_keep_templates(by)  # first: who may not keep templates may not see them either
    template: ReplyTemplate | None = ReplyTemplate.objects.select_for_update(no_key=True).filter(pk=template_id).first()
    if template is None:
        raise NotThere
    if template.version != version:
        latest = events_about(template)[0]
        raise MovedOn(f"{latest.actor or 'ContactHub'} changed this template", at=latest.at)
    _write(template, wording, "changed", by=by, at=at)
    return template


def words_of_template(*, incident: Incident, template_id: int, by: Actor) -> str:
    """Return the words for this incident's customer, filled in; a placeholder without a value stays, to be seen.

    Raises RuleBroken where there is no such template, and where it has no text in the customer's language.
    """
    require_mine(by, incident)
    template = ReplyTemplate.objects.filter(pk=template_id, offered=True).first()
    if template is None:
        raise RuleBroken("This reply template is no longer there. Select another", code="no_template", field="template")
    words = template.text_in(incident.language)
    if not words:
        raise RuleBroken(
            f"“{template}” has no Welsh text, and this customer prefers Welsh. Select another, or write the reply",
            code="welsh_missing",
            field="template",
        )
    return fill(words, _values(incident))


@dataclass(frozen=True)
class Choices:
    """The templates that an agent may choose for an incident, by topic; and those that lack the customer's language."""

    by_topic: dict[str, list[ReplyTemplate]]
    without_welsh: list[ReplyTemplate]

    def __bool__(self) -> bool:
        return bool(self.by_topic or self.without_welsh)


def choices_for(incident: Incident) -> Choices:
    """Return what is offered for this incident, in one query: its own topic first, then what fits any."""
    first = [incident.topic, "", *Topic.values]
    found = sorted(ReplyTemplate.objects.offered(), key=lambda template: (first.index(template.topic), template.title))
    choices = Choices({}, [])
    for template in found:
        if incident.language == Language.WELSH and not template.has_welsh:
            choices.without_welsh.append(template)
        else:
            choices.by_topic.setdefault(template.topic_label, []).append(template)
    return choices


def _write(template: ReplyTemplate, wording: Wording, kind: str, *, by: Actor, at: datetime) -> None:
    wording = replace(wording, title=" ".join(wording.title.split()))  # no line break reaches a subject from here
    require_unbroken(*_faults(wording))
    changes = "\n\n".join(_changes(template, wording, added=kind == "added"))
    if not changes:
        return
    for name, value in asdict(wording).items():
        setattr(template, name, value)
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError as taken:
        raise RuleBroken("Another template has this title. Enter another one", code="taken", field="title") from taken
    record_event(template, kind, by=by, at=at, words=changes)


def _faults(wording: Wording) -> Iterator[RuleBroken]:
    if not wording.title:
        yield RuleBroken("Enter a title", code="title_required", field="title")
    if not wording.english.strip():
        yield RuleBroken("Enter the English text", code="english_required", field="english")
    for field in ("english", "welsh"):
        if odd := unknown(getattr(wording, field)):
            yield RuleBroken(f"{odd} is no placeholder. Use {ALLOWED}", code="unknown_placeholder", field=field)


def _changes(template: ReplyTemplate, wording: Wording, *, added: bool) -> Iterator[str]:
    """Yield what was and what is (XC-04): a line in one, a text in two paragraphs or more."""
    for label, name in {"Title": "title", "Topic": "topic", "English": "english", "Welsh": "welsh"}.items():
        before, after = getattr(template, name), getattr(wording, name)
        if added and after:
            yield f"{label}: {_shown(name, after)}"
        elif before != after and name in ("title", "topic"):
            yield f"{label}: {_shown(name, before)} → {_shown(name, after)}"
        elif before != after:
            yield f"{label}, before: {before or NOTHING}\n\n{label}, after: {after or NOTHING}"
    if template.offered != wording.offered:
        yield "Agents can choose it" if wording.offered else "Agents cannot choose it"


def _shown(name: str, value: str) -> str:
    if name != "topic":
        return value
    return str(Topic(value).label) if value else ANY_TOPIC


def _values(incident: Incident) -> dict[str, str]:
    name = incident.raiser_name if incident.own_problem else incident.customer_name
    agent = incident.assigned_to.name if incident.assigned_to else ""
    return {"name": name, "reference": incident.reference, "agent": agent}
