"""The floor: the least that a page of the queue could cost. And the addresses with it.

A hand-written view behind the full middleware, for a signed-in user: the rows of the queue's first page from one query
over the ideal index, which is the queue's own, put into a plain table.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django.views.decorators.http import require_GET

from benchmarks import bare
from contacthub.urls import urlpatterns as those_of_the_house

ROWS = """
select reference, customer_name, split_part(description, E'\n', 1), band, due_at, state, row, site.name, assigned.name
  from jobmatch_helpdesk_incident incident
  join cases_case on cases_case.id = case_id
  left join people_unit site on site.id = site_id
  left join people_staffmember assigned on assigned.id = assigned_to_id
 where state in ('received', 'assigned', 'awaiting_information', 'no_reply_route')
 order by band, received_at, case_id
 limit 50
"""
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Incidents</title></head><body>
<h1>Incidents</h1><p>{{ user.name }}</p>
<table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>
</body></html>"""


@require_GET
def floor(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(ROWS)
        rows = cursor.fetchall()
    return HttpResponse(page().render({"rows": rows}, request))


@cache
def page() -> Any:
    return engines["django"].from_string(PAGE)


urlpatterns = [path("floor/", floor), path("floor/create/", bare.create), *those_of_the_house]
