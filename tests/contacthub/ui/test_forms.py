import json

import pytest
from django import forms
from django.conf import settings
from django.forms.renderers import TemplatesSetting
from django.template.loader import render_to_string

from contacthub.errors import NotThere, RuleBroken
from contacthub.ui.forms import GovukRenderer, show_refusal
from tests.contacthub.ui.markup import parse

COMPONENTS = settings.BASE_DIR / "node_modules/govuk-frontend/dist/govuk/components"
WIDGETS = {"text": forms.TextInput, "email": forms.EmailInput, "tel": forms.TelInput}
PLAIN_OPTIONS = {"id", "name", "type", "value", "label", "hint", "errorMessage", "classes", "describedBy", "attributes"}
PASSED_ON = {"autocomplete", "spellcheck", "inputmode", "autocapitalize", "rows"}
WORDS = {"label", "hint", "errorMessage"}


def published(component):
    return json.loads((COMPONENTS / component / "fixtures.json").read_text())["fixtures"]


def supported(options):
    """Leave out what our templates do not offer: HTML in words, prefixes, labels as headings."""
    return (
        set(options) <= PLAIN_OPTIONS | PASSED_ON
        and options.get("type", "text") in {*WIDGETS, "password"}
        and "text" in options.get("label", {})
        and all(set(options[key]) == {"text"} for key in WORDS & set(options))
    )


def rendered(options, widget_class):
    name = options["name"]
    attrs = {key: str(options[key]).lower() for key in PASSED_ON & set(options)}
    attrs |= options.get("attributes", {}) | {"id": options.get("id", name)}
    if "classes" in options:
        attrs["class"] = options["classes"]
    if "describedBy" in options:
        attrs["aria-describedby"] = options["describedBy"]
    field = forms.CharField(
        label=options["label"]["text"],
        help_text=options.get("hint", {}).get("text", ""),
        required=False,
        widget=widget_class(attrs=attrs),
    )
    form = type("OneField", (forms.Form,), {name: field})({name: options.get("value", "")})
    if "errorMessage" in options:
        form.add_error(name, options["errorMessage"]["text"])
    return form[name].as_field_group()


def comparable(html):
    """Take out what we add knowingly: bold labels, aria-invalid, and no empty value."""
    tree = parse(html)
    for node in tree.walk():
        node.attrs.pop("aria-invalid", None)
        if node.tag == "label":
            node.attrs["class"] = node.attrs["class"].replace(" govuk-label--s", "")
        if node.tag == "textarea":
            node.children = [child.strip() for child in node.children if child.strip()]
    return tree


@pytest.mark.parametrize(
    ("component", "at_least", "defaults"),
    [
        ("input", 8, {}),
        ("textarea", 6, {"rows": "5"}),
        ("password-input", 3, {"autocomplete": "current-password"}),
        ("file-upload", 8, {}),
    ],
)
def test_fields_are_as_govuk_frontend_publishes_them(component, at_least, defaults):
    widgets = {"textarea": forms.Textarea, "password-input": forms.PasswordInput, "file-upload": forms.FileInput}
    compared = 0
    for fixture in published(component):
        options = fixture["options"]
        if not supported(options) or (component in ("password-input", "file-upload") and "value" in options):
            continue
        widget = widgets.get(component) or WIDGETS[options.get("type", "text")]

        ours = rendered(defaults | options, widget)

        assert comparable(ours) == comparable(fixture["html"]), fixture["name"]
        compared += 1
    assert compared >= at_least


def test_error_summary_is_as_govuk_frontend_publishes_it():
    compared = 0
    for fixture in published("error-summary"):
        options = fixture["options"]
        errors = options.get("errorList", [])
        if not set(options) <= {"titleText", "descriptionText", "errorList"} or not errors:
            continue
        if any(set(error) != {"text", "href"} for error in errors):
            continue
        fields = {
            f"field{n}": forms.CharField(required=False, widget=forms.TextInput(attrs={"id": error["href"][1:]}))
            for n, error in enumerate(errors)
        }
        form = type("Fields", (forms.Form,), dict(fields))({})
        for name, error in zip(fields, errors, strict=True):
            form.add_error(name, error["text"])

        ours = render_to_string(
            "govuk/error_summary.html", {"form": form, "before": options.get("descriptionText", "")}
        )

        assert parse(ours) == parse(fixture["html"]), fixture["name"]
        compared += 1
    assert compared >= 1


