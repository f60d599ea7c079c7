from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.core.exceptions import ValidationError

SHORTEST = 12  # characters of a password
# Django's words for what is wrong with a password tell it; ours say what to do (DOMAIN 10.3).
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
