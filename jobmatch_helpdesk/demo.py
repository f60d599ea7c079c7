"""Incidents of every staff source and of the public, made by the services themselves, dated relative to today. People and employers are invented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from contacthub.actor import PUBLIC, Actor
from contacthub.formats import uk_day
from contacthub.people.models import StaffMember
from contacthub.people.services import actor_for, units_of
from jobmatch_helpdesk import services
from jobmatch_helpdesk.demo_templates import load_templates
from jobmatch_helpdesk.intake import Intake
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.permissions import sources_open_to
from jobmatch_helpdesk.routing import Source

# fmt: off
# name, email, hours ago, what they wrote
WROTE = [
    ("Patience Okafor", "patience.okafor@example.org", 76.0, "Password reset link has expired each time\n\nI asked for a new password five times today. Each time the link in the email says it has expired, although I press it within a minute of getting it. I have an interview on Thursday and the details are in my account."),
    ("Dafydd Llywelyn", "dafydd.llywelyn@example.org", 74.5, "Cannot upload my CV from the library computer\n\nThe page goes white after I choose the file. It is a Word document of 300 kB. It works on my neighbour's laptop, so I think it is the browser there, but the library cannot change that."),
    ("Aleksandra Wiśniewska-Kowalczyk", "a.wisniewska@example.com", 72.25, "Matches are all 60 miles away\n\nI set the distance to 10 miles and saved it twice. The list still shows jobs in towns I cannot reach without a car. When I look at my profile the distance says 10."),
    ("Joseph O’Rourke", "joseph.orourke@example.org", 50.0, "Interview letter names the wrong employer\n\nThe letter I printed says Tarnholm Logistics Ltd, the advert says Oxmarsh Fencing Co. Which one do I go to on Monday?"),
    ("Siân Ffion Rhydderch-Vaughan", "sian.rhydderch@example.org", 48.5, "Cannot change my surname after marriage\n\nThe form says the name is part of my sign-in and cannot be changed. My new bank card and my passport have the new name, and employers ask why they differ."),
    ("Mohammed Al-Rashid", "m.alrashid@example.com", 29.0, "Two accounts, one in my brother’s name\n\nWe share a computer. I think the site mixed us up when he signed in after me. His applications are in my list and mine are gone."),
    ("Nia Haf Prydderch-Jones", "nia.prydderch@example.org", 26.5, "Vacancy shows in English although it was posted in both languages\n\nThe employer tells me that she wrote it in Welsh as well. I see only the English text, whatever language I choose at the top."),
    ("Kwame Asante-Boateng", "kwame.asante@example.com", 25.0, "Job asks for £60 before the interview\n\nThe advert for warehouse work wants £60 for a security check, to be paid to a private account. Is that allowed? I have not paid. Others will."),
    ("Li Na", "li.na@example.com", 8.0, "Applied twice by mistake\n\nI pressed the button, nothing happened, I pressed again. Now the employer has two applications from me and says I must withdraw one, but the site withdraws both."),
    ("Llŷr Caradog-Hughes", "llyr.caradog@example.org", 5.5, "Page goes white when I press apply\n\nWhen I press apply for the forklift job the page goes white. I have tried on two computers at the library, with two browsers."),
    ("Bright Ncube", "bright.ncube@example.com", 2.25, "Signed out in the middle of a long form\n\nI typed for half an hour, the answers about my last three jobs. Then it said that I was signed out and everything was gone. It has happened twice."),
    ("مريم أحمد", "maryam.ahmad@example.com", 0.75, "My name is shown backwards in the messages to employers\n\nIn my profile it is right. In the message that the employer forwarded to me the letters of my name are in the wrong order."),
]

# who raises it, hours ago, what they give
RAISED: list[tuple[str, float, dict[str, Any]]] = [
    ("jobcentre", 46.0, {"customer_type": "jobseeker", "customer_name": "Sioned Parry", "no_email": True, "telephone": "+441632960983", "call_required": True, "dwp_user_email": "rhian.evans@contacthub.example", "language": "cy", "topic": "application", "description": "Cannot apply, page times out after uploading CV\n\nShe fills in the form and uploads her CV, then after about a minute the page says it has timed out and everything she typed is gone. We have tried three times on the office computer. She would like to be called in Welsh, before 3pm if you can."}),
    ("jobcentre", 21.0, {"customer_type": "jobseeker", "customer_name": "Macsen Prosser", "customer_email": "macsen.prosser@example.org", "topic": "matching", "description": "Vacancies of last year come first\n\nHe sorts by date and sees jobs that closed in the spring. The new ones are on page four."}),
    ("jobcentre", 20.0, {"customer_type": "employer", "customer_name": "Oxmarsh Fencing Co", "customer_email": "office@oxmarsh.example", "to_adviser": True, "adviser_email": "rhian.evans@contacthub.example", "topic": "posting", "description": "Advert refused as a duplicate, but it is a second site\n\nThe two sites are 30 miles apart. I would like to tell him myself when he comes in on Friday."}),
    ("jobcentre", 4.5, {"own_problem": True, "dwp_user_email": "rhian.evans@contacthub.example", "topic": "account", "description": "My own sign-in shows another office\n\nSince Monday I am shown as working at Millbrack. I have never worked there."}),
    ("jd-agent", 28.0, {"customer_type": "jobseeker", "customer_name": "Adaeze Nwosu", "customer_email": "adaeze.nwosu@example.com", "topic": "sign_in", "description": "Account locked after the bank holiday\n\nShe is sure of the password. It says locked, and the unlock page says the account does not exist."}),
    ("jd-agent", 27.0, {"customer_type": "jobseeker", "customer_name": "Gwilym ap Rhys", "no_email": True, "telephone": "+441632960771", "call_required": True, "topic": "unsafe", "description": "Job in a private house asks for a photograph first\n\nHe found the advert strange and would like to know if it is a real employer. He has no email and no computer at home."}),
    ("ed-agent", 52.0, {"customer_type": "employer", "customer_name": "Pellingham Care Homes Ltd", "no_email": True, "telephone": "+441632960455", "call_required": True, "topic": "posting", "description": "Forty vacancies to close before the weekend\n\nThe account came over from ERM and has no email. She cannot close them one by one."}),
    ("ed-agent", 3.0, {"customer_type": "employer", "customer_name": "Brindlewick Bakeries Ltd", "customer_email": "jobs@brindlewick.example", "topic": "posting", "description": "Night shift shows as day shift\n\nThe advert says 10pm to 6am, the summary says daytime. Applicants turn it down when they hear."}),
    ("jobcentre", 0.5, {"customer_type": "jobseeker", "customer_name": "Dewi Tarrant", "customer_email": "dewi.tarrant@example.org", "escalated": True, "escalation_reason": "He waits for the adviser at the car park and shouts that the site has ruined him", "risk_kind": "threat", "topic": "account", "description": "Adviser followed to her car after his account was locked\n\nThe account was locked by mistake this morning. He has been told so, and wants it in writing today."}),
]

# hours ago, who, whose incident, what they do with it, and their words
WORKED_ON = [
    (70.0, "agent", "Patience Okafor", services.reply, "The links expire because each new one ends the one before. Use only the newest email, and wait two minutes before you ask again.\n\nI have made the link you asked for last valid until tomorrow evening."),
    (68.0, "agent-2", "Dafydd Llywelyn", services.reply, "The browser on the library computer is too old for the upload page. Save the CV as a PDF and use “Add a file later”, which works there. We have told the library service."),
    (49.0, "agent", "Aleksandra Wiśniewska-Kowalczyk", services.reply, "Your distance was saved, but the matches are worked out only once a night. From tomorrow morning you will see jobs within 10 miles."),
    (24.0, "agent-2", "Sioned Parry", services.reply, "The CV did not go through because the file is too large: the site takes files of up to 5 MB, and says “timed out” instead of telling you so.\n\nSave the CV without the photographs, then apply again. The job is open until 5pm on Friday."),
    (20.0, "agent", "Adaeze Nwosu", services.ask, "Which email address did she sign in with, and what did the page say word for word?"),
    (5.0, "agent-2", "Joseph O’Rourke", None, ""),
    (2.0, "agent", "Siân Ffion Rhydderch-Vaughan", None, ""),
]
# fmt: on


def load(*, at: datetime) -> None:
    load_templates(at=at)
    for name, email, hours_ago, words in WROTE:
        intake = Intake(source=Source.ONLINE_ANONYMOUS, customer_name=name, customer_email=email, description=words)
        services.submit(intake, by=PUBLIC, at=_ago(at, hours_ago))
    for username, hours_ago, given in RAISED:
        _raise(username, given, at=_ago(at, hours_ago))
    for hours_ago, username, customer, do, words in WORKED_ON:
        _work_on(customer, do, words, by=_agent(username, at=_ago(at, hours_ago)), at=_ago(at, hours_ago))


def _raise(username: str, given: dict[str, Any], *, at: datetime) -> None:
    raiser = StaffMember.objects.get(username=username)
    by = actor_for(raiser, on=uk_day(at))
    site = units_of(raiser, on=uk_day(at)).first()
    intake = Intake(
        source=sources_open_to(by)[0],
        site_id=site.pk if site else None,
        raiser_name=raiser.name,
        raiser_email=raiser.email,
        **given,
    )
    services.submit(intake, by=by, at=at)


def _work_on(customer: str, do: Callable[..., Incident] | None, words: str, *, by: Actor, at: datetime) -> None:
    incident = Incident.objects.get(customer_name=customer)
    services.take(incident_id=incident.pk, reason="I know this problem from yesterday", by=by, at=at)
    if do:
        do(incident_id=incident.pk, text=words, by=by, at=at + timedelta(minutes=12))


def _agent(username: str, *, at: datetime) -> Actor:
    return actor_for(StaffMember.objects.get(username=username), on=uk_day(at))


def _ago(at: datetime, hours: float) -> datetime:
    return at - timedelta(hours=hours)
