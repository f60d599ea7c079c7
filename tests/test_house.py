"""What holds for the whole house: which way imports and foreign keys run, and who may open what."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from complaints_feedback.models import PersonalFileEntry
from contacthub.actor import CLOCK, PUBLIC
from contacthub.callbacks.acts import BY_NAME as CALL_ACTS
from contacthub.callbacks.models import Callback, Kind, Queue
from contacthub.callbacks.services import CallSheet, request_callback
from contacthub.cases.services import move, record_event
from contacthub.deadlines.models import FollowUpKind
from contacthub.deadlines.services import expect, set_deadline
from contacthub.deadlines.working_time import Target
from contacthub.mail.models import Notice
from contacthub.people.models import CheckedFile, StaffMember
from contacthub.people.roles import Post, Role, UnitKind
from contacthub.submissions.models import Draft
from contacthub.submissions.places import Place
from employer_contact.acts import ACTS as CONTACT_ACTS
from employer_contact.models import ContactReason, PlanVersion, ReasonGiven
from employer_contact.reissue_acts import ACTS as REISSUE_ACTS
from employer_contact.request_acts import ACTS as REQUEST_ACTS
from employer_contact.request_acts import STEP_ACTS
from employer_contact.services.requests import copy_steps
from employer_contact.views.calls import PAGES as CALL_PAGES
from jobmatch_helpdesk import services
from jobmatch_helpdesk.acts import ACTS
from jobmatch_helpdesk.views.incidents import INSERT, WAYS
from tests.contacthub.api.situations import integrator, made_key
from tests.contacthub.documents.files import attached
from tests.factories import (
    MORNING,
    ContactFactory,
    DeoScheduleFactory,
    EmploymentFactory,
    FeedbackFormFactory,
    IncidentFactory,
    MembershipFactory,
    MessageFactory,
    PayrollAgentFactory,
    ReissueRequestFactory,
    ReplyTemplateFactory,
    ServiceRequestFactory,
    StaffMemberFactory,
    UnitFactory,
    told,
)

ROOT = Path(settings.BASE_DIR)
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
APPS = CONTRACTS[0]["layers"][0].split(" | ")
FLOOR = next(contract["layers"] for contract in CONTRACTS if contract.get("containers") == ["contacthub"])


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    env = os.environ | {"PYTHONPATH": str(root)}
    return subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("module", "planted"),
    [
        ("contacthub/mail/services.py", "from jobmatch_helpdesk import routing"),
        ("contacthub/cases/services.py", "from contacthub.people import roles"),
        ("contacthub/ui/fields.py", "from contacthub.jobs import sweeps"),
        ("contacthub/people/services.py", "from contacthub import celery"),
        ("jobmatch_helpdesk/routing.py", "from jobmatch_helpdesk import lifecycle"),
        ("employer_contact/taxonomy.py", "from jobmatch_helpdesk import routing"),
        ("jobmatch_helpdesk/newroom.py", ""),
        ("jobmatch_helpdesk/queries.py", "import benchmarks.floor"),
        ("benchmarks/database.py", "from benchmarks import report"),
    ],
)
def test_an_import_that_runs_the_wrong_way_breaks_a_contract(tmp_path, module, planted):
    for part in ("contacthub", *APPS, "benchmarks"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / module).open("a") as file:
        file.write(f"\n{planted}\n")

    found = lint_imports(tmp_path)

    assert found.returncode == 1
    assert "broken" in found.stdout or "newroom" in found.stdout


def test_foreign_keys_point_into_the_same_room_or_a_lower_one():
    def height(model) -> int:
        label = model._meta.app_label
        levels = [level for level, rooms in enumerate(reversed(FLOOR)) if label in rooms.split(" | ")]
        return levels[0] if levels else len(FLOOR)

    ours = {config.label for config in apps.get_app_configs() if config.name.split(".")[0] in ("contacthub", *APPS)}
    upwards = [
        f"{model.__name__}.{field.name} -> {field.related_model.__name__}"
        for model in apps.get_models()
        if model._meta.app_label in ours
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete
        and field.related_model is not get_user_model()
        and field.related_model._meta.app_label in ours
        and field.related_model._meta.app_label != model._meta.app_label
        and height(field.related_model) >= height(model)
    ]  # fmt: skip

    assert upwards == []


FORMS = "feedback forms"  # the member of a complaint team who started one
EVERYBODY, STAFF, HELPDESK, LEAD = "everybody", "staff", "Helpdesk agent", "Helpdesk lead"
INCIDENTS = "incidents"  # the Helpdesk, and who raises
RAISERS = [
    Role.JOBCENTRE_ADVISER,
    Role.JD_AGENT,
    Role.JD_QUALITY_ASSESSOR,
    Role.ED_AGENT,
    Role.ED_TEAM_LEADER,
]
CASEWORKERS = [Role.EMPLOYER_PAYMENTS_CASEWORKER, Role.CASEWORKER, Role.WELSH_LANGUAGE_UNIT]
CONTACTS = "contacts"  # caseworkers, here each with a contact of their own
RECORDERS = "recorders"  # who opens contacts: of the employer payments team, and others who ring out
MAIL = "mail"  # leads and administrators
NOBODY = "nobody"
TEMPLATES = "templates"  # leads and administrators
ANSWERERS = "who answers"  # employer payments, the Welsh Language Unit and machines, of a callback that they have
CALLS = "callbacks"  # the Helpdesk, and the staff of a queue's unit: here the leader of an ED site
LEADERS = "leaders"  # who leads others: here the leader of an ED site
CALLERS = "callers"  # the staff of a queue's unit
RECORD_PAGES = [
    "employers", "find", "employer", "agents", "notes", "schedule", "parents", "parent", "agent",
    "raise-for-lines", "requests", "employer-requests", "employer-contacts", "agent-contacts", "agent-requests",
]  # fmt: skip
ADMINISTRATOR = "Administrator"
INTEGRATOR = "Integrator"
COMPLAINTS = Role.COMPLAINT_TEAM_MEMBER
KEYS = "keys"  # administrators, and integrators those that act as them
ACCOUNTS = "employers"  # caseworkers, and owners of cases
CONTACT_PAGES = ["contact", "search", "identity_state", *CALL_PAGES, *(act.name for act in CONTACT_ACTS)]
RAISING_PAGES = ["raising", "create-sr"]
INPUT_PAGES = ["schedule_input", "input-complete", "input-not-needed"]
# Of part 1, which its sender writes.
INVOLVED_PAGES = ["add", "up", "down", "remove"]
PART_ONE_PAGES = [
    "complaint", "trigger", "people", "person", "evidence", "letters", "managers", "ask", "no_feedback", "submit",
    *INVOLVED_PAGES,
]  # fmt: skip
# On which the sending side decides how a form goes on.
DECIDED_PAGES = ["agree", "refuse", "check", "send", "return", "confirm", "confirm_send"]
# What is done to a form that is under way.
MOVED_PAGES = ["re_address", "name_responsible", "withdraw", "resend_copy"]
# Of part 2, which the receiving team leader writes.
PART_TWO_PAGES = ["part_two", "recordings", "discuss", "plan", "one_to_one", "complete"]
# Of a personal file, and of the 1-2-1s that are read like it.
FILE_PAGES = ["file", "file_entry", "file_entry_pdf", "one_to_one_month"]
STEP_PAGES = [f"activity-{name}" for name in STEP_ACTS]
WORDING_PAGES = ["employers:identity-template", "employers:identity-template-save"]
REISSUE_PAGES = ["reissue", *(f"reissue-{act.name}" for act in REISSUE_ACTS)]
REQUEST_PAGES = [
    "request",
    "raise",
    "lines",
    "lines-upload",
    "lines-apply",
    *(f"request-{act.name}" for act in REQUEST_ACTS),
    *STEP_PAGES,
]
# Who gets a page of this address; everybody else is asked to sign in, or does not find it.
OPEN_TO = {
    "home": STAFF,
    "people:sign_in": EVERYBODY,
    "people:sign_out": EVERYBODY,
    "people:account": STAFF,
    "people:password": STAFF,
    "people:extend_session": EVERYBODY,
    "people:directory": STAFF,
    "people:person": STAFF,
    "people:unit": STAFF,
    "people:import": ADMINISTRATOR,
    "people:template": ADMINISTRATOR,
    "people:checked": ADMINISTRATOR,
    "people:apply": ADMINISTRATOR,
    "admin:index": ADMINISTRATOR,
    "workspace:help": EVERYBODY,
    "workspace:accessibility": EVERYBODY,
    "workspace:keys": STAFF,
    "workspace:search": STAFF,
    "workspace:live": EVERYBODY,
    "workspace:ready": EVERYBODY,
    "deadlines:deadline": HELPDESK,
    "deadlines:newest": HELPDESK,
    "deadlines:extend": HELPDESK,  # the service asks for the lead
    "api:keys": KEYS,
    "api:new_key": ADMINISTRATOR,
    "api:key": KEYS,
    "api:revoke": ADMINISTRATOR,
    "api:schema": EVERYBODY,
    "api:docs": EVERYBODY,
    "deadlines:follow_ups": STAFF,
    "deadlines:settle": CALLERS,
    "callbacks:ageing": CALLS,
    "callbacks:spreadsheet": CALLS,
    "callbacks:queue": CALLS,
    "callbacks:take_next": CALLERS,
    "callbacks:callback": CALLS,
    "callbacks:record-attempt": CALLS,
    **{f"callbacks:{name}": CALLS for name in CALL_ACTS},
    "drafts:drafts": STAFF,
    "drafts:keep": STAFF,
    "drafts:delete": STAFF,
    "documents:document": FORMS,  # of other cases, whom their app lets in: tests/contacthub/documents/test_opening.py
    "mail:outbox": MAIL,
    "mail:try_again": MAIL,
    "mail:tracking": NOBODY,  # but a provider that signs what it posts: tests/contacthub/mail/test_tracking.py
    "mail:notices": STAFF,
    "mail:read_notice": STAFF,
    "jobmatch:contact_us": EVERYBODY,
    "jobmatch:contact_us_who": EVERYBODY,
    "jobmatch:contact_us_reply": EVERYBODY,
    "jobmatch:contact_us_about": EVERYBODY,
    "jobmatch:contact_us_happened": EVERYBODY,
    "jobmatch:contact_us_check": EVERYBODY,
    "jobmatch:contact_us_sent": EVERYBODY,
    "jobmatch:queue": INCIDENTS,
    "jobmatch:newer": HELPDESK,
    "jobmatch:raise": INCIDENTS,
    "jobmatch:route": INCIDENTS,
    "jobmatch:take_next": HELPDESK,
    "jobmatch:incident": HELPDESK,
    "jobmatch:reply": HELPDESK,
    "jobmatch:ask": HELPDESK,
    "jobmatch:ask-for-call": HELPDESK,
    "jobmatch:insert-template": HELPDESK,
    "jobmatch:change-facts": HELPDESK,
    "jobmatch:change-route": HELPDESK,
    **{f"jobmatch:{act.name}": HELPDESK for act in ACTS},
    "jobmatch:templates": TEMPLATES,
    "jobmatch:new_template": TEMPLATES,
    "jobmatch:template": TEMPLATES,
    **{f"employers:{name}": ACCOUNTS for name in RECORD_PAGES},
    "employers:new_call": RECORDERS,
    "employers:request-reissue": RECORDERS,
    # And the team leaders of employer payments: tests/employer_contact/test_identity_email.py
    **dict.fromkeys(WORDING_PAGES, ADMINISTRATOR),
    "employers:reissues": ACCOUNTS,
    # Of employer payments, and who asked: here they did. Of case owners: tests/employer_contact/test_reissue_pages.py
    **{f"employers:{name}": RECORDERS for name in REISSUE_PAGES},
    "employers:contacts": CONTACTS,
    "employers:answered": ANSWERERS,
    **{f"employers:{name}": CONTACTS for name in [*CONTACT_PAGES, *RAISING_PAGES, *INPUT_PAGES, *REQUEST_PAGES]},
    **{f"feedback:{name}": FORMS for name in PART_ONE_PAGES},
    # But who leads the sender, and the senior manager: tests/complaints_feedback/test_check_pages.py
    **{f"feedback:{name}": NOBODY for name in DECIDED_PAGES},
    # But the sending team leader, and of a draft its sender: tests/complaints_feedback/test_moving_pages.py
    **{f"feedback:{name}": FORMS for name in MOVED_PAGES},
    # But the receiving team leader: tests/complaints_feedback/test_part_two_pages.py
    **{f"feedback:{name}": NOBODY for name in PART_TWO_PAGES},
    "feedback:forms": STAFF,
    "feedback:new": FORMS,
    "feedback:form": FORMS,
    "feedback:form_pdf": FORMS,
    # Their own; of others it is for who leads them today: tests/complaints_feedback/test_file_pages.py
    **{f"feedback:{name}": STAFF for name in FILE_PAGES},
    "feedback:people_list": LEADERS,
    "feedback:close_plan": NOBODY,  # but the team leader of the day: tests/complaints_feedback/test_one_to_one_pages.py
    "feedback:learning": NOBODY,  # but team leaders and above: tests/complaints_feedback/test_learning.py
    "feedback:learning_csv": NOBODY,
    "employers:keep-notes": RECORDERS,  # a script hears no; a page that was refused is shown again
}
POSTED = {
    "people:sign_out", "people:apply", "jobmatch:take_next", "jobmatch:route", "jobmatch:reply",
    "api:revoke",
    "deadlines:extend", "deadlines:settle",
    "callbacks:take_next", "callbacks:record-attempt", *(f"callbacks:{name}" for name in CALL_ACTS),
    "drafts:keep", "drafts:delete", "mail:try_again", "mail:read_notice",
    "jobmatch:ask", "jobmatch:ask-for-call", "jobmatch:insert-template", "jobmatch:change-route",
    *(f"jobmatch:{act.name}" for act in ACTS),
    *(f"employers:{name}" for name in [*REQUEST_PAGES[3:], "create-sr", *INPUT_PAGES[1:], *REISSUE_PAGES[1:]]),
    *(f"feedback:{name}" for name in [*INVOLVED_PAGES, "refuse", "send", "return", "confirm_send", *MOVED_PAGES]),
    "feedback:close_plan",
    *WORDING_PAGES[1:], "employers:answered", "employers:search", "employers:raise-for-lines",
    *(f"employers:{act.name}" for act in CONTACT_ACTS),
}  # fmt: skip


def names(resolver: URLResolver, prefix: str = "") -> list[str]:
    found = []
    for pattern in resolver.url_patterns:
        if getattr(pattern, "namespace", "") == "admin":
            found.append("admin:index")  # who gets into it is asked in one place: tests/contacthub/people/test_admin.py
        elif getattr(pattern, "namespace", "") == "rest":
            pass  # a key gets in, by its scopes: tests/test_api.py asks each endpoint
        elif isinstance(pattern, URLPattern):
            found.append(f"{prefix}{pattern.name}")
        else:
            found += names(pattern, f"{pattern.namespace}:" if pattern.namespace else prefix)
    return found


def test_every_address_stands_in_the_table():
    assert sorted(names(get_resolver())) == sorted(OPEN_TO)


def arguments(name: str, staff: StaffMember) -> list[object]:
    """Return what the address needs: records that this person may open, if anybody of the table's may."""
    if name.removeprefix("jobmatch:") in (
        "incident",
        "change-facts",
        "change-route",
        INSERT,
        *WAYS,
        *(act.name for act in ACTS),
    ):
        return [services.submit(told(), by=PUBLIC, at=MORNING).reference]
    if name in ("deadlines:deadline", "deadlines:newest", "deadlines:extend"):
        case = IncidentFactory().case
        deadline = set_deadline(case=case, kind="first_reply", target=Target(hours=1), at=MORNING)
        return [case.reference, deadline.kind] if name == "deadlines:newest" else [deadline.pk]
    if name in ("feedback:forms", "feedback:new", "feedback:people_list", "feedback:learning", "feedback:learning_csv"):
        return []
    if name.removeprefix("feedback:") in [*FILE_PAGES, "close_plan"]:
        return file_arguments(name.removeprefix("feedback:"), staff)
    if name.startswith(("feedback:", "documents:")):
        mine = staff.groups.filter(name=Role.COMPLAINT_TEAM_MEMBER).exists()
        form = FeedbackFormFactory(**({"sender": staff} if mine else {}))
        record_event(form, "started", by=CLOCK, at=MORNING, after=form.state)
        return [form.reference if name.startswith("feedback:") else attached(form.case, kind="complaint_letter").pk]
    if name == "employers:answered":
        return [called_back(staff).reference]
    if name.startswith("callbacks:") or name == "deadlines:settle":
        return callback_arguments(name, staff)
    if name.removeprefix("employers:") in [*CONTACT_PAGES, *RAISING_PAGES, *INPUT_PAGES, *REQUEST_PAGES]:
        return contact_arguments(name.removeprefix("employers:"), staff)
    if name.removeprefix("employers:") in REISSUE_PAGES:
        asked_by = staff if staff.groups.filter(name__in=CASEWORKERS[:2]).exists() else StaffMemberFactory()
        reissue = ReissueRequestFactory(raised_by=asked_by)
        record_event(reissue, "requested", by=CLOCK, at=MORNING, after=reissue.state)
        return [reissue.reference]
    if name.startswith("employers:"):
        return employer_arguments(name)
    if name == "jobmatch:template":
        return [ReplyTemplateFactory().pk]
    if name == "mail:try_again":
        return [MessageFactory(case=IncidentFactory().case, failed=True).pk]
    if name == "mail:tracking":
        return ["postmark"]
    if name == "mail:read_notice":
        return [Notice.objects.create(person=staff, words="Told", at=MORNING).pk]
    if name in ("api:key", "api:revoke"):
        return [made_key(staff if staff.groups.filter(name=Role.INTEGRATOR) else integrator(), "incidents:read").key.pk]
    if name == "people:person":
        return [staff.staff_number]
    if name == "people:unit":
        return [UnitFactory().code]
    if name in ("people:checked", "people:apply"):
        return [CheckedFile.objects.create(file_name="people.csv", checked_by=staff, checked_at=MORNING).pk]
    if name == "drafts:delete":
        return [Draft.objects.create(person=staff, place="a", title="a", link="/", words={}, kept_at=MORNING).pk]
    return []


