from django.urls import path

from contacthub.callbacks.acts import ALLOCATE, BY_NAME
from contacthub.callbacks.views import ageing, callbacks, queues

RECORD = "callbacks/<reference:reference>/"

app_name = "callbacks"
urlpatterns = [
    path("callbacks/", ageing.ageing, name="ageing"),
    path("callbacks/ageing.csv", ageing.spreadsheet, name="spreadsheet"),
    path("callbacks/queues/<slug:code>/", queues.queue, name="queue"),
    path("callbacks/queues/<slug:code>/take-next/", queues.take_next, name="take_next"),
    path(RECORD, callbacks.callback, name="callback"),
    path(f"{RECORD}record-attempt/", callbacks.record_attempt, name="record-attempt"),
    path(f"{RECORD}allocate/", queues.allocate, name="allocate"),
    *(path(f"{RECORD}{name}/", callbacks.act, {"name": name}, name=name) for name in BY_NAME if name != ALLOCATE.name),
]
