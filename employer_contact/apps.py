from django.apps import AppConfig
from django.urls import register_converter

from employer_contact.converters import ContactReference, Earn, Ern, ParentReference, ReissueReference, RequestReference


class EmployerContactConfig(AppConfig):
    name = "employer_contact"
    verbose_name = "Employer contact"

    def ready(self) -> None:
        register_converter(Ern, "ern")
        register_converter(Earn, "earn")
        register_converter(ParentReference, "parent")
        register_converter(ContactReference, "contact")
        register_converter(RequestReference, "request")
        register_converter(ReissueReference, "reissue")
