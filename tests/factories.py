"""The smallest valid records. Situations are traits."""

from datetime import UTC, date, datetime

import factory
from django.contrib.auth.models import Group

from complaints_feedback.models import FeedbackForm
from contacthub.cases.models import Case
from contacthub.deadlines.services import NEVER
from contacthub.mail.models import Mailbox, Message
from contacthub.people.models import Membership, Placement, StaffMember, Unit
from contacthub.people.roles import Role, UnitKind
from employer_contact.models import (
    AgentLink,
    CaseActivity,
    Contact,
    DeoSchedule,
    Employer,
    Employment,
    MaintenanceCase,
    PayingParent,
    PayrollAgent,
    PlanVersion,
    ReasonGiven,
    ReissueRequest,
    ScheduleLine,
    ServiceRequest,
    ServiceRequestKind,
)
from employer_contact.services.requests import copy_steps
from jobmatch_helpdesk.intake import Intake
from jobmatch_helpdesk.lifecycle import IncidentState
from jobmatch_helpdesk.models import Incident, ReplyTemplate
from jobmatch_helpdesk.routing import Band, Source

MORNING = datetime(2026, 6, 3, 9, 0, tzinfo=UTC)  # a Wednesday, 10am in the UK


class StaffMemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StaffMember
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"staff-{n}")
    name = factory.Sequence(lambda n: f"Ana Byrne {n}")
    staff_number = factory.Sequence(lambda n: f"{n:06}")
    email = factory.LazyAttribute(lambda staff: f"{staff.username}@helpdesk.example")
    active_from = date(2020, 1, 6)

    @factory.post_generation
    def role(self, create: bool, role: Role | None, **_: object) -> None:
        if create and role:
            self.groups.add(Group.objects.get_or_create(name=role)[0])


class UnitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Unit
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"unit-{n}")
    name = "Porth Wen Jobcentre"
    kind = UnitKind.JOBCENTRE


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    person = factory.SubFactory(StaffMemberFactory)
    unit = factory.SubFactory(UnitFactory)
    starts_on = date(2020, 1, 6)


class PlacementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Placement

    unit = factory.SubFactory(UnitFactory, kind=UnitKind.TEAM)
    starts_on = date(2020, 1, 6)


class CaseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Case

    kind = "incident"
    reference = factory.Sequence(lambda n: f"UJ-{900000 + n:06}")


class IncidentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Incident

    class Params:
        resolved = factory.Trait(state=IncidentState.RESOLVED, replied_at=MORNING, due_at=NEVER)

    case = factory.SubFactory(CaseFactory)
    source = Source.ONLINE_ANONYMOUS
    row = "R14"
    band = Band.STANDARD
    customer_name = "Dafydd Llywelyn"
    customer_email = "dafydd.llywelyn@example.org"
    description = "Cannot upload my CV"
    received_at = MORNING
    due_at = MORNING


class ReplyTemplateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReplyTemplate

    title = factory.Sequence(lambda n: f"Template {n}")
    english = "Save the CV as a PDF"
    welsh = "Cadwch y CV fel PDF"


def told(**given) -> Intake:
    """Return what an anonymous person writes through Contact Us, with what is given in its place."""
    words = {"customer_name": "Dafydd Llywelyn", "customer_email": "dafydd@example.org", "description": "Cannot upload"}
    return Intake(**{"source": Source.ONLINE_ANONYMOUS, **words, **given})


class MailboxFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Mailbox
        django_get_or_create = ("code",)

    code = "helpdesk"
    name = "Universal Jobmatch Helpdesk"
    address = "helpdesk@contacthub.example"


class MessageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Message

    class Params:
        failed = factory.Trait(
            state="failed", next_attempt_at=None, ended_at=MORNING, tried_at=MORNING, attempts=1,
            server_words="550 5.1.1 No such user here",
        )  # fmt: skip
        held_back = factory.Trait(
            state="held_back", next_attempt_at=None, ended_at=MORNING, tried_at=MORNING, attempts=1,
            server_words="The form was withdrawn",
        )  # fmt: skip
        accepted = factory.Trait(state="accepted", next_attempt_at=None, ended_at=MORNING, tried_at=MORNING, attempts=1)
        delivered = factory.Trait(
            state="delivered", next_attempt_at=None, ended_at=MORNING, tried_at=MORNING, attempts=1, provider_id="an-id"
        )

    mailbox = factory.SubFactory(MailboxFactory)
    from_name = "Universal Jobmatch Helpdesk"
    from_address = "helpdesk@contacthub.example"
    to = "dafydd.llywelyn@example.org"
    subject = "UJ-000001: our answer"
    body = "Save the CV as a PDF"
    message_id = factory.Sequence(lambda n: f"<{n}@contacthub.example>")
    queued_at = MORNING
    next_attempt_at = MORNING


class EmployerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Employer

    class Params:
        whole = factory.Trait(
            hmrc_address="12 Corn Street\nAshcombe", hmrc_postcode="ZZ99 1AA",
            payroll_address="Unit 4, Old Maltings\nMillbrack", payroll_postcode="ZZ99 3AA",
            telephone="+441632960120", additional_telephones=["+441632960121", "+447700900364"],
            fax="+441632960129", prefers_fax=True, email="payroll@brindlewick.example",
            contact_names=["Orla Pettigrew", "Tomasz Żurawski"], pay_day=28, cut_off_day=20, voicemail_authorised=True,
        )  # fmt: skip

    ern = factory.Sequence(lambda n: f"{920000001 + n}")
    name = "Brindlewick Bakeries Ltd"


class PayrollAgentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PayrollAgent

    earn = factory.Sequence(lambda n: f"EA{9200001 + n}")
    name = "Quillmarch Payroll Services"


class AgentLinkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AgentLink

    employer = factory.SubFactory(EmployerFactory)
    agent = factory.SubFactory(PayrollAgentFactory)
    starts_on = date(2025, 4, 1)


class PayingParentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PayingParent

    reference = factory.Sequence(lambda n: f"{121999500001 + n}")
    nino = factory.Sequence(lambda n: f"QQ{500001 + n:06}A")
    name = "Gethin Prys-Morgan"


class EmploymentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Employment

    employer = factory.SubFactory(EmployerFactory)
    paying_parent = factory.SubFactory(PayingParentFactory)


class MaintenanceCaseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MaintenanceCase

    number = factory.Sequence(lambda n: f"{300000001 + n}")
    paying_parent = factory.SubFactory(PayingParentFactory)
    receiving_parent = "Leanne Duffy"


class CaseActivityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CaseActivity

    maintenance_case = factory.SubFactory(MaintenanceCaseFactory)
    kind = "CMSL2040"
    happened_on = date(2026, 1, 12)


class DeoScheduleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DeoSchedule

    employer = factory.SubFactory(EmployerFactory)
    month = date(2026, 6, 1)
    delivery = "paper"


class ScheduleLineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ScheduleLine

    schedule = factory.SubFactory(DeoScheduleFactory)
    paying_parent = factory.SubFactory(PayingParentFactory)
    due = "188.20"


class ContactFactory(factory.django.DjangoModelFactory):
    """A call in which nobody was identified yet, and that is nobody's."""

    class Meta:
        model = Contact

    case = factory.SubFactory(CaseFactory, kind="contact", reference=factory.Sequence(lambda n: f"CT-{900000 + n:06}"))
    channel = "telephone"
    opened_at = MORNING
    call_began_at = MORNING


class ReissueRequestFactory(factory.django.DjangoModelFactory):
    """A request to re-issue the CMSL2040 of a case whose paying parent works for the employer."""

    class Meta:
        model = ReissueRequest

    case = factory.SubFactory(CaseFactory, kind="reissue", reference=factory.Sequence(lambda n: f"RI-{900000 + n:06}"))
    employer = factory.SelfAttribute("job.employer")
    maintenance_case = factory.LazyAttribute(
        lambda made: MaintenanceCaseFactory(paying_parent=made.job.paying_parent, owner=StaffMemberFactory())
    )
    scenario = "amount_differs"
    reason = "The schedule says 188.20, the letter 170.00"
    opened_at = MORNING
    due_at = MORNING

    class Params:
        job = factory.SubFactory(EmploymentFactory)


class ServiceRequestFactory(factory.django.DjangoModelFactory):
    """A request for a statement with the steps of its plan; the reference data must be loaded."""

    class Meta:
        model = ServiceRequest
        skip_postgeneration_save = True

    case = factory.SubFactory(
        CaseFactory, kind="service_request", reference=factory.Sequence(lambda n: f"SR-{900000 + n:06}")
    )
    kind = factory.LazyFunction(lambda: ServiceRequestKind.objects.get(code="STATEMENT"))
    process = factory.SelfAttribute("kind.process")
    area = factory.SelfAttribute("kind.area")
    sub_area = factory.SelfAttribute("kind.sub_area")
    contact = factory.SubFactory(ContactFactory)
    reason = factory.LazyAttribute(
        lambda made: ReasonGiven.objects.create(contact=made.contact, reason=made.kind.reason, at=MORNING)
    )
    security = "passed"
    party_type = "employer"
    employer = factory.SubFactory(EmployerFactory)
    opened_at = MORNING
    due_at = MORNING
    plan_version = factory.LazyAttribute(lambda made: PlanVersion.objects.filter(plan=made.kind.plan).latest("number"))

    @factory.post_generation
    def steps(self, create: bool, given: object, **_: object) -> None:
        if create:
            copy_steps(self.plan_version.steps.all(), request=self)


class FeedbackFormFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FeedbackForm

    class Params:
        agreed = factory.Trait(agreed_by=factory.SubFactory(StaffMemberFactory), agreed_at=MORNING)

    case = factory.SubFactory(
        CaseFactory, kind="feedback_form", reference=factory.Sequence(lambda n: f"CFF-{900000 + n:06}")
    )
    complaint_reference = factory.Sequence(lambda n: f"RSP-{n}")
    route = "resolution"
    sender = factory.SubFactory(StaffMemberFactory)
    started_on = MORNING.date()
    started_at = MORNING
