from django.urls import path

from contacthub.mail import views

app_name = "mail"
urlpatterns = [
    path("mail/", views.outbox, name="outbox"),
    path("mail/<int:message_id>/try-again/", views.try_again, name="try_again"),
    path("anymail/<slug:provider>/tracking/", views.tracking, name="tracking"),
    path("notices/", views.notices, name="notices"),
    path("notices/<int:notice_id>/read/", views.read_notice, name="read_notice"),
]