def file_arguments(page: str, staff: StaffMember) -> list[object]:
    """Return what an address of somebody's own file needs."""
    if page == "file":
        return [staff.staff_number]
    june = date(2026, 6, 1)
    if page == "one_to_one_month":
        return [staff.staff_number, june]
    form = FeedbackFormFactory(person=staff)
    if page == "close_plan":
        plan = form.plans.create(person=staff, words="Shadow", opened_at=MORNING, opened_by=staff)
        return [staff.staff_number, june, plan.pk]
    entry = PersonalFileEntry.objects.create(form=form, person=staff, filed_at=MORNING, content={"parts": []})
    return [staff.staff_number, entry.pk]


def contact_arguments(page: str, staff: StaffMember) -> list[object]:
    owner = staff if staff.groups.filter(name__in=CASEWORKERS).exists() else StaffMemberFactory()
    if page in REQUEST_PAGES:
        request = ServiceRequestFactory(owner=owner)
        record_event(request, "raised", by=CLOCK, at=MORNING, after=request.state)
        return [request.reference, *([1] if page in STEP_PAGES else [])]
    contact = ContactFactory(direction="outbound", owner=owner)
    if page in INPUT_PAGES:
        reason = ReasonGiven.objects.create(
            contact=contact, reason=ContactReason.objects.get(code="input_schedule"), at=MORNING
        )
        copy_steps(PlanVersion.objects.get(plan=reason.reason.plan).steps.all(), reason=reason)
    record_event(contact, "opened", by=CLOCK, at=MORNING, after=contact.state)
    return [contact.reference, *(["statement"] if page in RAISING_PAGES else [1] if page in INPUT_PAGES[1:] else [])]


