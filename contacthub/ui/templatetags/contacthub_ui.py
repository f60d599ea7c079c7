"""Dates, times and names in pages. `now` is that of the page, so that all its times agree."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django import template
from django.forms import BaseForm
from django.template import Context
from django.utils import translation
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from contacthub import formats
from contacthub.clock import now
from contacthub.ui import forms

register = template.Library()


def _now(context: Context) -> datetime:
    """Return the moment the page is about: the view's `now`, else the clock."""
    given = context.get("now")
    return given if isinstance(given, datetime) else now()


def _time(at: datetime, words: str) -> SafeString:
    when = at.astimezone(formats.UK).isoformat("T", "minutes")
    return SafeString(f'<time datetime="{when}">{escape(words)}</time>')


@register.filter
def shortened(name: str) -> str:
    """{{ document.name|shortened }}: a long name loses its middle."""
    return formats.shortened(name)


@register.simple_tag(takes_context=True)
def moment(context: Context, at: datetime) -> SafeString:
    """{% moment reply.at %}: "11:02am", "yesterday, 4:10pm"."""
    return _time(at, formats.moment(at, _now(context)))


@register.simple_tag(takes_context=True)
def due(context: Context, due_at: datetime | None, before: str = "") -> SafeString:
    """{% due incident.due_at %}: "in 44 min, 11:44am"; what is overdue is said in red and in words.

    `before` are words to say before the time of what is not overdue: "Due " where nothing beside it says so.
    """
    said = formats.due(due_at, _now(context))
    if not formats.is_set(due_at):
        return format_html("{}", said.words)
    if said.overdue:
        return format_html('<strong class="app-alarm">{}</strong>', _time(due_at, said.words))
    return _time(due_at, f"{before}{said.words}")


@register.simple_tag(takes_context=True)
def waited(context: Context, since: datetime) -> str:
    """{% waited incident.received_at %}: "2 h 10 min"."""
    return formats.waited(since, _now(context))


@register.simple_tag(takes_context=True)
def clock(context: Context, since: datetime, until: datetime | None = None) -> str:
    """{% clock contact.call_began_at contact.call_ended_at %}: "0:01:48", up to now where it has not ended."""
    return formats.clock_time((until or _now(context)) - since)


@register.simple_tag(takes_context=True)
def seconds(context: Context, since: datetime, until: datetime | None = None) -> str:
    """{% seconds contact.call_began_at contact.call_ended_at %}: "PT108S", the same for machines."""
    return f"PT{int(((until or _now(context)) - since).total_seconds())}S"


@register.filter
def lasted(passed: timedelta) -> str:
    """{{ contact.talk_time|lasted }}: "7 min 46 s"."""
    return formats.lasted(passed)


@register.simple_tag
def exact(at: datetime | None) -> SafeString:
    """{% exact incident.due_at %}: "Friday 5 June 2026, 10:25am", beside a time that is said in words elsewhere."""
    return _time(at, formats.day_and_time(at)) if formats.is_set(at) else format_html("{}", formats.NO_DUE_TIME)


@register.simple_tag
def page_language() -> str:
    """{% page_language %}: "en", or "cy" where the page is shown in Welsh."""
    return (translation.get_language() or "en").partition("-")[0]


@register.simple_tag(takes_context=True)
def page_time(context: Context) -> SafeString:
    """{% page_time %}: the day and time at which the page was made."""
    at = _now(context)
    return _time(at, formats.day_and_time(at))


@register.filter
def day(at: datetime) -> str:
    """{{ sent.answer_by|day }}: "Tuesday 9 June 2026"."""
    return formats.day(at)


@register.filter
def address(email: str) -> SafeString:
    """{{ mail.to|address }}: kept apart from the words beside it, and broken at the @ where the line is too short."""
    name, at, host = str(email).partition("@")
    return format_html("<bdi>{}{}<wbr>{}</bdi>", name, at, host)


@register.filter
def telephone(number: str) -> str:
    """{{ incident.telephone|telephone }}: "01632 960983"."""
    return formats.telephone(number)


@register.filter
def money(amount: Decimal) -> str:
    """{{ line.due|money }}: "£1,234.50"."""
    return formats.money(amount)


@register.filter
def ordinal(number: int) -> str:
    """{{ employer.pay_day|ordinal }}: "28th"."""
    return formats.ordinal(number)


@register.filter
def initials(name: str) -> str:
    """{{ staff.name|initials }}: "AB" for Ana Byrne, for narrow windows."""
    words = str(name).split()
    return "".join(word[0] for word in [words[0], *words[1:][-1:]]).upper() if words else ""


@register.simple_tag
def left_over(form: BaseForm) -> list[str]:
    """{% left_over form as texts %}: what was typed into boxes that the form does not have."""
    return forms.left_over(form)
