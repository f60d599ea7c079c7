from django.contrib import admin

from contacthub.callbacks.models import Queue
from contacthub.cases.admin import OnRecordAdmin


@admin.register(Queue)
class QueueAdmin(OnRecordAdmin):
    """Who makes the calls of a unit, who leads them, and how often and when they are tried (8.4, XC-04)."""

    list_display = ("unit", "code", "caller_post", "allocator_role", "lead", "attempts", "target_days")
    list_select_related = ("unit", "lead")
    search_fields = ("code", "unit__name")
    raw_id_fields = ("lead",)  # the picker that looks while one types breaks the policy against inline styles
    ordering = ("unit__kind", "unit__name", "pk")
