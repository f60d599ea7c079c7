"""Tell Celery of our settings and tasks. The worker's command names this module."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contacthub.settings")

app = Celery("contacthub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
