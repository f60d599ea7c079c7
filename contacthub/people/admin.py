from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from contacthub.cases.admin import OnRecordAdmin
from contacthub.ordering import ByName
from contacthub.people.models import Membership, Placement, StaffMember, Unit
from contacthub.people.roles import GROUP_ROLES

WHO = ("name", "staff_number", "email", "active_from", "active_to", "takes_calls_in_welsh")

admin.site.unregister(Group)  # groups are the roles, which code knows by name


class NewStaffForm(UserCreationForm):
    class Meta:
        model = StaffMember
        fields = ("username", *WHO, "groups")
        labels = {"username": "Sign-in name"}


class StaffForm(UserChangeForm):
    class Meta:
        model = StaffMember
        fields = ("username", *WHO, "groups")
        labels = {"username": "Sign-in name"}


@admin.register(StaffMember)
class StaffAdmin(OnRecordAdmin, UserAdmin):
    form = StaffForm
    add_form = NewStaffForm
    list_display = ("by_name", "username", "staff_number", "email", "active_from", "active_to")
    list_filter = ("groups",)
    search_fields = ("name", "username", "staff_number", "email")
    ordering = (ByName("name"), "pk")
    filter_horizontal = ()
    fieldsets = ((None, {"fields": ("username", "password", *WHO, "groups")}),)
    add_fieldsets = ((None, {"fields": ("username", "password1", "password2", *WHO, "groups")}),)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the roles that are groups; those that are posts come with a membership."""
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.label, field.help_text = "Roles", "Leaders and managers get theirs from their memberships"
            field.widget = forms.CheckboxSelectMultiple()
            field.queryset = Group.objects.filter(name__in=GROUP_ROLES).order_by("pk")  # sets the choices, too
        return field

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """The page that sets a new password has no fieldsets: say that it was set, never what it is."""
        if formsets is None:
            return "Password: set anew"
        return super().construct_change_message(request, form, formsets, add)

    @admin.display(description="name", ordering=ByName("name"))
    def by_name(self, staff: StaffMember) -> str:
        return staff.name

    @transaction.atomic
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        return super().user_change_password(request, id, form_url)


@admin.register(Unit)
class UnitAdmin(OnRecordAdmin):
    list_display = ("by_name", "kind", "inbox", "telephone", "nation")
    list_filter = ("kind",)
    search_fields = ("name", "code")
    ordering = ("kind", ByName("name"), "pk")

    @admin.display(description="name", ordering=ByName("name"))
    def by_name(self, unit: Unit) -> str:
        return unit.name


@admin.register(Membership)
class MembershipAdmin(OnRecordAdmin):
    list_display = ("person_by_name", "unit_by_name", "post", "starts_on", "ends_on")
    list_select_related = ("person", "unit")
    list_filter = ("unit__kind", "post")
    search_fields = ("person__name", "unit__name")
    raw_id_fields = ("person",)  # the picker that looks while one types breaks the policy against inline styles
    ordering = (ByName("person__name"), "-starts_on", "pk")

    @admin.display(description="person", ordering=ByName("person__name"))
    def person_by_name(self, membership: Membership) -> str:
        return str(membership.person)

    @admin.display(description="unit", ordering=ByName("unit__name"))
    def unit_by_name(self, membership: Membership) -> str:
        return str(membership.unit)


@admin.register(Placement)
class PlacementAdmin(OnRecordAdmin):
    list_display = ("unit_by_name", "workgroup", "area", "line_of_business", "starts_on", "ends_on")
    list_select_related = ("unit", "workgroup", "area", "line_of_business")
    search_fields = ("unit__name",)
    ordering = (ByName("unit__name"), "-starts_on", "pk")

    @admin.display(description="unit", ordering=ByName("unit__name"))
    def unit_by_name(self, placement: Placement) -> str:
        return str(placement.unit)