def employer_arguments(name: str) -> list[object]:
    job = EmploymentFactory()
    page = name.removeprefix("employers:")
    if page in (
        "employers",
        "find",
        "new_call",
        "contacts",
        "requests",
        "reissues",
        "identity-template",
        "identity-template-save",
    ):
        return []
    if page in ("agent", "agent-contacts", "agent-requests"):
        return [PayrollAgentFactory().earn]
    june = date(2026, 6, 1)
    DeoScheduleFactory(employer=job.employer, month=june)
    parent = [job.paying_parent.reference]
    further = {"schedule": [june], "raise-for-lines": [june], "parent": parent, "request-reissue": parent}
    return [job.employer.ern, *further.get(page, [])]


def called_back(staff: StaffMember) -> Callback:
    """Return a callback about a contact, which this person has."""
    queue = Queue.objects.create(code="a-queue", unit=UnitFactory(), caller_words="We call")
    contact = ContactFactory()
    record_event(contact, "opened", by=CLOCK, at=MORNING, after=contact.state)
    sheet = CallSheet("Gwen Parry", "+441632960983", "cy", "We ring you in Welsh")
    made = request_callback(about=contact.case, kind=Kind.WELSH, queue=queue, call=sheet, by=CLOCK, at=MORNING)
    move(made.allocate, by=CLOCK, at=MORNING, caller_id=staff.pk)
    return made


