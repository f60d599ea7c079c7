from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from contacthub.submissions.forms import OnceForm
from contacthub.ui.fields import LONG, EmailAddress, ManyLines, Telephone, words_field
from jobmatch_helpdesk import services
from jobmatch_helpdesk.forms.common import NOT_ABOUT_THEM, one_line
from jobmatch_helpdesk.intake import SITE_KINDS, Error, Intake, Reach, errors_in, missing_for_staff
from jobmatch_helpdesk.models import Language, RiskKind, Topic
from jobmatch_helpdesk.raising import Offered
from jobmatch_helpdesk.routing import Channel, CustomerType, Source

OWN_PROBLEM = "own"
ABOUT = [(CustomerType.JOBSEEKER, "A jobseeker"), (CustomerType.EMPLOYER, "An employer")]
DEFAULT_ABOUT = {Source.JD: CustomerType.JOBSEEKER, Source.ED: CustomerType.EMPLOYER}
OF_JOBCENTRES = ["reply_choice", "adviser_email", "dwp_user_email"]
# What a field of the rules is called here.
NAMED = {"customer_type": "about", "own_problem": "about"}


def email(label: str, too_long: str, help_text: str = "") -> EmailAddress:
    return EmailAddress(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.EmailInput(attrs=NOT_ABOUT_THEM),
        error_messages={"max_length": f"{too_long} must be 320 characters or fewer"},
    )


