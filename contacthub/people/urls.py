from django.urls import path

from contacthub.people.views import accounts, directory, imports

app_name = "people"
urlpatterns = [
    path("sign-in/", accounts.sign_in, name="sign_in"),
    path("sign-out/", accounts.sign_out, name="sign_out"),
    path("account/", accounts.account, name="account"),
    path("account/password/", accounts.password, name="password"),
    path("account/extend-session/", accounts.extend_session, name="extend_session"),
    path("directory/", directory.people, name="directory"),
    path("directory/units/<slug:code>/", directory.unit, name="unit"),
    path("directory/import/", imports.upload, name="import"),
    path("directory/import/template.csv", imports.template, name="template"),
    path("directory/import/<int:check_id>/", imports.checked, name="checked"),
    path("directory/import/<int:check_id>/apply/", imports.apply, name="apply"),
    path("directory/<str:number>/", directory.person, name="person"),
]
