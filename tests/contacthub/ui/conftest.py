from types import SimpleNamespace

import pytest
from django.conf import settings as django_settings
from django.template.backends.django import DjangoTemplates
from django.test import RequestFactory

from contacthub.ui.keys import shortcuts


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    """Name static files as they are: these tests need no collected ones."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = django_settings.STORAGES | {"staticfiles": plain}


class Undefined(str):
    """Fails a test where a template names what its context does not have."""

    def __contains__(self, part):
        return part == "%s"

    def __mod__(self, name):
        pytest.fail(f"Undefined template variable: {name}")


@pytest.fixture
def render(settings):
    """Render a page with nothing but the context given, as a member of staff unless told otherwise."""
    settings.ROOT_URLCONF = "tests.contacthub.ui.urls"
    backend = DjangoTemplates(
        {
            "NAME": "strict",
            "DIRS": [settings.BASE_DIR / "templates"],
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": ["django.template.context_processors.request"],
                "string_if_invalid": Undefined("undefined"),
            },
        }
    )
    staff = SimpleNamespace(name="Ana Byrne", short_name="A. Byrne", username="ana", single_keys=True)
    time = {"left": 1800, "seen": "1780000000.5", "for_good": False}

    def render_page(template, *, public=False, **context):
        request = RequestFactory().get("/page/")
        request.actor = SimpleNamespace(staff_id=None if public else 1)
        item = {"label": "Incidents", "url": "/queue/", "count": "12", "counted": "waiting", "active": True, "key": "i"}
        head = {"items": [], "staff": None, "time": None}
        if not public:
            head = {"items": [item], "staff": staff, "time": time, "shortcuts": shortcuts([])}
        return backend.get_template(template).render({"head": head, **context}, request)

    return render_page
