from django.contrib import admin
from django.urls import include, path

from contacthub.workspace.views import home

urlpatterns = [
    path("", home, name="home"),
    path("", include("contacthub.people.urls")),
    path("", include("contacthub.workspace.urls")),
    path("", include("contacthub.deadlines.urls")),
    path("", include("contacthub.callbacks.urls")),
    path("", include("contacthub.submissions.urls")),
    path("", include("contacthub.documents.urls")),
    path("", include("contacthub.mail.urls")),
    path("", include("contacthub.api.urls")),
    path("", include("jobmatch_helpdesk.urls")),
    path("", include("employer_contact.urls")),
    path("", include("complaints_feedback.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "contacthub.api.errors.bad_request"
handler403 = "contacthub.api.errors.forbidden"
handler404 = "contacthub.api.errors.not_found"
handler500 = "contacthub.api.errors.fault"
