from django.urls import path, register_converter

from contacthub.cases.converters import ReferenceConverter
from jobmatch_helpdesk import views

register_converter(ReferenceConverter, "reference")

app_name = "jobmatch"
urlpatterns = [
    path("contact-us/", views.contact_us, name="contact_us"),
    path("contact-us/sent/", views.contact_us_sent, name="contact_us_sent"),
    path("jobmatch/", views.queue, name="queue"),
    path("jobmatch/take-next/", views.take_next, name="take_next"),
    path("jobmatch/<reference:reference>/", views.incident, name="incident"),
    path("jobmatch/<reference:reference>/reply/", views.reply, name="reply"),
]
