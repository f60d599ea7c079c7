"""Django forms in the markup of GOV.UK Frontend."""

from __future__ import annotations

from typing import Any

from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    EmailInput,
    HiddenInput,
    PasswordInput,
    RadioSelect,
    Select,
    Textarea,
    TextInput,
    Widget,
)
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from contacthub.errors import DomainError, NotThere, RuleBroken

COMPONENTS = {
    "file": "govuk-file-upload",
    "several": "govuk-file-upload",
    "textarea": "govuk-textarea",
    "select": "govuk-select",
    "radioselect": "govuk-radios__input",
    "checkbox": "govuk-checkboxes__input",
    "checkboxselectmultiple": "govuk-checkboxes__input",
}
CHOSEN = ("radioselect", "checkbox", "checkboxselectmultiple")  # their error stands beside the group


def left_over(form: BaseForm) -> list[str]:
    """Return the texts that were typed into boxes which the form does not have: another release made the page (P60).

    What has no space is left out: buttons, choices and keys send that.
    """
    given = form.data if form.is_bound else form.initial
    known = {form.add_prefix(name) for name in form.fields}
    typed = [given[name] for name in given if name not in known and "password" not in name]
    return [text for text in typed if isinstance(text, str) and " " in text.strip()]


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

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        write = WRITTEN.get(template_name)
        if write is None or context["widget"].get("wrap_label"):
            return super().render(template_name, context, request)
        return write(context["widget"])


def _input(widget: dict[str, Any]) -> SafeString:
    value, attrs = flatatt({"value": widget["value"]}), flatatt(widget["attrs"])
    return format_html('<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, attrs)


def _textarea(widget: dict[str, Any]) -> SafeString:
    # A browser drops the first line break of a box, so one more is written.
    attrs = flatatt({"name": widget["name"], **widget["attrs"]})
    return format_html("<textarea{}>\n{}</textarea>", attrs, widget["value"] or "")


def _select(widget: dict[str, Any]) -> SafeString:
    written = [
        format_html('<optgroup label="{}">{}</optgroup>', group, _options(options)) if group else _options(options)
        for group, options, _ in widget["optgroups"]
    ]
    attrs = flatatt({"name": widget["name"], **widget["attrs"]})
    return format_html("<select{}>{}</select>", attrs, SafeString("\n".join(written)))


def _options(options: list[dict[str, Any]]) -> SafeString:
    told = ((flatatt({"value": option["value"], **option["attrs"]}), option["label"]) for option in options)
    return format_html_join("\n", "<option{}>{}</option>", told)


# Written at once, in Django's markup: for each control and each option it asks two templates or three.
WRITTEN = {
    Select.template_name: _select,
    Textarea.template_name: _textarea,
    RadioSelect.option_template_name: _input,
    CheckboxSelectMultiple.option_template_name: _input,
    **{box.template_name: _input for box in (TextInput, EmailInput, PasswordInput, HiddenInput, CheckboxInput)},
}


def show_refusal(form: BaseForm, refusal: DomainError) -> None:
    """Say on the form why a service refused: each broken rule at its field, and above them what is about none.

    Raises NotThere again: what a form cannot say is the page 404.
    """
    if isinstance(refusal, NotThere):
        raise refusal
    for one in refusal.all if isinstance(refusal, RuleBroken) else (refusal,):
        form.add_error(one.field if one.field in form.fields else None, one.message)
