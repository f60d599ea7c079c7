from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CasesConfig(AppConfig):
    name = "contacthub.cases"

    def ready(self) -> None:
        autodiscover_modules("reactions")
