from django.urls import path

from contacthub.deadlines import views

app_name = "deadlines"
urlpatterns = [
    path("deadlines/<int:deadline_id>/", views.deadline, name="deadline"),
    path("deadlines/<int:deadline_id>/extend/", views.extend, name="extend"),
    path("deadlines/<reference:reference>/<slug:kind>/", views.newest, name="newest"),
    path("follow-ups/", views.follow_ups, name="follow_ups"),
    path("follow-ups/<int:follow_up_id>/settle/", views.settle, name="settle"),
]
