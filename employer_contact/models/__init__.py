"""Records of employer contact. Rows are locked in this order: employer, agent, link, paying parent, schedule, line,
activity.
"""

from employer_contact.models.accounts import AgentLink, Employer, EmployerNote, PayrollAgent
from employer_contact.models.contacts import AskedQuestion, Contact, ReasonGiven, SecurityCheck
from employer_contact.models.identity import IdentityEmail, IdentityInbox, IdentityTemplate
from employer_contact.models.parents import CaseActivity, Employment, MaintenanceCase, PayingParent
from employer_contact.models.plans import Plan, PlanStep, PlanUse, PlanVersion
from employer_contact.models.reissues import ReissueRequest
from employer_contact.models.requests import Activity, AttachedContact, ServiceRequest
from employer_contact.models.schedules import DeoSchedule, ScheduleLine, UnknownName
from employer_contact.models.taxonomy import ContactReason, SecurityQuestion, ServiceRequestKind
from employer_contact.models.words import NameWord

__all__ = [
    "Activity",
    "AgentLink",
    "AskedQuestion",
    "AttachedContact",
    "CaseActivity",
    "Contact",
    "ContactReason",
    "DeoSchedule",
    "Employer",
    "EmployerNote",
    "Employment",
    "IdentityEmail",
    "IdentityInbox",
    "IdentityTemplate",
    "MaintenanceCase",
    "NameWord",
    "PayingParent",
    "PayrollAgent",
    "Plan",
    "PlanStep",
    "PlanUse",
    "PlanVersion",
    "ReasonGiven",
    "ReissueRequest",
    "ScheduleLine",
    "SecurityCheck",
    "SecurityQuestion",
    "ServiceRequest",
    "ServiceRequestKind",
    "UnknownName",
]
