from django.urls import path

from complaints_feedback import views

app_name = "feedback"
urlpatterns = [
    path("feedback/<reference:reference>/", views.form, name="form"),
    path("feedback/<reference:reference>/form.pdf", views.form_pdf, name="form_pdf"),
]
