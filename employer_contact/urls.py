from django.urls import path

from employer_contact.acts import ACTS
from employer_contact.views import calls, contacts, starting

CONTACT = "employers/<contact:reference>/"

app_name = "employers"
urlpatterns = [
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
