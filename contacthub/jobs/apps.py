from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "contacthub.jobs"

    def ready(self) -> None:
        from contacthub.jobs import worker  # noqa: F401  the signals connect themselves; models must be loaded first