def callback_arguments(name: str, staff: StaffMember) -> list[object]:
    """Return what an address of callbacks needs: of the queue of the unit in which this person works, or of another."""
    post = staff.memberships.first()
    unit = post.unit if post else UnitFactory(kind=UnitKind.ED_SITE)
    queue = Queue.objects.create(code="a-queue", unit=unit, caller_words="We call", caller_post=Post.TEAM_LEADER)
    if name in ("callbacks:ageing", "callbacks:spreadsheet"):
        return []
    if name in ("callbacks:queue", "callbacks:take_next"):
        return [queue.code]
    sheet = CallSheet("Gwen Parry", "+441632960983", "en", "Use another browser")
    about = IncidentFactory().case
    made = request_callback(about=about, kind=Kind.UJ_ED, queue=queue, call=sheet, by=CLOCK, at=MORNING)
    if name != "deadlines:settle":
        return [made.reference]
    hour = Target(hours=1)
    return [
        expect(
            case=made.case, kind=FollowUpKind.LETTER, unit=unit, words="Letter", target=hour, by=CLOCK, at=MORNING
        ).pk
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("name", OPEN_TO)
@pytest.mark.parametrize(
    "who", [EVERYBODY, STAFF, HELPDESK, LEAD, ADMINISTRATOR, INTEGRATOR, COMPLAINTS, *RAISERS, *CASEWORKERS]
)
def test_only_those_in_the_table_get_in(client, reference, name, who):
    staff = StaffMemberFactory(role=None if who in (EVERYBODY, STAFF, Role.ED_TEAM_LEADER) else Role(who))
    if who == Role.ED_TEAM_LEADER:
        MembershipFactory(person=staff, unit=UnitFactory(kind=UnitKind.ED_SITE), post=Post.TEAM_LEADER)
    if who != EVERYBODY:
        client.force_login(staff)
    url = reverse(name, args=arguments(name, staff))
    posted = {"key": "a-key", "words": "{}", "place": Place("a", "a", "/", staff.pk, 0).sealed}

    response = client.post(url, posted) if name in POSTED else client.get(url)

    asked_to_sign_in = response.status_code == 302 and response.url.startswith(f"{reverse('people:sign_in')}?next=")
    # 409: the page says that somebody else has it, to whom it is open.
    let_in = (response.status_code < 400 or response.status_code == 409) and not asked_to_sign_in
    allowed = {
        EVERYBODY: True,
        NOBODY: False,
        STAFF: who != EVERYBODY,
        HELPDESK: who in (HELPDESK, LEAD),
        INCIDENTS: who in (HELPDESK, LEAD, *RAISERS),
        CALLS: who in (HELPDESK, LEAD, Role.ED_TEAM_LEADER),
        CALLERS: who == Role.ED_TEAM_LEADER,
        LEADERS: who == Role.ED_TEAM_LEADER,
        CONTACTS: who in CASEWORKERS,
        RECORDERS: who in CASEWORKERS[:2],
        ANSWERERS: who in (CASEWORKERS[0], CASEWORKERS[2], INTEGRATOR),
        MAIL: who in (LEAD, ADMINISTRATOR),
        TEMPLATES: who in (LEAD, ADMINISTRATOR),
        ACCOUNTS: who in CASEWORKERS,
        FORMS: who == COMPLAINTS,
        ADMINISTRATOR: who == ADMINISTRATOR,
        KEYS: who in (ADMINISTRATOR, INTEGRATOR),
    }
    assert let_in is allowed[OPEN_TO[name]]
