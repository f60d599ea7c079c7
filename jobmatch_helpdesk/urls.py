from django.urls import include, path

from jobmatch_helpdesk import api
from jobmatch_helpdesk.acts import ACTS
from jobmatch_helpdesk.forms import QUESTIONS
from jobmatch_helpdesk.views import changing, incidents, inserting, public, queue, raising, templates

RECORD = "jobmatch/<reference:reference>/"

app_name = "jobmatch"
urlpatterns = [
    path("contact-us/", public.contact_us, name="contact_us"),
    *(path(f"contact-us/{step}/", public.question, {"step": step}, name=f"contact_us_{step}") for step in QUESTIONS),
    path("contact-us/check/", public.check, name="contact_us_check"),
    path("contact-us/sent/", public.sent, name="contact_us_sent"),
    path("jobmatch/", queue.queue, name="queue"),
    path("jobmatch/newer/", queue.newer, name="newer"),
    path("jobmatch/new/", raising.raise_incident, name="raise"),
    path("jobmatch/new/route/", raising.route, name="route"),
    path("jobmatch/take-next/", queue.take_next, name="take_next"),
    path("jobmatch/templates/", templates.templates, name="templates"),
    path("jobmatch/templates/new/", templates.template, name="new_template"),
    path("jobmatch/templates/<int:template_id>/", templates.template, name="template"),
    path("api/v1/", include((api.urlpatterns, "rest"))),
    path(RECORD, incidents.incident, name="incident"),
    *(path(f"{RECORD}{way}/", incidents.write, {"way": way}, name=way) for way in incidents.WAYS),
    path(f"{RECORD}{incidents.INSERT}/", inserting.insert_template, name=incidents.INSERT),
    path(f"{RECORD}change-facts/", changing.change_facts, name="change-facts"),
    path(f"{RECORD}change-facts/route/", changing.route, name="change-route"),
    *(path(f"{RECORD}{act.name}/", incidents.act, {"name": act.name}, name=act.name) for act in ACTS),
]
