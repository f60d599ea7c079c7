from django.urls import path

from contacthub.workspace import views

app_name = "workspace"
urlpatterns = [
    path("health/live", views.live, name="live"),
    path("health/ready", views.ready, name="ready"),
]
