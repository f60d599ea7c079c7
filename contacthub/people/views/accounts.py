from __future__ import annotations

import math
from typing import cast

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from contacthub.clock import now
from contacthub.errors import RuleBroken, TooMany
from contacthub.people import services
from contacthub.people.forms import PasswordForm, SettingsForm, SignInForm
from contacthub.people.middleware import ActorRequest
from contacthub.people.models import StaffMember
from contacthub.people.signing_in import check_password


@sensitive_post_parameters("password")
@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in, and go where somebody was going, if that is a page of ours."""
    back_to = request.POST.get("next", request.GET.get("next", ""))
    if not url_has_allowed_host_and_scheme(back_to, {request.get_host()}, require_https=request.is_secure()):
        back_to = resolve_url("home")
    if request.user.is_authenticated:
        return redirect(back_to)
    form = SignInForm(request.POST or None)
    again_after = 0
    if form.is_valid():
        at = now()
        try:
            staff = check_password(request, **form.cleaned_data, source=request.META["REMOTE_ADDR"], at=at)
        except TooMany as refusal:
            form.add_error(None, refusal.message)
            again_after = math.ceil((refusal.again_at - at).total_seconds())
        except RuleBroken as refusal:
            form.add_error(None, refusal.message)
        else:
            login(request, staff)
            return redirect(back_to)
    context = {
        "form": form,
        "next": back_to,
        "ended": request.GET.get("ended", ""),
        "not_done": "not-done" in request.GET,
    }
    response = render(request, "people/sign_in.html", context, status=429 if again_after else 200)
    if again_after:
        response["Retry-After"] = str(again_after)
    return response


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out, and have the browser forget the pages it kept for Back (P58)."""
    logout(request)
    response = redirect("people:sign_in")
    response["Clear-Site-Data"] = '"cache"'
    return response


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def extend_session(request: ActorRequest) -> JsonResponse:
    """Say how long the session lasts. A POST is somebody who goes on; a page that asks by itself marks its GET."""
    time = request.session_time
    if time is None:
        return JsonResponse({"left": 0, "ended": request.session_ended})
    return JsonResponse(services.time_left(time, at=now()))


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    staff = cast(StaffMember, request.user)
    form = SettingsForm(request.POST if request.method == "POST" else None, initial={"single_keys": staff.single_keys})
    if form.is_valid():
        services.save_settings(staff, **form.cleaned_data)
        messages.success(request, "Your settings are saved")
        return redirect("people:account")
    return render(request, "people/account.html", {"form": form})


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password: this session goes on, those on other machines end."""
    staff = cast(StaffMember, request.user)
    form = PasswordForm(staff, request.POST or None)
    if form.is_valid():
        form.save()
        update_session_auth_hash(request, staff)
        messages.success(request, "Your password is changed. You are signed out everywhere else")
        return redirect("people:account")
    return render(request, "people/password.html", {"form": form})
