from django.urls import include, path

from contacthub.api import api, callbacks, follow_ups, people, views

app_name = "api"
urlpatterns = [
    path("api-keys/", views.keys, name="keys"),
    path("api-keys/new/", views.new_key, name="new_key"),
    path("api-keys/<int:key_id>/", views.key, name="key"),
    path("api-keys/<int:key_id>/revoke/", views.revoke, name="revoke"),
    path("api/v1/schema/", views.schema, name="schema"),
    path("api/v1/docs/", views.Docs.as_view(), name="docs"),
    path(
        "api/v1/",
        include(
            ([*api.urlpatterns, *callbacks.urlpatterns, *follow_ups.urlpatterns, *people.urlpatterns], "rest"),
        ),
    ),
]
