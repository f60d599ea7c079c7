"""A dozen incidents, made by the services themselves, dated relative to today. People and employers are invented."""

from __future__ import annotations

from datetime import datetime, timedelta

from contacthub.actor import PUBLIC, Actor
from contacthub.formats import uk_day
from contacthub.people.models import StaffMember
from contacthub.people.services import actor_for
from jobmatch_helpdesk import services

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

# hours ago, who takes the next one, and what they answer ("" where they are still at it)
ANSWERED = [
    (70.0, "agent", "The links expire because each new one ends the one before. Use only the newest email, and wait two minutes before you ask again.\n\nI have made the link you asked for last valid until tomorrow evening."),
    (68.0, "agent-2", "The browser on the library computer is too old for the upload page. Save the CV as a PDF and use “Add a file later”, which works there. We have told the library service."),
    (49.0, "agent", "Your distance was saved, but the matches are worked out only once a night. From tomorrow morning you will see jobs within 10 miles."),
    (30.0, "agent-2", ""),
    (2.0, "agent", ""),
]
# fmt: on


def load(*, at: datetime) -> None:
    for name, email, hours_ago, words in WROTE:
        services.submit(customer_name=name, customer_email=email, description=words, by=PUBLIC, at=_ago(at, hours_ago))
    for hours_ago, username, answer in ANSWERED:
        _work_on_next(_agent(username, at=at), answer, at=_ago(at, hours_ago))


def _work_on_next(agent: Actor, answer: str, *, at: datetime) -> None:
    incident = services.take_next(by=agent, at=at)
    if incident and answer:
        services.reply(incident_id=incident.pk, text=answer, by=agent, at=at + timedelta(minutes=12))


def _agent(username: str, *, at: datetime) -> Actor:
    return actor_for(StaffMember.objects.get(username=username), on=uk_day(at))


def _ago(at: datetime, hours: float) -> datetime:
    return at - timedelta(hours=hours)