class ContactForm(forms.Form):
    name = forms.CharField(label="Your name", max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(label="Email address", help_text="We only use this to reply to you")
    words = forms.CharField(label="What happened", min_length=2, widget=forms.Textarea)
    key = forms.CharField(widget=forms.HiddenInput)

    def clean(self):
        raise forms.ValidationError("Say what happened before you send it")


def test_hidden_fields_are_never_filled_in_by_the_browser():
    page = parse(ContactForm().render())

    hidden = [node for node in page.all("input") if node.attrs["type"] == "hidden"]
    assert [node.attrs["autocomplete"] for node in hidden] == ["off"]


def test_words_for_the_browser_are_passed_on_and_its_own_checks_left_out():
    page = parse(ContactForm().render())

    controls = [node for node in [*page.all("input"), *page.all("textarea")] if node.attrs.get("type") != "hidden"]
    assert controls[0].attrs["autocomplete"] == "name"
    assert not {"required", "maxlength", "minlength"} & {name for node in controls for name in node.attrs}


def test_every_error_comes_first_and_leads_to_a_control():
    page = parse(ContactForm({"key": "k"}).render())

    links = page.all("a")
    ids = {node.attrs["id"] for node in [*page.all("input"), *page.all("textarea")]}
    assert links[0].text == "Say what happened before you send it"
    assert len(links) == 4
    assert {link.attrs["href"].lstrip("#") for link in links} <= ids


@pytest.mark.parametrize("given", [{"data": {}}, {"initial": {}}])
def test_what_was_typed_into_a_box_of_another_release_is_given_back(given):
    """P60: a page that stayed open while its field got another name."""
    ((how, _),) = given.items()
    old = {"key": "0b6f-11", "happened": "The page goes\nwhite & <b>", "topic": "account", "old_password": "a b c"}

    page = parse(render_to_string("govuk/error_left_over.html", {"form": ContactForm(**{how: old})}))

    assert [node.text for node in page.all("p")][1:] == ["The page goes white & <b>"]


def test_nothing_is_given_back_where_the_form_has_every_box():
    sent = {"key": "0b6f-11", "name": "Ana Byrne", "email": "no address", "words": "The page goes white"}

    assert not parse(render_to_string("govuk/error_left_over.html", {"form": ContactForm(sent)})).all("p")


def test_an_error_in_a_hidden_field_is_not_kept_quiet():
    assert "This field is required" in render_to_string("govuk/error_summary.html", {"form": ContactForm({})})


def test_hint_and_error_are_named_by_their_control():
    page = parse(ContactForm({}).render())

    email = next(node for node in page.all("input") if node.attrs["name"] == "email")
    ids = {node.attrs.get("id") for node in page.walk()}
    assert email.attrs["aria-describedby"] == "id_email-hint id_email-error"
    assert set(email.attrs["aria-describedby"].split()) <= ids


def test_words_in_labels_and_hints_are_text():
    class Form(forms.Form):
        name = forms.CharField(label="<script>1</script>", help_text="<b>2</b>")

    page = parse(Form({}).render())

    assert not page.all("script")
    assert not page.all("b")


class NameForm(forms.Form):
    name = forms.CharField()


def test_each_broken_rule_stands_at_its_field_and_what_is_about_none_above_them():
    form = NameForm({"name": "Ana"})
    other = RuleBroken("Ask your lead", field="site")

    show_refusal(form, RuleBroken("Enter another name", field="name", also=[other]))

    assert form.errors == {"name": ["Enter another name"], "__all__": ["Ask your lead"]}


def test_what_is_not_there_is_no_error_of_a_form():
    with pytest.raises(NotThere):
        show_refusal(NameForm({"name": "Ana"}), NotThere())


class PlaceForm(forms.Form):
    place = forms.ChoiceField(
        choices=[("", "Select a site"), ("Jobcentre", [(1, "Ashcombe")]), ("JD", [(2, "Hull & Co")])]
    )


def test_options_stand_in_their_groups_with_the_chosen_one_selected():
    select = str(PlaceForm({"place": "2"})["place"])

    assert '<option value="">Select a site</option>' in select
    assert '<optgroup label="Jobcentre"><option value="1">Ashcombe</option></optgroup>' in select
    assert '<optgroup label="JD"><option value="2" selected>Hull &amp; Co</option></optgroup>' in select


WAYS = [("a", "Ash & Co"), ("b", "<Birch>")]
BOXES = [forms.TextInput(), forms.EmailInput(), forms.PasswordInput(render_value=True), forms.HiddenInput()]
CONTROLS = [
    *[(widget, value) for widget in BOXES for value in (None, "", 0, '<Ana> & "Ben"')],
    *[(forms.Textarea(), value) for value in (None, "", "\nOne\n\nTwo <b>")],
    *[(forms.CheckboxInput(), value) for value in (None, False, True, "other & more")],
    *[(forms.Select(choices=[("", "None"), ("Trees", WAYS)]), value) for value in (None, "a", "b")],
]


@pytest.mark.parametrize(("widget", "value"), CONTROLS)
def test_a_control_is_written_as_django_would(widget, value):
    attrs = {"id": "id_it", "required": False, "data-open": True, "aria-describedby": 'a "hint"'}
    context = widget.get_context("it", value, attrs)

    written = GovukRenderer().render(widget.template_name, context)

    assert parse(written) == parse(TemplatesSetting().render(widget.template_name, context))


@pytest.mark.parametrize("wraps", [True, False], ids=["with its label", "alone"])
@pytest.mark.parametrize("kind", [forms.RadioSelect, forms.CheckboxSelectMultiple])
def test_an_option_is_written_as_django_would(kind, wraps):
    for option in kind(choices=WAYS).subwidgets("it", "b", {"id": "id_it"}):
        context = {"widget": option | {"wrap_label": wraps}}

        written = GovukRenderer().render(kind.option_template_name, context)

        assert parse(written) == parse(TemplatesSetting().render(kind.option_template_name, context))
