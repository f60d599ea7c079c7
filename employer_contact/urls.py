from django.urls import path

from employer_contact.acts import ACTS
from employer_contact.views import agents, calls, changing, contacts, employers, parents, schedules, starting

EMPLOYER = "employers/<ern:ern>/"
CONTACT = "employers/<contact:reference>/"

app_name = "employers"
urlpatterns = [
    path("employers/", employers.employers, name="employers"),
    path("employers/search/", employers.search, name="find"),
    path("employers/agents/<earn:earn>/", agents.agent, name="agent"),
    path("employers/agents/<earn:earn>/change/", changing.agent, name="change-agent"),
    path(EMPLOYER, employers.employer, name="employer"),
    path(f"{EMPLOYER}change/", changing.employer, name="change-employer"),
    path(f"{EMPLOYER}schedule/<month:month>/lines/", changing.lines, name="change-lines"),
    path(f"{EMPLOYER}agents/", employers.agents, name="agents"),
    path(f"{EMPLOYER}notes/", employers.notes, name="notes"),
    path(f"{EMPLOYER}schedule/<month:month>/", schedules.schedule, name="schedule"),
    path(f"{EMPLOYER}paying-parents/", parents.parents, name="parents"),
    path(f"{EMPLOYER}paying-parents/<parent:reference>/", parents.parent, name="parent"),
    path("employers/calls/new/", starting.new_call, name="new_call"),
    path("employers/contacts/", contacts.contacts, name="contacts"),
    path(CONTACT, calls.contact, name="contact"),
    *(path(f"{CONTACT}{page.replace('_', '-')}/", calls.step, {"page": page}, name=page) for page in calls.PAGES),
    path(f"{CONTACT}search/", calls.search, name="search"),
    path(f"{CONTACT}keep-notes/", calls.keep_notes, name="keep-notes"),
    *(
        path(f"{CONTACT}{act.name}/", calls.act, {"name": act.name}, name=act.name)
        for act in ACTS
        if act.name != "keep-notes"
    ),
]
