from django.urls import include, path

from employer_contact import api
from employer_contact.acts import ACTS
from employer_contact.reissue_acts import ACTS as REISSUE_ACTS
from employer_contact.request_acts import ACTS as REQUEST_ACTS
from employer_contact.request_acts import STEP_ACTS
from employer_contact.views import (
    agents,
    calls,
    contacts,
    employers,
    line_files,
    parents,
    reissues,
    request_lists,
    requests,
    schedule_input,
    schedules,
    starting,
    wording,
)

EMPLOYER = "employers/<ern:ern>/"
AGENT = "employers/agents/<earn:earn>/"
CONTACT = "employers/<contact:reference>/"
REISSUE = "employers/<reissue:reference>/"
REQUEST = "employers/<request:reference>/"

app_name = "employers"
urlpatterns = [
    path("api/v1/", include((api.urlpatterns, "rest"))),
    path("employers/", employers.employers, name="employers"),
    path("employers/search/", employers.search, name="find"),
    path(AGENT, agents.agent, name="agent"),
    path(f"{AGENT}contacts/", contacts.of_agent, name="agent-contacts"),
    path(f"{AGENT}service-requests/", request_lists.of_agent, name="agent-requests"),
    path(EMPLOYER, employers.employer, name="employer"),
    path(f"{EMPLOYER}contacts/", contacts.of_employer, name="employer-contacts"),
    path(f"{EMPLOYER}agents/", employers.agents, name="agents"),
    path(f"{EMPLOYER}notes/", employers.notes, name="notes"),
    path(f"{EMPLOYER}schedule/<month:month>/", schedules.schedule, name="schedule"),
    path(f"{EMPLOYER}schedule/<month:month>/raise/", requests.raise_for_lines, name="raise-for-lines"),
    path(f"{EMPLOYER}paying-parents/", parents.parents, name="parents"),
    path(f"{EMPLOYER}paying-parents/<parent:reference>/", parents.parent, name="parent"),
    path(
        f"{EMPLOYER}paying-parents/<parent:reference>/request-reissue/",
        reissues.request_reissue,
        name="request-reissue",
    ),
    path("employers/identity-template/", wording.wording, name="identity-template"),
    path("employers/identity-template/save/", wording.save, name="identity-template-save"),
    path("employers/reissues/", reissues.reissues, name="reissues"),
    path(REISSUE, reissues.page, name="reissue"),
    *(
        path(f"{REISSUE}{act.name}/", reissues.act, {"name": act.name}, name=f"reissue-{act.name}")
        for act in REISSUE_ACTS
    ),
    path("employers/calls/new/", starting.new_call, name="new_call"),
    path("employers/calls/answered/<reference:reference>/", starting.answered, name="answered"),
    path("employers/contacts/", contacts.contacts, name="contacts"),
    path(CONTACT, calls.contact, name="contact"),
    *(path(f"{CONTACT}{page.replace('_', '-')}/", calls.step, {"page": page}, name=page) for page in calls.PAGES),
    path(f"{CONTACT}identity-email/state/", calls.identity_state, name="identity_state"),
    path(f"{CONTACT}search/", calls.search, name="search"),
    path(f"{CONTACT}keep-notes/", calls.keep_notes, name="keep-notes"),
    *(
        path(f"{CONTACT}{act.name}/", calls.act, {"name": act.name}, name=act.name)
        for act in ACTS
        if act.name not in ("keep-notes", "attach")
    ),
    path(f"{CONTACT}attach/", requests.attach, name="attach"),
    path(f"{CONTACT}schedule-input/", schedule_input.page, name="schedule_input"),
    *(
        path(f"{CONTACT}schedule-input/<int:number>/{name}/", schedule_input.step, {"name": name}, name=f"input-{name}")
        for name in ("complete", "not-needed")
    ),
    path(f"{CONTACT}request/<slug:reason>/", requests.raising, name="raising"),
    path(f"{CONTACT}request/<slug:reason>/create-sr/", requests.create, name="create-sr"),
    path("employers/service-requests/", request_lists.requests, name="requests"),
    path(f"{EMPLOYER}service-requests/", request_lists.of_employer, name="employer-requests"),
    path(f"{REQUEST}raise/", requests.raise_further, name="raise"),
    path(REQUEST, requests.page, name="request"),
    *(
        path(f"{REQUEST}{act.name}/", requests.act, {"name": act.name}, name=f"request-{act.name}")
        for act in REQUEST_ACTS
    ),
    path(f"{REQUEST}lines/", line_files.page, name="lines"),
    path(f"{REQUEST}lines/upload/", line_files.upload, name="lines-upload"),
    path(f"{REQUEST}lines/apply/", line_files.apply, name="lines-apply"),
    *(
        path(f"{REQUEST}activities/<int:number>/{name}/", requests.step, {"name": name}, name=f"activity-{name}")
        for name in STEP_ACTS
    ),
]