class ReachForm(OnceForm):
    """Where an incident comes from, whom it is about and how they are reached: what decides its route.

    It asks nothing that there is no choice of: source and site are left out where `offered` has one of them.
    """

    source = forms.ChoiceField(label="Raised from", error_messages={"required": "Select where this comes from"})
    site = forms.TypedChoiceField(label="Site", coerce=int, empty_value=None, required=False)
    about = forms.ChoiceField(label="Who it is about", required=False, widget=forms.RadioSelect)
    language = forms.ChoiceField(label="Language", choices=Language.choices)
    customer_email = email("Customer’s email address", "The customer’s email address")
    telephone = Telephone(
        label="Telephone number", required=False, widget=forms.TextInput(attrs={"type": "tel", **NOT_ABOUT_THEM})
    )
    no_email = forms.BooleanField(label="The customer does not have an email address", required=False)
    call_required = forms.BooleanField(label="Telephone call required", required=False)
    reply_choice = forms.ChoiceField(
        label="Where to reply",
        choices=[("customer", "The customer"), ("adviser", "The Personal Adviser")],
        widget=forms.RadioSelect,
        required=False,
    )
    adviser_email = email("Personal Adviser’s email address", "The Personal Adviser’s email address")
    dwp_user_email = email(
        "DWP user’s email",
        "The DWP user’s email",
        "Enter the email address of a DWP user who will arrange the call",
    )

    def __init__(self, *args: Any, offered: Offered, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        jobcentre = Source.JOBCENTRE in offered.sources
        own = [(OWN_PROBLEM, "Their own problem" if offered.asks_who_rings else "My own problem with the site")]
        self._offer("about", [*ABOUT, *(own if jobcentre else [])])
        self._offer("source", [("", "Select where this comes from"), *((one, one.label) for one in offered.sources)])
        self._offer("site", [("", "Select a site"), *_grouped(offered)])
        not_asked = [] if jobcentre else [*OF_JOBCENTRES]
        if offered.only_source:
            not_asked += ["source"]
        if all(offered.only_site(source) for source in offered.sources):
            not_asked += ["site"]
        for name in not_asked:
            del self.fields[name]

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def say(self, errors: Iterable[Error]) -> None:
        """Add errors of the handling strategy, each at its field, beside what could not be read."""
        for error in errors:
            field = NAMED.get(error.field, error.field)
            if field not in self.errors:
                self.add_error(field if field in self.fields else None, ValidationError(error.words, error.code))

    @property
    def reach(self) -> Reach | None:
        """Return what was given, as far as it could be read; None while nobody knows where it comes from.

        What belongs to an answer that was not chosen is left out, so that it decides nothing unseen.
        """
        given = self.cleaned_data
        source = self.offered.only_source or (Source(given["source"]) if given.get("source") else None)
        if source is None:
            return None
        about = given.get("about") or DEFAULT_ABOUT.get(source, "")
        own_problem = about == OWN_PROBLEM
        no_email = given.get("no_email", False) and not own_problem
        to_adviser = given.get("reply_choice") == "adviser" and source == Source.JOBCENTRE
        return Reach(
            source=source,
            site_id=self._site_of(source),
            customer_type=CustomerType(about) if about in CustomerType.values else None,
            own_problem=own_problem,
            customer_email=given.get("customer_email", "") if not own_problem else "",
            no_email=no_email,
            telephone=given.get("telephone", ""),
            call_required=given.get("call_required", False) and not own_problem,
            to_adviser=to_adviser,
            adviser_email=given.get("adviser_email", "") if to_adviser else "",
            dwp_user_email=given.get("dwp_user_email", "") if own_problem or no_email else "",
            language=given.get("language") or Language.ENGLISH,
        )

    def _site_of(self, source: Source) -> int | None:
        only = self.offered.only_site(source)
        if only:
            return only.pk
        chosen: int | None = self.cleaned_data.get("site")
        return chosen if chosen in [site.pk for site in self.offered.sites[source]] else None


class RaiseForm(ReachForm):
    """The staff form: one page of grouped fields, whose errors are those of the handling strategy (UJ-30)."""

    raiser_name = one_line("Their name", "Their name")
    raiser_email = email("Their email address", "Their email address")
    customer_name = one_line("Customer’s name", "The customer’s name")
    topic = forms.ChoiceField(
        label="Topic",
        choices=[("", "Select a topic"), *Topic.choices],
        error_messages={"required": "Select a topic"},
    )
    description = words_field("What happened, and what they were trying to do", "Enter what happened", rows=5)
    escalated = forms.BooleanField(label="There is a risk to my health and safety", required=False)
    escalation_reason = ManyLines(
        label="Why there is a risk",
        max_length=LONG,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    risk_kind = forms.ChoiceField(
        label="Kind of risk (optional)", choices=[("", "Not said"), *RiskKind.choices], required=False
    )
    field_order = ("key", "source", "site", "raiser_name", "raiser_email", "about", "customer_name")

    def __init__(self, *args: Any, offered: Offered, **kwargs: Any) -> None:
        super().__init__(*args, offered=offered, **kwargs)
        if offered.asks_who_rings:
            self.fields["escalated"].label = "There is a risk to their health and safety"
        else:
            del self.fields["raiser_name"], self.fields["raiser_email"]

    def clean(self) -> dict[str, Any]:
        """Add, to what could not be read, what the handling strategy misses: all of it at once."""
        given = super().clean() or {}
        if intake := self.intake:
            asked = missing_for_staff(intake, names_raiser=self.offered.asks_who_rings)
            self.say([*asked, *errors_in(intake, set_up=services.set_up_for(intake))])
        return given

    @property
    def intake(self) -> Intake | None:
        """Return what was given, as `reach` does."""
        given, reach = self.cleaned_data, self.reach
        if reach is None:
            return None
        escalated = given.get("escalated", False)
        return Intake(
            **asdict(reach),
            channel=Channel.TELEPHONE if self.offered.asks_who_rings else Channel.FORM,
            raiser_name=given.get("raiser_name", "") if self.offered.asks_who_rings else self.offered.name,
            raiser_email=given.get("raiser_email", "") if self.offered.asks_who_rings else self.offered.email,
            customer_name=given.get("customer_name", "") if not reach.own_problem else "",
            topic=given.get("topic", ""),
            description=given.get("description", ""),
            escalated=escalated,
            escalation_reason=given.get("escalation_reason", "") if escalated else "",
            risk_kind=given.get("risk_kind", "") if escalated else "",
        )


class ChangeForm(ReachForm):
    """The same facts of an incident that stands; what may be missing is for the service to say."""


def facts_of(reach: Reach) -> dict[str, Any]:
    """Return what the form of a change begins with: the facts as they are."""
    about = OWN_PROBLEM if reach.own_problem else reach.customer_type or ""
    choice = "adviser" if reach.to_adviser else "customer"
    return asdict(reach) | {"site": reach.site_id, "about": about, "reply_choice": choice}


def _grouped(offered: Offered) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return the sites to choose from, under the kind of each."""
    return [
        (SITE_KINDS[source].label, [(site.pk, site.name) for site in sites])
        for source, sites in offered.sites.items()
        if not offered.only_site(source) and sites
    ]


def start(offered: Offered) -> dict[str, Any]:
    """Return what an empty form begins with: the customer type of the source (UJ-33), and one's own address."""
    if offered.asks_who_rings:
        return {}
    about = DEFAULT_ABOUT.get(offered.only_source) if offered.only_source else None
    return {
        "about": about or "",
        "reply_choice": "customer",
        "dwp_user_email": offered.email,
        "adviser_email": offered.email,
    }
