from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contacthub import keyset
from contacthub.clock import now
from contacthub.errors import MovedOn, RuleBroken
from contacthub.links import our_own
from contacthub.mail import permissions, services
from contacthub.mail.forms import FilterForm
from contacthub.mail.listing import Lines, count, lines, told
from contacthub.mail.models import Message, Notice
from contacthub.mail.providers import require_genuine, webhook_of
from contacthub.mail.queries import MessageQuerySet
from contacthub.mail.tracking import keep_post
from contacthub.people.middleware import ActorRequest
from contacthub.ui.navigation import count_words

PAGE = 50
OVER = {"held_back", "accepted"}
FIRST_LOOK = 10  # of each kind of trouble, on the page that shows all of them


@dataclass(frozen=True)
class Section:
    """One kind of message in the list; `link` leads to all of them where the page shows only the oldest."""

    code: str
    title: str
    lines: Lines
    link: str


@require_GET
def outbox(request: ActorRequest) -> HttpResponse:
    if not permissions.may_open_mail(request.actor):
        raise PermissionDenied("Only leads and administrators see the mail")
    moment = now()
    form = FilterForm(request.GET)
    asked = {name: value for name, value in form.cleaned_data.items() if value} if form.is_valid() else {}
    kinds = _kinds(_filtered(asked), moment)
    chosen = request.GET.get("view", "")
    context = {
        "form": form,
        "filtered": asked,
        "views": _views(request, kinds, asked, chosen),
        "sections": _sections(request, kinds, asked, chosen, moment),
        "is_tracked": webhook_of(settings.EMAIL_PROVIDER) is not None,
        "now": moment,
    }
    return render(request, "mail/outbox.html", context)


def _filtered(asked: dict[str, str]) -> MessageQuerySet:
    found = Message.objects.all()
    if "about" in asked:
        found = found.filter(case__kind=asked["about"])
    return found.to_address(asked["to"]) if "to" in asked else found


def _kinds(found: MessageQuerySet, at: datetime) -> dict[str, tuple[str, MessageQuerySet]]:
    return {
        "failed": ("Failed", found.failed()),
        "unsure": ("May have been sent", found.may_have_been_sent(at)),
        "queued": ("Queued", found.waiting().surely_not_sent(at)),
        "held_back": ("Not sent", found.held_back()),
        "accepted": ("Accepted", found.accepted()),
    }


def _views(
    request: ActorRequest, kinds: dict[str, tuple[str, MessageQuerySet]], asked: dict[str, str], chosen: str
) -> list[dict[str, object]]:
    """Return the links above the list. What is over is not counted: nobody acts on it, and it only grows."""
    views: list[dict[str, object]] = [
        {"title": "Not accepted yet", "link": _link(asked), "current": chosen not in kinds, "count": ""}
    ]
    for code, (title, rows) in kinds.items():
        number = "" if code in OVER else count_words(count(rows, request.actor)) or "0"
        views.append({"title": title, "link": _link(asked, code), "current": code == chosen, "count": number})
    return views


def _sections(
    request: ActorRequest,
    kinds: dict[str, tuple[str, MessageQuerySet]],
    asked: dict[str, str],
    chosen: str,
    at: datetime,
) -> list[Section]:
    """Return the list that was chosen, or the oldest of each kind of trouble."""
    if chosen in kinds:
        title, rows = kinds[chosen]
        # What is over is read from its end; trouble is worked off from its beginning.
        over = chosen in {*OVER, "unsure"}
        cursor = request.GET.dict()
        found = lines(rows, request.actor, asked=cursor, size=PAGE, newest_first=over, now=at)
        more = f"&{_link(asked, chosen)[1:]}"
        newer, older = (f"{link}{more}" if link else "" for link in (found.newer, found.older))
        return [Section(chosen, title, Lines(found.rows, newer, older), "")]
    sections = []
    for code in ("failed", "unsure", "queued"):
        title, rows = kinds[code]
        if code == "unsure":
            rows = rows.waiting()
        found = lines(rows, request.actor, asked={}, size=FIRST_LOOK, newest_first=False, now=at)
        sections.append(Section(code, title, found, _link(asked, code) if found.older else ""))
    return sections


def _link(asked: dict[str, str], view: str = "") -> str:
    return "?" + urlencode({**({"view": view} if view else {}), **asked})


@require_POST
def try_again(request: ActorRequest, message_id: int) -> HttpResponse:
    try:
        message = services.try_again(message_id=message_id, by=request.actor, at=now())
    except MovedOn as refusal:
        messages.info(request, refusal.message)
    except RuleBroken as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"The email to {message.to} is queued again")
    return redirect(our_own(request.POST.get("back", "")) or "mail:outbox")


@csrf_exempt
@login_not_required
@require_http_methods(["POST", "HEAD"])
def tracking(request: HttpRequest, provider: str) -> HttpResponse:
    """Keep what a provider posts, signed by it, before it gets its answer; HEAD is how some try the address."""
    webhook = webhook_of(provider)
    if webhook is None:
        raise Http404("No such provider, or none of its secrets is set")
    if request.method == "POST":
        body = request.body  # whole, before somebody reads its fields out of the stream
        require_genuine(webhook, request)
        keep_post(provider=provider, content_type=request.headers.get("Content-Type", ""), body=body, at=now())
    return HttpResponse()


@require_GET
def notices(request: ActorRequest) -> HttpResponse:
    mine = Notice.objects.of(request.actor.staff_id)
    shows_all = request.GET.get("view") == "all"
    rows = mine if shows_all else mine.unread()
    page = keyset.page(rows, key=("at", "pk"), asked=request.GET.dict(), size=PAGE, newest_first=True)
    context = {
        "rows": told(page.rows, request.actor),
        "page": page,
        "shows_all": shows_all,
        "more": "&view=all" if shows_all else "",
        "now": now(),
    }
    return render(request, "mail/notices.html", context)


@require_POST
def read_notice(request: ActorRequest, notice_id: int) -> HttpResponse:
    services.read_notice(notice_id=notice_id, by=request.actor, at=now())
    return redirect("mail:notices")
