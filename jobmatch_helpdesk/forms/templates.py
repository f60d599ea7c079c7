from __future__ import annotations

from typing import Any

from django import forms

from contacthub.submissions.forms import OnceForm
from contacthub.ui.fields import OneLine, words_field
from jobmatch_helpdesk.models import ANY_TOPIC, ReplyTemplate, Topic
from jobmatch_helpdesk.placeholders import ALLOWED
from jobmatch_helpdesk.services import Wording

YES, NO = "yes", "no"
TITLE = ReplyTemplate._meta.get_field("title").max_length


class TemplateForm(OnceForm):
    """What a lead writes. What must be there, the service says, all at once.

    `version` is that of the template whose words the form was filled with, 0 for a new one.
    """

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    title = OneLine(
        label="Title",
        help_text="Agents choose by it. Customers do not see it",
        required=False,
        max_length=TITLE,
        error_messages={"max_length": f"Title must be {TITLE} characters or fewer"},
    )
    topic = forms.ChoiceField(label="Topic", required=False, choices=[("", ANY_TOPIC), *Topic.choices])
    offered = forms.ChoiceField(
        label="Agents can choose it",
        choices=[(YES, "Yes"), (NO, "No")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select yes if agents can choose it"},
    )
    english = words_field("English", "", help_text=f"Can have {ALLOWED}")
    welsh = words_field("Welsh", "", help_text="While it is empty, this is not for customers who prefer Welsh")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["english"].required = self.fields["welsh"].required = False
        self.fields["welsh"].widget.attrs["lang"] = "cy"

    @property
    def wording(self) -> Wording:
        given = self.cleaned_data
        words = {name: given[name] for name in ("title", "topic", "english", "welsh")}
        return Wording(**words, offered=given["offered"] == YES)


def start_from(template: ReplyTemplate) -> dict[str, Any]:
    """Return the `initial` of the form: the words that stand."""
    names = ("version", "title", "topic", "english", "welsh")
    return {name: getattr(template, name) for name in names} | {"offered": YES if template.offered else NO}


class InsertForm(forms.Form):
    """A template chosen in the reply editor. Whether it is there, and fits this customer, the service says."""

    template = forms.IntegerField(
        min_value=1,
        widget=forms.Select,
        error_messages=dict.fromkeys(["required", "invalid", "min_value"], "Select a reply template to insert"),
    )
