"""What people do in employer contact, one function a thing."""

from employer_contact.services.plans import copy_plan_version, use_plan_version

__all__ = ["copy_plan_version", "use_plan_version"]
