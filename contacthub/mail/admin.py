from django.contrib import admin

from contacthub.cases.admin import OnRecordAdmin
from contacthub.mail.models import Mailbox


@admin.register(Mailbox)
class MailboxAdmin(OnRecordAdmin):
    list_display = ("name", "code", "address")
    search_fields = ("name", "code", "address")
    ordering = ("pk",)
