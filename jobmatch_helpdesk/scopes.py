"""What an API key may be narrowed to in the matter of incidents."""

from contacthub.api.scopes import Scopes

READ, READ_ALL, INTERNAL = "incidents:read", "incidents:read-all", "incidents:internal"
RAISE, WORK, LEAD = "incidents:raise", "incidents:work", "incidents:lead"

Scopes(
    "incidents",
    {
        "read": "Read incidents: those that the key raised, or that its other roles see",
        "read-all": "Read the incidents that others raised, too",
        "internal": "Read the reasons that colleagues of the Helpdesk write for each other, where its roles do",
        "raise": "Raise incidents, answer questions about them and reopen them",
        "work": "Take, answer and end incidents, where its roles do",
        "lead": "Assign, reassign, change the priority and close, where its roles do",
    },
)
