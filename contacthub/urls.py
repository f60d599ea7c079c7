from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="jobmatch:queue"), name="home"),
    path("", include("contacthub.people.urls")),
    path("", include("contacthub.workspace.urls")),
    path("", include("contacthub.deadlines.urls")),
    path("", include("contacthub.submissions.urls")),
    path("", include("contacthub.mail.urls")),
    path("", include("jobmatch_helpdesk.urls")),
    path("admin/", admin.site.urls),
]

handler403 = "contacthub.ui.errors.forbidden"
handler404 = "contacthub.ui.errors.not_found"
handler500 = "contacthub.ui.errors.fault"
