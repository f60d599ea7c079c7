from django.urls import include, path

from contacthub.api import api

app_name = "api"
urlpatterns = [
    path("api/v1/", include((api.urlpatterns, "rest"))),
]
