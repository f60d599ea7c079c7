"""Django forms in the markup of GOV.UK Frontend."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, cast

from django.forms import BoundField, Form, Widget
from django.forms.renderers import TemplatesSetting

from contacthub.ui.fields import Choice

COMPONENTS = {
    "textarea": "govuk-textarea",
    "select": "govuk-select",
    "radioselect": "govuk-radios__input",
    "checkbox": "govuk-checkboxes__input",
}
CHOSEN = ("radioselect", "checkbox")  # their error stands beside the group


class GovukBoundField(BoundField):
    """A field whose control has the classes, and names the hint and the error, that GOV.UK Frontend expects."""

    @property
    def id_for_label(self) -> str:
        """Return the id of the control; of radios, the first one's, where the error summary leads to."""
        return super().id_for_label or f"{self.auto_id}_0"

    @property
    def hint_id(self) -> str:
        return f"{self.id_for_label}-hint"

    @property
    def error_id(self) -> str:
        return f"{self.id_for_label}-error"

    @property
    def aria_describedby(self) -> str:
        given = self.field.widget.attrs.get("aria-describedby", "")
        hint = self.hint_id if self.help_text else ""
        error = self.error_id if self.errors else ""
        return " ".join(part for part in [given, hint, error] if part)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        built = super().build_widget_attrs(attrs, widget)
        if self.is_hidden:
            # Firefox puts the old value back when a page is loaded again (P12).
            return built | {"autocomplete": "off"}
        # What is missing or too long is said in words: a box that cuts what is pasted into it loses words unseen.
        built |= {"required": False, "maxlength": False, "minlength": False}
        given = (widget or self.field.widget).attrs
        if self.widget_type == "textarea":
            built |= {"cols": False}
        if self.widget_type in ("email", "password"):
            built.setdefault("spellcheck", given.get("spellcheck", "false"))
        if self.widget_type == "password":
            built.setdefault("autocapitalize", given.get("autocapitalize", "none"))
        return built | {"class": self._classes(given.get("class", ""))}

    def _classes(self, given: str) -> str:
        component = COMPONENTS.get(self.widget_type, "govuk-input")
        classes = [component, given]
        if self.widget_type == "password":
            classes.append("govuk-password-input__input govuk-js-password-input-input")
        if self.errors and self.widget_type not in CHOSEN:
            classes.append(f"{component}--error")
        return " ".join(part for part in classes if part)


class GovukRenderer(TemplatesSetting):
    """Pages write `{{ form }}`, or the error summary and the fields apart where something stands between them."""

    form_template_name = "govuk/form.html"
    field_template_name = "govuk/field.html"
    bound_field_class = GovukBoundField


class FilterForm(Form):
    """What to show of a list. What it does not know it leaves out, and says so. All its fields are a `Choice`."""

    NOT_A_FILTER: ClassVar[Iterable[str]] = ("view", "order")
    use_required_attribute = False

    def known(self, name: str) -> Choice:
        return cast(Choice, self.fields[name])

    @property
    def given(self) -> dict[str, str]:
        """Return what was asked and is known, the list and its order included."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def filters(self) -> dict[str, str]:
        return {name: value for name, value in self.given.items() if name not in self.NOT_A_FILTER}

    @property
    def filter_fields(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name not in self.NOT_A_FILTER]

    @property
    def left_out(self) -> str:
        """Name what was asked in a way that nobody knows, "" where all was understood."""
        return ", ".join(str(self.fields[name].label).lower() for name in self.errors)

    def chosen(self) -> list[tuple[str, str, str]]:
        """Return the name, the label and the value in words of each filter that is on."""
        fields = {name: self.known(name) for name in self.filters}
        return [(name, str(field.label), dict(field.known)[self.filters[name]]) for name, field in fields.items()]
