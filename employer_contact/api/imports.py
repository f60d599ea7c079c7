"""Records written many at once, from the child maintenance system, which is their source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from contacthub.api.base import Answer, Door
from contacthub.api.schema import described
from contacthub.api.serializers import Body
from contacthub.clock import now
from employer_contact import scopes, services
from employer_contact.serializers.imports import (
    AgentRows,
    CaseRows,
    EmployerRows,
    ImportedShape,
    LinkRows,
    ParentRows,
    ScheduleRows,
)

TAG = "Imports"
MORE = """All rows are written, or none: each that is wrong is named by a pointer like `/rows/3/name`. A field that is
not sent stays as it is, and the same rows again change nothing."""


class ImportDoor(Door):
    """The endpoint of one kind of record. A subclass for each is made by `import_url`."""

    writes = scopes.IMPORT
    body: ClassVar[type[Body]]
    service: ClassVar[Callable[..., services.Imported]]

    def post(self, request: Request) -> Response:
        def do() -> Answer:
            done = type(self).service(rows=self.sent(self.body)["rows"], by=self.actor, at=now())
            return Answer(f"{done.added + done.changed} records", dict(ImportedShape(done).data))

        return self.once(do)


def import_url(
    at: str, service: Callable[..., services.Imported], body: type[Body], words: str, sent: dict[str, Any]
) -> URLPattern:
    name = service.__name__
    door: type[ImportDoor] = type(f"Door_{name}", (ImportDoor,), {"body": body, "service": staticmethod(service)})
    describe: Any = described(name, f"{words}\n{MORE}", tag=TAG, body=body, answer=ImportedShape, sent={"rows": [sent]})
    return path(at, extend_schema_view(post=describe)(door).as_view(), name=name)


urlpatterns: list[Any] = [
    import_url("employers/import/", services.import_employers, EmployerRows, "Write employers by their ERN",
               {"ern": "900000006", "name": "Skerrow Foods Ltd", "telephone": "01632 960120"}),
    import_url("agents/import/", services.import_agents, AgentRows, "Write payroll agents by their EARN",
               {"earn": "EA9000014", "name": "Quillmarch Payroll Services"}),
    import_url("agent-links/import/", services.import_links, LinkRows,
               "Write links by ERN, EARN and first day\nA link ends by its last day.",
               {"employer": "900000006", "agent": "EA9000014", "starts_on": "2026-12-01", "may_do": "Statements"}),
    import_url("paying-parents/import/", services.import_parents, ParentRows,
               "Write paying parents by their 12-digit reference",
               {"reference": "121999700001", "name": "Gethin Prys-Morgan", "employers": ["900000006"]}),
    import_url("cases/import/", services.import_cases, CaseRows, "Write cases by their number",
               {"number": "300000042", "paying_parent": "121999700001", "receiving_parent": "Leanne Duffy",
                "cmsl2040": [{"issued_on": "2026-01-12", "employer": "900000006", "amount": "188.20",
                              "from_month": "2026-02"}]}),
    import_url("schedules/import/", services.import_schedules, ScheduleRows,
               "Write DEO schedules by ERN and month\nA line that is not sent stays.",
               {"employer": "900000006", "month": "2026-12", "delivery": "paper",
                "lines": [{"paying_parent": "121999700001", "due": "188.20"}]}),
]  # fmt: skip
