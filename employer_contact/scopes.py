"""What an API key may be narrowed to in the matter of employer contact."""

from contacthub.api.scopes import Scopes

READ, NINO, IMPORT = "employers:read", "employers:nino", "employers:import"
CONTACTS_READ, CONTACTS_READ_ALL = "contacts:read", "contacts:read-all"
CALLS, CONTACTS_WORK = "contacts:calls", "contacts:work"
REQUESTS_READ, REQUESTS_READ_ALL = "service-requests:read", "service-requests:read-all"
REQUESTS_RAISE, REQUESTS_WORK = "service-requests:raise", "service-requests:work"
REISSUES_READ, REISSUES_READ_ALL = "reissues:read", "reissues:read-all"
REISSUES_REQUEST, REISSUES_DECIDE = "reissues:request", "reissues:decide"

Scopes(
    "employers",
    {
        "read": "Read employers, agents, paying parents with masked numbers, their cases and schedules",
        "nino": "Read National Insurance numbers in full, where its roles do",
        "import": "Write employers, agents, links, paying parents, cases and schedules as their own system holds them",
    },
)
Scopes(
    "contacts",
    {
        "read": "Read contacts and their reasons: those that the key opened, or that its other roles see",
        "read-all": "Read the contacts that others opened, too",
        "calls": "Tell of calls as they come in, from the telephony",
        "work": "Open contacts, record their reasons and end them; who asks is named with employers:read",
    },
)
Scopes(
    "service-requests",
    {
        "read": "Read service requests and their activities: those that the key raised, or that its other roles see",
        "read-all": "Read the service requests that others raised, too",
        "raise": "Raise service requests in contacts of its own; whom they name is read with employers:read",
        "work": "Work on the activities of service requests, where its roles do",
    },
)
Scopes(
    "reissues",
    {
        "read": "Read requests to re-issue a CMSL2040: those that the key made, or that its other roles see",
        "read-all": "Read the requests to re-issue a CMSL2040 that others made, too",
        "request": "Ask for a CMSL2040 to be re-issued, and withdraw that, where its roles do",
        "decide": "Re-issue or decline, where its roles do",
    },
)
