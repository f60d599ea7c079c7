"""Settings, read from the environment. Without DATABASE_URL and REDIS_URL, the embedded servers are used."""

import os
from importlib.util import find_spec
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from kombu import Exchange, Queue

from contacthub.embedded import paths

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
EMBEDDED = not env.str("DATABASE_URL", default="")
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
HTTPS = env.bool("HTTPS", default=False)
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{env.str('PORT', default='8000')}").rstrip("/")
PROXIES = env.int("PROXIES", default=1 if HTTPS else 0)  # of ours, each of which adds to X-Forwarded-For


def secret_key() -> str:
    if given := os.environ.get("SECRET_KEY"):
        return given
    made_by_run = paths.secret_key_file(DATA_DIR)
    if EMBEDDED and made_by_run.is_file():
        return made_by_run.read_text().strip()
    raise ImproperlyConfigured("Set SECRET_KEY, or start `make run` once: it makes one for the embedded database")


SECRET_KEY = secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

if HTTPS:  # behind a proxy that ends TLS, and sets X-Forwarded-Proto whatever the browser sent
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = ["^health/"]  # probes ask this process itself
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=365 * 24 * 60 * 60)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

INSTALLED_APPS = [
    "contacthub.people.admin_site.SetUpConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "django_fsm",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "contacthub.ui",
    "contacthub.jobs",
    "contacthub.cases",
    "contacthub.submissions",
    "contacthub.people",
    "contacthub.documents",
    "contacthub.mail",
    "contacthub.deadlines",
    "contacthub.callbacks",
    "contacthub.api",
    "contacthub.workspace",
    "jobmatch_helpdesk",
    "employer_contact",
    "complaints_feedback",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "contacthub.cases.middleware.request_id",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "contacthub.people.middleware.session_time",
    "contacthub.people.middleware.SignInRequired",
    "contacthub.people.middleware.actor",
    "contacthub.ui.errors.not_a_page",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "contacthub.urls"
WSGI_APPLICATION = "contacthub.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "contacthub.workspace.context_processors.head",
            ],
        },
    },
    {
        # Words of mail: nothing is escaped, since no reader of a text mail undoes it.
        "NAME": "text",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"autoescape": False},
    },
]
FORM_RENDERER = "contacthub.ui.forms.GovukRenderer"

DATABASES = {"default": paths.database(DATA_DIR) if EMBEDDED else env.db("DATABASE_URL")}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.StaffMember"
AUTHENTICATION_BACKENDS = ["contacthub.people.backends.ActiveStaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "people:sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "people:sign_in"
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds; `people.session_time` ends it sooner
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "contacthub.ui.errors.forbidden"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / ".build" / "locale"]  # compiled from locale/ by build_assets

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / ".build" / "static"
STATICFILES_DIRS = [BASE_DIR / ".build" / "assets"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "contacthub.ui.static.HashedStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["contacthub.api.authentication.KeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["contacthub.api.authentication.HasKey"],
    "DEFAULT_PARSER_CLASSES": ["contacthub.api.parsing.JSONReader"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "contacthub.api.schema.Schema",
    "EXCEPTION_HANDLER": "contacthub.api.problems.handle",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "ContactHub",
    "DESCRIPTION": (BASE_DIR / "contacthub" / "api" / "first_call.md").read_text(),
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_PERMISSIONS": [],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "docExpansion": "none", "defaultModelsExpandDepth": -1},
    "SORT_OPERATIONS": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "contacthub.api.schema.add_refusals",
    ],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {"ScheduleDeliveryEnum": "employer_contact.serializers.details.DELIVERIES"},  # two names
}
KEPT_DAYS = env.int("KEPT_DAYS", default=30)  # a form or request sent again within these gets its first answer
API_LIMIT = env.int("API_LIMIT", default=60)  # requests of one key in any 10 seconds

