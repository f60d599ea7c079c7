from django.urls import path

from contacthub.deadlines import views

app_name = "deadlines"
urlpatterns = [path("deadlines/<int:deadline_id>/", views.deadline, name="deadline")]
