from django.urls import include, path

from contacthub.api import api, views

app_name = "api"
urlpatterns = [
    path("api/v1/schema/", views.schema, name="schema"),
    path("api/v1/docs/", views.Docs.as_view(), name="docs"),
    path("api/v1/", include((api.urlpatterns, "rest"))),
]
