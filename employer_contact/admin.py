from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import Exists, OuterRef
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from contacthub.cases.admin import OnRecordAdmin
from contacthub.clock import now
from contacthub.errors import DomainError
from employer_contact import services
from employer_contact.models import (
    ContactReason,
    IdentityInbox,
    PlanStep,
    PlanUse,
    PlanVersion,
    SecurityQuestion,
    ServiceRequestKind,
)

Act = Callable[..., PlanVersion]


class CodedAdmin(OnRecordAdmin):
    """Rows that the code knows by their codes: a code is given once."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()


@admin.register(IdentityInbox)
class IdentityInboxAdmin(OnRecordAdmin):
    """Which inbox a team, or all teams of a line of business, send the identity email from (EC-54)."""

    list_display = ("unit", "mailbox")


@admin.register(ContactReason)
class ContactReasonAdmin(CodedAdmin):
    list_display = ("label", "code", "order")
    ordering = ("order", "pk")


@admin.register(ServiceRequestKind)
class ServiceRequestKindAdmin(CodedAdmin):
    list_display = ("__str__", "code", "open_to_employer", "open_to_agent", "working_days")
    list_filter = ("reason",)
    ordering = ("order", "pk")


@admin.register(SecurityQuestion)
class SecurityQuestionAdmin(OnRecordAdmin):
    """Questions change their words and whether they are asked; what each compares is in the code."""

    list_display = ("label", "party", "is_asked", "order")
    list_filter = ("party",)
    ordering = ("party", "order", "pk")
    readonly_fields = ("code", "party")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class StepInline(admin.TabularInline):
    """The steps of a version: they can be changed until it was put to use."""

    model = PlanStep
    extra = 1
    formfield_overrides = OnRecordAdmin.formfield_overrides

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The admin has styles of its own, so its forms keep the markup that these are for."""
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.default_renderer = DjangoTemplates
        return formset

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and not obj.was_used

    has_add_permission = has_delete_permission = has_change_permission

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Show the whole text of a step."""
        if db_field.name == "text":
            kwargs["widget"] = AdminTextareaWidget(attrs={"rows": 2})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(PlanVersion)
class PlanVersionAdmin(OnRecordAdmin):
    """Versions of activity plans. "New version" copies one, "Use from now" lets new service requests take it."""

    list_display = ("plan", "number", "in_use")
    list_select_related = ("plan",)
    list_filter = ("plan",)
    ordering = ("plan", "-number")
    readonly_fields = ("plan", "number")
    inlines = (StepInline,)
    change_form_template = "admin/plan_version.html"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None or not obj.was_used

    has_delete_permission = has_change_permission

    def get_queryset(self, request: HttpRequest) -> Any:
        uses = PlanUse.objects.filter(version=OuterRef("pk"))
        in_use = PlanVersion.objects.in_use(now()).filter(pk=OuterRef("pk"))
        return super().get_queryset(request).annotate(was_used=Exists(uses), is_in_use=Exists(in_use))

    @admin.display(description="in use", boolean=True)
    def in_use(self, version: Any) -> bool:
        return bool(version.is_in_use)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        return "\n".join(line for formset in formsets or () for line in _changed_steps(formset))

    def get_urls(self) -> list[Any]:
        acts = [("new-version", services.copy_plan_version), ("use-from-now", services.use_plan_version)]
        ways = [
            path(f"<int:version_id>/{name}/", self.admin_site.admin_view(self._pressing(act)), name=f"plan_{name}")
            for name, act in acts
        ]
        return [*ways, *super().get_urls()]

    def _pressing(self, act: Act) -> Callable[..., HttpResponse]:
        @require_POST
        def press(request: Any, version_id: int) -> HttpResponse:
            try:
                version_id = act(version_id=version_id, by=request.actor, at=now()).pk
            except DomainError as refused:
                messages.error(request, refused.message)
            return redirect("admin:employer_contact_planversion_change", version_id)

        return press


def _changed_steps(formset: Any) -> Iterator[str]:
    """Yield a line for each step that was added, changed or taken out: what it was, what it is."""
    was = {form.instance.pk: form.initial for form in formset.initial_forms}
    for step in formset.new_objects:
        yield f"Step added: {_said(step)}"
    for step, changed in formset.changed_objects:
        before = ", ".join(str(was[step.pk][name]) for name in changed)
        yield f"Step {step.number}: {before} → {', '.join(str(getattr(step, name)) for name in changed)}"
    for step in formset.deleted_objects:
        yield f"Step taken out: {_said(step)}"


def _said(step: PlanStep) -> str:
    return f"{step.number} {step.text} ({step.get_mark_display()}; {step.get_does_display()})"
