from django.apps import AppConfig
from django.urls import register_converter
from django.utils.module_loading import autodiscover_modules

from contacthub.cases.converters import Month, ReferenceConverter


class CasesConfig(AppConfig):
    name = "contacthub.cases"

    def ready(self) -> None:
        register_converter(ReferenceConverter, "reference")
        register_converter(Month, "month")
        autodiscover_modules("reactions")
