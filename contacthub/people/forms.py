from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.core.exceptions import ValidationError

from contacthub.people.differences import Said
from contacthub.people.roles import Post
from contacthub.submissions.forms import OnceForm
from contacthub.ui.fields import Day, EmailAddress, OneLine
from contacthub.ui.listing import Choice, FilterForm

MOST_BYTES = 2_000_000
YES_OR_NO = {
    "yes": True,
    "y": True,
    "true": True,
    "1": True,
    "no": False,
    "n": False,
    "false": False,
    "0": False,
    "": None,
}
EMPTY = ("unit", "post", "active_to")  # an empty cell of these says that there is none
SHORTEST = 12  # characters of a password
# Django's words for what is wrong with a password tell it; ours say what to do.
WHAT_TO_DO = {
    "password_incorrect": "Enter the password that you signed in with",
    "password_mismatch": "Enter the same new password twice",
    "password_too_short": f"Enter a new password of {SHORTEST} characters or more",
    "password_too_common": "Enter a new password that is harder to guess",
}


def password_field(label: str, *, autocomplete: str, required: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        help_text=hint,
        error_messages={"required": required},
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete, "class": "govuk-input--width-20"}),
    )


class SignInForm(forms.Form):
    username = forms.CharField(
        label="Sign-in name",
        max_length=150,
        error_messages={"required": "Enter your sign-in name", "max_length": "Enter the sign-in name of your account"},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "username",
                "autocapitalize": "none",
                "spellcheck": "false",
                "class": "govuk-input--width-20",
            }
        ),
    )
    password = password_field("Password", autocomplete="current-password", required="Enter your password")


class PasswordForm(PasswordChangeForm):
    """Change one's own password."""

    old_password = password_field(
        "Password you have now", autocomplete="current-password", required="Enter the password you have now"
    )
    new_password1 = password_field(
        "New password",
        autocomplete="new-password",
        required="Enter a new password",
        hint=f"{SHORTEST} characters or more",
    )
    new_password2 = password_field(
        "New password again", autocomplete="new-password", required="Enter the new password again"
    )

    def add_error(self, field: str | None, error: Any) -> None:
        said = ValidationError(error).error_list if not hasattr(error, "error_dict") else []
        ours = [ValidationError(WHAT_TO_DO.get(each.code or "", each.message), each.code, each.params) for each in said]
        super().add_error(field, ours or error)


class SettingsForm(forms.Form):
    single_keys = forms.BooleanField(label="Use shortcuts of a single key", required=False)


class PersonRowForm(forms.Form):
    """What a row of a file, or of REST, says of a person. Each column may be missing: what it is about stays."""

    staff_number = OneLine(
        max_length=20,
        error_messages={
            "required": "Enter the staff number",
            "max_length": "The staff number must be 20 characters or fewer",
        },
    )
    name = OneLine(
        max_length=150, required=False, error_messages={"max_length": "The name must be 150 characters or fewer"}
    )
    email = EmailAddress(
        max_length=254, required=False, error_messages={"max_length": "The work email must be 254 characters or fewer"}
    )
    unit = OneLine(required=False)
    post = OneLine(required=False)
    since = Day(required=False)
    takes_calls_in_welsh = OneLine(required=False)
    active_from = Day(required=False)
    active_to = Day(required=False)

    def clean_post(self) -> str:
        """Return the code of a post, which may be named as people call it."""
        said = str(self.cleaned_data["post"]).casefold()
        codes = {word.casefold(): code for code, label in Post.choices for word in (code, label)}
        if said and said not in codes:
            raise ValidationError(f"Enter one of these, or nothing: {', '.join(Post.labels)}")
        return codes.get(said, "")

    def clean_takes_calls_in_welsh(self) -> bool | None:
        said = self.cleaned_data["takes_calls_in_welsh"].casefold()
        if said not in YES_OR_NO:
            raise ValidationError("Enter yes or no")
        return YES_OR_NO[said]

    def said(self, line: int) -> Said:
        """Return what the row says; a cell that is empty says nothing where everybody has a value."""
        told = {name: self.cleaned_data[name] for name in self.data if name in self.cleaned_data}
        number = told.pop("staff_number")
        return Said(line, number, {name: told[name] for name in told if told[name] not in ("", None) or name in EMPTY})


class UploadForm(OnceForm):
    """A file about people."""

    file = forms.FileField(
        label="CSV file",
        error_messages={
            "required": "Select a CSV file",
            "missing": "Select a CSV file",
            "empty": "The file is empty. Select one with a line of headings and a row for each person",
        },
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv", "class": "govuk-file-upload"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError("The file must be smaller than 2 MB. Split it, each part with the line of headings")
        return file


class DirectoryFilterForm(FilterForm):
    """Who to show: by words of a name or the beginning of a staff number, by unit and post."""

    q = Choice("Name or staff number")
    unit = Choice("Unit")
    post = Choice("Post", Post.choices)

    def __init__(self, *args: Any, units: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choice("unit").offer(units)
        box = self.choice("q")
        box.widget = forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"})
        box.offer([(self.typed, self.typed)])

    @property
    def typed(self) -> str:
        return str(OneLine(required=False).clean(self.data.get("q", "")))[:200]
