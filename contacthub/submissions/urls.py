from django.urls import path

from contacthub.submissions import views

app_name = "drafts"
urlpatterns = [
    path("drafts/", views.drafts, name="drafts"),
    path("drafts/keep/", views.keep, name="keep"),
    path("drafts/<int:draft_id>/delete/", views.delete, name="delete"),
]
