from django.apps import AppConfig


class EmployerContactConfig(AppConfig):
    name = "employer_contact"
    verbose_name = "Employer contact"
