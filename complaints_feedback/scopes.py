"""What an API key may be narrowed to in the matter of feedback forms."""

from contacthub.api.scopes import Scopes

READ = "feedback:read"

Scopes("feedback", {"read": "Read that there is a feedback form, its state and its deadline, and nothing that it says"})