CELERY_BROKER_URL = env.str("REDIS_URL", default=paths.redis_url(DATA_DIR))
CELERY_TIMEZONE = "UTC"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Workers take from each queue in turn: what a provider reports is counted in no time, and somebody on the telephone may
# wait for it, so that no thousand emails that are still to be sent stand before it.
CELERY_TASK_QUEUES = [Queue(name, Exchange(name), routing_key=name) for name in ("celery", "reports")]
CELERY_TASK_ROUTES = {name: {"queue": "reports"} for name in ("mail.read_post", "mail.count_report")}
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,  # seconds: longer than the longest task
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}

EMAIL_TIMEOUT = 20  # seconds, well within the lease of a message
vars().update(env.email_url("EMAIL_URL", default="smtp://127.0.0.1:2525"))
if EMAIL_PROVIDER := env.str("EMAIL_PROVIDER", default=""):  # any of Anymail, in its place: "mailgun", "postmark" ...
    if find_spec(f"anymail.backends.{EMAIL_PROVIDER}") is None:
        raise ImproperlyConfigured(f"EMAIL_PROVIDER is {EMAIL_PROVIDER!r}: name one of Anymail, like mailgun")
    EMAIL_BACKEND = f"anymail.backends.{EMAIL_PROVIDER}.EmailBackend"
    # ANYMAIL_MAILGUN_API_KEY and its kin, as the documentation of Anymail names them without the prefix.
    # With an empty key or secret anybody could sign: it counts as none.
    given = {name: env.str(name).strip() for name in os.environ if name.startswith("ANYMAIL_")}
    ANYMAIL = {name.removeprefix("ANYMAIL_"): value for name, value in given.items() if value}
    ANYMAIL["REQUESTS_TIMEOUT"] = EMAIL_TIMEOUT
    ANYMAIL["WEBHOOK_SECRET"] = [one for one in ANYMAIL.get("WEBHOOK_SECRET", "").replace(" ", "").split(",") if one]

# Whom a Jobcentre may name as the DWP user who gets the reply, where the customer has no email.
DEMO_DOMAINS = ["dwp.example", "jobcentre.example", "helpdesk.example", "contacthub.example"]
STAFF_EMAIL_DOMAINS = env.list("STAFF_EMAIL_DOMAINS", default=["dwp.gov.uk", *DEMO_DOMAINS])

DOCUMENTS_DIR = DATA_DIR / "documents"
DOCUMENT_MAX_BYTES = env.int("DOCUMENT_MEGABYTES", default=10) * 1024 * 1024
MAIL_MAX_BYTES = env.int("MAIL_MEGABYTES", default=15) * 1024 * 1024  # attached; beyond it a link is sent
FILE_UPLOAD_HANDLERS = [
    "contacthub.documents.uploading.Limited",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", default="")  # of ClamAV's daemon: host:port, or the path of its socket
OUR_SCANNER = f"contacthub.documents.scanning.{'clamd' if CLAMD_ADDRESS else 'test_file_only'}"
DOCUMENT_SCANNER = env.str("DOCUMENT_SCANNER", default=OUR_SCANNER)

# The 48 hours to discuss feedback: "elapsed", or "working", which ends at the same time two working days later.
FEEDBACK_HOURS_BASIS = env.str("FEEDBACK_HOURS_BASIS", default="elapsed")
if FEEDBACK_HOURS_BASIS not in ("elapsed", "working"):
    raise ImproperlyConfigured(f"FEEDBACK_HOURS_BASIS is {FEEDBACK_HOURS_BASIS!r}: set it to elapsed or working")

# The page of the intranet with examples of when to give feedback; while it is not set, nothing leads there.
FEEDBACK_EXAMPLES_URL = env.str("FEEDBACK_EXAMPLES_URL", default="")

# The smallest number shown in what is learned from feedback: fewer would tell about one person.
FEEDBACK_SMALLEST_FIGURE = env.int("FEEDBACK_SMALLEST_FIGURE", default=5)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "contacthub.logs.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
