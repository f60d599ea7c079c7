from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from contacthub.people.models import StaffMember, Unit
from jobmatch_helpdesk.lifecycle import IncidentState
from jobmatch_helpdesk.listing import ME, NOBODY, THIS_WEEK, TODAY, Asked
from jobmatch_helpdesk.models import Topic
from jobmatch_helpdesk.routing import ROWS, Band, Source

NOT_A_FILTER = ("view", "order")


class Choice(forms.ChoiceField):
    """One of some values, or any of them; `known` are the values and their words."""

    def __init__(self, label: str, known: Iterable[tuple[Any, Any]], anything: str = "Any") -> None:
        super().__init__(label=label, required=False)
        self.anything = anything
        self.offer((str(value), str(words)) for value, words in known)

    def offer(self, known: Iterable[tuple[str, str]]) -> None:
        self.known = [*known]
        self.choices = [("", self.anything), *self.known]


class FilterForm(forms.Form):
    """What to show of the incidents, and in which order. What it does not know it leaves out, and says so."""

    use_required_attribute = False
    view = Choice("List", [])
    order = Choice("Order", [])
    state = Choice("State", [*IncidentState.choices])
    band = Choice("Band", [(str(band.value), band.label) for band in Band])
    source = Choice("Source", [*Source.choices])
    site_id = Choice("Site", [])
    topic = Choice("Topic", [*Topic.choices])
    row = Choice("Row", sorted((row.number, row.number) for row in ROWS))
    with_whom = Choice("With", [], anything="Anybody or nobody")
    received = Choice("Received", [(TODAY, "today"), (THIS_WEEK, "this week")], anything="Any time")

    def __init__(
        self,
        *args: Any,
        views: list[str],
        orders: list[str],
        sites: list[Unit] | None = None,
        agents: list[StaffMember] | None = None,
        **kwargs: Any,
    ) -> None:
        """Offer all filters to the Helpdesk, which gives the sites and agents; others filter by state alone."""
        super().__init__(*args, **kwargs)
        self._known("view").offer([(view, view) for view in views])
        self._known("order").offer([(order, order) for order in orders])
        if sites is None or agents is None:
            for name in ("band", "source", "site_id", "topic", "row", "with_whom", "received"):
                del self.fields[name]
        else:
            self._known("site_id").offer([(str(site.pk), site.name) for site in sites])
            whom = [(str(agent.pk), agent.name) for agent in agents]
            self._known("with_whom").offer([(NOBODY, "Nobody"), (ME, "Me"), *whom])

    def _known(self, name: str) -> Choice:
        return cast(Choice, self.fields[name])

    @property
    def asked(self) -> Asked:
        given = {name: value for name, value in self.cleaned_data.items() if value}
        filters = {name: value for name, value in given.items() if name not in NOT_A_FILTER}
        return Asked(given.get("view", ""), given.get("order", ""), filters)

    @property
    def filter_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in NOT_A_FILTER]

    @property
    def left_out(self) -> str:
        """Name what was asked in a way that nobody knows, "" where all was understood."""
        return ", ".join(str(self.fields[name].label).lower() for name in self.errors)

    def chosen(self) -> list[tuple[str, str, str]]:
        """Return the name, the label and the value in words of each filter that is on."""
        fields = {name: self._known(name) for name in self.asked.filters}
        return [(name, str(field.label), dict(field.known)[self.asked.filters[name]]) for name, field in fields.items()]
