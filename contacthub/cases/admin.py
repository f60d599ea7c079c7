"""What every table shares that administrators edit: each change is an event, with before and after (XC-01, XC-04)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.db import models, transaction
from django.forms import SlugField
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import capfirst

from contacthub.cases.services import events_about, record_event
from contacthub.clock import now
from contacthub.ui.fields import Day, EmailAddress, OneLine

NOTHING = "nothing"


class OnRecordAdmin(ModelAdmin):
    """A table of reference data, edited on record. The site lets in administrators only, so nothing is asked here."""

    actions = None  # each deletion is one event
    show_full_result_count = False
    formfield_overrides = {
        models.CharField: {"form_class": OneLine},
        models.SlugField: {"form_class": SlugField},  # a CharField, which cleans its text itself
        models.EmailField: {"form_class": EmailAddress},
        models.DateField: {"form_class": Day},
    }

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The admin has styles of its own, so its forms keep the markup that these are for."""
        form = super().get_form(request, obj, change=change, **kwargs)
        form.default_renderer = DjangoTemplates
        return form

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Lock the row that is about to be changed, so that what is recorded as before is what was replaced."""
        if request.method == "POST" and transaction.get_connection().in_atomic_block:
            list(self.model._base_manager.select_for_update(no_key=True).filter(pk=object_id).values_list("pk"))
        return super().get_object(request, object_id, from_field)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        return "\n".join(_changes(form, add=add))

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        self._record(request, obj, "added", words=message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        if message:
            self._record(request, obj, "changed", words=message)

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Any]) -> Any:
        for obj in queryset:
            self._record(request, obj, "removed", words=str(obj))

    def _record(self, request: Any, obj: Any, kind: str, *, words: str) -> None:
        record_event(obj, kind, by=request.actor, at=now(), words=words)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Say what still refers to a row by number and kind only: an administrator sees no cases."""
        listed, counts, missing, _ = super().get_deleted_objects(objs, request)
        return listed, counts, missing, _what_refers_to(objs)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        obj = get_object_or_404(self.get_queryset(request), pk=object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {obj}",
            "events": events_about(obj),
            "object": obj,
            "opts": self.opts,
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
        }
        return render(request, "admin/object_history.html", context)


def _changes(form: forms.ModelForm[Any], *, add: bool) -> Iterable[str]:
    """Yield a line for each field that was changed: its label, what it was, what it is."""
    for name in form.changed_data:
        if not _is_column(form, name):
            continue
        label = form.fields[name].label or name
        after = _words(form, name, form.cleaned_data[name])
        if add:
            yield f"{label}: {after}"
        else:
            yield f"{label}: {_words(form, name, form.initial.get(name))} → {after}"


def _is_column(form: forms.ModelForm[Any], name: str) -> bool:
    """Leave out what a form asks besides, which may be a password."""
    return name != "password" and name in {field.name for field in form._meta.model._meta.get_fields()}


def _words(form: Any, name: str, value: Any) -> str:
    """Return a value as somebody reads it; the form holds a record before the change as its key."""
    field = form.fields[name]
    if isinstance(value, models.QuerySet | list):
        return ", ".join(sorted(str(each) for each in value)) or NOTHING
    if value in (None, ""):
        return NOTHING
    if hasattr(field, "queryset"):
        return str(value if isinstance(value, models.Model) else field.queryset.get(pk=value))
    if hasattr(field, "choices"):
        return str(dict(field.choices).get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _what_refers_to(objs: Iterable[models.Model]) -> list[str]:
    """Return what the database would not let go of, such as "3 memberships"."""
    held: Counter[type[models.Model]] = Counter()
    for obj in objs:
        for relation in obj._meta.get_fields(include_hidden=True):
            if isinstance(relation, models.ForeignObjectRel) and relation.on_delete is models.PROTECT:
                model = relation.related_model
                held[model] += model._base_manager.filter(**{relation.field.name: obj}).count()
    return [
        f"{number} {model._meta.verbose_name if number == 1 else model._meta.verbose_name_plural}"
        for model, number in held.items()
        if number
    ]
