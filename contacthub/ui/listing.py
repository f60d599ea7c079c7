"""Lists that people choose from: which one, in which order, what of it; and the links that keep what was chosen.

An app says in its Lists which views and orders it has; `filter.html` and `turn.html` show what `shown` returns.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet, Value

from contacthub import keyset
from contacthub.actor import Actor
from contacthub.keyset import Page
from contacthub.ui.navigation import COUNTS_STOP_AT, count_words

NOT_A_FILTER = ("view", "order")


@dataclass(frozen=True)
class Asked:
    """What somebody asks to see; `filters` holds the values that were chosen, by the names of the filters."""

    view: str = ""
    order: str = ""
    filters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Order:
    """An order that an index has: its key, of which the last column is unique."""

    label: str
    key: tuple[str, ...]
    newest_first: bool = False


@dataclass(frozen=True)
class View:
    """A list: how it is called, what `rows` keeps of the records in question, and what it says where it is empty.

    `rows` takes the records, the actor and the moment.
    """

    label: str
    rows: Callable[[Any, Any, Any], Any]
    nothing: str


@dataclass(frozen=True)
class Lists(ABC):
    """What somebody asked to see, as far as it is there for them: of a view or an order that is not, the first."""

    actor: Actor
    asked: Asked
    at: datetime

    @property
    @abstractmethod
    def views(self) -> Mapping[str, View]: ...

    @property
    @abstractmethod
    def orders(self) -> Mapping[str, Order]: ...

    @abstractmethod
    def of_view(self, view: str) -> QuerySet[Any]:
        """Return the records of a view, without the filters."""

    @abstractmethod
    def rows(self) -> QuerySet[Any]:
        """Return the records that were asked for, with what their rows show; the page gives their order."""

    @property
    def view(self) -> str:
        return self.asked.view if self.asked.view in self.views else next(iter(self.views))

    @property
    def order(self) -> str:
        return self.asked.order if self.asked.order in self.orders else next(iter(self.orders))

    def page(self, *, cursor: dict[str, str], size: int) -> Page[Any]:
        order = self.orders[self.order]
        return keyset.page(self.rows(), key=order.key, asked=cursor, size=size, newest_first=order.newest_first)

    def counts(self) -> dict[str, str]:
        """Count each view without its filters, in one query."""
        return counts_of({view: self.of_view(view) for view in self.views})


class Choice(forms.ChoiceField):
    """One of some values, or any of them; `known` are the values and their words."""

    def __init__(self, label: str, known: Iterable[tuple[Any, Any]] = (), anything: str = "Any") -> None:
        super().__init__(label=label, required=False, error_messages={"invalid_choice": "Select one of these"})
        self.anything = anything
        self.offer(known)

    def offer(self, known: Iterable[tuple[Any, Any]]) -> None:
        self.known = [(str(value), str(words)) for value, words in known]
        self.choices = [("", self.anything), *self.known]


class FilterForm(forms.Form):
    """What to show of some records, and in which order. What it does not know it leaves out, and says so.

    Each field that an app adds is a Choice, named like the filter.
    """

    use_required_attribute = False
    view = Choice("List")
    order = Choice("Order")

    def __init__(self, *args: Any, views: Iterable[str], orders: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choice("view").offer((view, view) for view in views)
        self.choice("order").offer((order, order) for order in orders)

    def choice(self, name: str) -> Choice:
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
        fields = {name: self.choice(name) for name in self.asked.filters}
        return [(name, str(field.label), dict(field.known)[self.asked.filters[name]]) for name, field in fields.items()]


def counts_of(lists: Mapping[str, QuerySet[Any]]) -> dict[str, str]:
    """Count each list, in one query: "12", or "99+"; of none, nothing."""
    if not lists:
        return {}
    first, *others = (
        rows.order_by().annotate(view=Value(code)).values_list("view")[: COUNTS_STOP_AT + 1]
        for code, rows in lists.items()
    )
    found = Counter(code for (code,) in first.union(*others, all=True))
    return {code: count_words(found[code]) or "0" for code in lists}


def shown(form: FilterForm, lists: Lists, page: Page[Any]) -> dict[str, Any]:
    """Return what a list page shows: its rows, the other lists and orders, what is filtered, the pages beside it."""
    asked, views, counts = form.asked, lists.views, lists.counts()
    kept = {"view": asked.view, "order": asked.order, **asked.filters}
    return {
        "rows": page.rows,
        "first_page": link(kept),
        "newer": page.newer and link(kept, page.newer),
        "older": page.older and link(kept, page.older),
        "filters": form,
        "counts": counts,
        "view": lists.view,
        "views": [
            {"title": one.label, "link": link(kept | {"view": code}), "count": counts[code], "code": code}
            for code, one in views.items()
        ],
        "nothing": views[lists.view].nothing,
        "orders": [
            {"title": one.label, "link": link(kept | {"order": code}), "current": code == lists.order, "code": code}
            for code, one in lists.orders.items()
        ],
        "chips": [
            {"label": f"{label}: {words}", "link": link(kept | {name: ""})} for name, label, words in form.chosen()
        ],
        "unfiltered": link({"view": asked.view, "order": asked.order}),
    }


def no_views(form: FilterForm) -> dict[str, Any]:
    """Return what `filter.html` shows above a page that is one list, in one order."""
    kept = form.asked.filters
    chips = [{"label": f"{label}: {words}", "link": link(kept | {name: ""})} for name, label, words in form.chosen()]
    return {"filters": form, "view": "", "views": [], "orders": [], "chips": chips, "unfiltered": link({})}


def link(asked: Mapping[str, str], page: str = "") -> str:
    """Return the query string of a list, and of a page of it."""
    words = urlencode({name: value for name, value in asked.items() if value})
    return "&".join(part for part in [page or "?", words] if part).replace("?&", "?")
