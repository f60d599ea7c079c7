from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from contacthub.cases.admin import OnRecordAdmin
from contacthub.deadlines.models import DayOff
from contacthub.deadlines.services import days_off_changed


@admin.register(DayOff)
class DayOffAdmin(OnRecordAdmin):
    """The days off of each nation. What is saved here moves the due moments of running clocks (XC-03, XC-04)."""

    list_display = ("day", "nation", "is_worked", "words")
    list_filter = ("nation",)
    ordering = ("-day", "pk")

    def save_model(self, request: HttpRequest, obj: DayOff, form: ModelForm[DayOff], change: bool) -> None:
        super().save_model(request, obj, form, change)
        days_off_changed(obj.nation, form.initial.get("nation", obj.nation))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        days_off_changed(obj.nation)
