"""The names that pages link to, without the views behind them."""

from django.http import HttpResponse
from django.urls import include, path


def nothing(request, **names):
    return HttpResponse()


people = [
    path("sign-in/", nothing, name="sign_in"),
    path("sign-out/", nothing, name="sign_out"),
    path("account/", nothing, name="account"),
    path("account/password/", nothing, name="password"),
    path("account/extend-session/", nothing, name="extend_session"),
    path("directory/", nothing, name="directory"),
]
jobmatch = [
    path("contact-us/", nothing, name="contact_us"),
    path("next/", nothing, name="take_next"),
    path("<reference>/reply/", nothing, name="reply"),
]
mail = [path("notices/", nothing, name="notices")]
workspace = [
    path("help/", nothing, name="help"),
    path("keys/", nothing, name="keys"),
    path("search/", nothing, name="search"),
    path("accessibility/", nothing, name="accessibility"),
]
drafts = [path("drafts/", nothing, name="drafts"), path("drafts/keep/", nothing, name="keep")]
urlpatterns = [
    path("", include((mail, "mail"))),
    path("", include((drafts, "drafts"))),
    path("", include((workspace, "workspace"))),
    path("", nothing, name="home"),
    path("", include((people, "people"))),
    path("", include((jobmatch, "jobmatch"))),
]
