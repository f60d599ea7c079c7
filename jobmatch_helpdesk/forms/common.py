"""What the forms of the public and of staff have alike: both parts stand on the floor."""

from contacthub.submissions.forms import OnceForm
from contacthub.ui.fields import LONG, words_field

__all__ = ["LONG", "OnceForm", "words_field"]
