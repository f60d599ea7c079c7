from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse

from contacthub.clock import now
from contacthub.workspace import health


@login_not_required
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@login_not_required
def ready(request: HttpRequest) -> JsonResponse:
    told, status = health.report(now())
    return JsonResponse(told, status=status)
