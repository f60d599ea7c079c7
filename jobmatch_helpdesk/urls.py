from django.urls import path, register_converter

from contacthub.cases.converters import ReferenceConverter
from jobmatch_helpdesk.acts import ACTS
from jobmatch_helpdesk.views import incidents, public, queue, raising

register_converter(ReferenceConverter, "reference")

RECORD = "jobmatch/<reference:reference>/"

app_name = "jobmatch"
urlpatterns = [
    path("contact-us/", public.contact_us, name="contact_us"),
    path("contact-us/sent/", public.contact_us_sent, name="contact_us_sent"),
    path("jobmatch/", queue.queue, name="queue"),
    path("jobmatch/new/", raising.raise_incident, name="raise"),
    path("jobmatch/new/route/", raising.route, name="route"),
    path("jobmatch/take-next/", queue.take_next, name="take_next"),
    path(RECORD, incidents.incident, name="incident"),
    *(path(f"{RECORD}{way}/", incidents.write, {"way": way}, name=way) for way in incidents.WAYS),
    *(path(f"{RECORD}{act.name}/", incidents.act, {"name": act.name}, name=act.name) for act in ACTS),
]
