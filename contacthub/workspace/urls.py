from django.urls import include, path

from contacthub.workspace import api, views

app_name = "workspace"
urlpatterns = [
    path("api/v1/", include((api.urlpatterns, "rest"))),
    path("search/", views.search, name="search"),
    path("help/", views.help_page, name="help"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("keys/", views.keys, name="keys"),
    path("health/live", views.live, name="live"),
    path("health/ready", views.ready, name="ready"),
]
