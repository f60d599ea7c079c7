from django.urls import path

from contacthub.documents import views

app_name = "documents"
urlpatterns = [
    path("documents/<int:document_id>/", views.document, name="document"),
]
