from django.urls import include, path

from complaints_feedback import api, views

app_name = "feedback"
urlpatterns = [
    path("feedback/learning/", views.learning, name="learning"),
    path("feedback/learning.csv", views.learning_csv, name="learning_csv"),
    path("feedback/<reference:reference>/", views.form, name="form"),
    path("feedback/<reference:reference>/form.pdf", views.form_pdf, name="form_pdf"),
    path("api/v1/", include((api.urlpatterns, "rest"))),
]
