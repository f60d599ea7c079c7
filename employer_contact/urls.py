from django.urls import path

from employer_contact.views import agents, employers, parents, schedules

EMPLOYER = "employers/<ern:ern>/"

app_name = "employers"
urlpatterns = [
    path("employers/", employers.employers, name="employers"),
    path("employers/search/", employers.search, name="search"),
    path("employers/agents/<earn:earn>/", agents.agent, name="agent"),
    path(EMPLOYER, employers.employer, name="employer"),
    path(f"{EMPLOYER}agents/", employers.agents, name="agents"),
    path(f"{EMPLOYER}notes/", employers.notes, name="notes"),
    path(f"{EMPLOYER}schedule/<month:month>/", schedules.schedule, name="schedule"),
    path(f"{EMPLOYER}paying-parents/", parents.parents, name="parents"),
    path(f"{EMPLOYER}paying-parents/<parent:reference>/", parents.parent, name="parent"),
]
