from django.apps import AppConfig
from django.urls import register_converter

from employer_contact.converters import ContactReference


class EmployerContactConfig(AppConfig):
    name = "employer_contact"
    verbose_name = "Employer contact"

    def ready(self) -> None:
        register_converter(ContactReference, "contact")
