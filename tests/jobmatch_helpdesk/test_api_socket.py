"""Over a real socket, as an integrator comes: each row that has REST for its door, and answers that get lost."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test.testcases import LiveServerThread

from contacthub.api.models import KeptAnswer
from contacthub.mail.models import Message
from contacthub.submissions.models import Submission
from jobmatch_helpdesk.models import Incident
from tests.contacthub.api.situations import Machine
from tests.jobmatch_helpdesk.situations import set_up_inboxes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("reference")]
CARYS = {"raiser_name": "Carys Hughes", "raiser_email": "carys@jobcentre.example"}
KOFI = {"raiser_name": "Kofi Mensah", "raiser_email": "kofi@serco.example"}
MOIRA = {"raiser_name": "Moira Lennox", "raiser_email": "moira@ed.example"}
JOBCENTRE = {"source": "jobcentre", "site": "porth-wen", "customer_type": "jobseeker", **CARYS}
JD = {"source": "jd", "customer_type": "employer", **KOFI}
ED = {"source": "ed", "site": "ed-telford", "customer_type": "employer", **MOIRA}
GWEN, NUMBER = "gwen@example.org", "01632 960983"
NO_EMAIL = {"no_email": True, "telephone": NUMBER, "call_required": True}
# What is told; then row, band, who gets the answer, who gets a copy, whose queue rings.
ROWS = [
    (JOBCENTRE | {"customer_email": GWEN}, "R02", 2, GWEN, [], None),
    (JOBCENTRE | {"customer_email": GWEN, "to_adviser": True, "adviser_email": "pa@jobcentre.example"},
     "R03", 2, "pa@jobcentre.example", [], None),
    (JOBCENTRE | NO_EMAIL | {"dwp_user_email": "desk@jobcentre.example"}, "R04", 2, "desk@jobcentre.example", [],
     "porth-wen"),
    (JOBCENTRE | {"own_problem": True, "dwp_user_email": "desk@jobcentre.example"}, "R05", 2,
     "desk@jobcentre.example", [], None),
    (JD | {"customer_email": GWEN}, "R06", 3, "uj@serco.example", [GWEN], None),
    (JD | NO_EMAIL, "R07", 3, "uj@serco.example", [], "jd"),
    (ED | {"customer_email": GWEN}, "R08", 3, "telford@ed.example", [GWEN], None),
    (ED | NO_EMAIL, "R09", 3, "telford@ed.example", [], "ed-telford"),
    ({"source": "online_employer", "customer_email": GWEN}, "R10", 3, GWEN, [], None),
    ({"source": "online_employer", "account_from_erm": True, "telephone": NUMBER}, "R11", 3, None, [], "ed-annesley"),
    ({"source": "online_employer", "account_from_erm": True}, "R12", 3, None, [], None),
    ({"source": "online_jobseeker", "customer_email": GWEN}, "R13", 3, GWEN, [], None),
]  # fmt: skip
WHAT = {"customer_name": "Gwen Parry", "topic": "sign_in", "description": "Cannot sign in"}


@pytest.fixture(scope="module")
def port(django_db_setup) -> Iterator[int]:
    """The application behind a socket of its own."""
    thread = LiveServerThread("127.0.0.1", lambda app: WSGIHandler())
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield thread.port
    thread.terminate()


@pytest.fixture
def machine() -> Machine:
    set_up_inboxes()
    return Machine("incidents:raise", "incidents:read")


def sent(port: int, machine: Machine, body: dict, key: str) -> HTTPResponse:
    """Send a request to raise an incident, and return its answer, which is not read yet."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    headers = machine._headers({"Idempotency-Key": key, "Content-Type": "application/json"})
    connection.request("POST", "/api/v1/incidents/", json.dumps(body), headers)
    return connection.getresponse()


@pytest.mark.proves("XC-05", "UJ-06", "UJ-07", "UJ-08", "UJ-10")
def test_every_row_whose_door_is_rest_is_routed_as_the_strategy_says(port, machine):
    for told, row, band, reply_to, copy, queue in ROWS:
        answer = sent(port, machine, WHAT | told, key=row)
        routed = json.loads(answer.read())

        assert answer.status == 201, (row, routed)
        rings = routed["callback_queue"] and routed["callback_queue"]["queue"]
        assert (routed["row"], routed["band"]["code"], routed["status"]["code"]) == (row, band, "received")
        assert (routed["reply_to"]["address"], routed["copy"], rings) == (reply_to, copy, queue), row
        assert routed["reason"]


@pytest.mark.proves("CM-14")
def test_request_whose_answer_was_lost_is_sent_again_and_raises_one(port, machine):
    body = WHAT | ROWS[0][0]
    lost = sent(port, machine, body, key="k")
    lost.close()

    again = sent(port, machine, body, key="k")

    assert again.status == 201
    assert json.loads(again.read())["reference"] == Incident.objects.get().reference


@pytest.mark.proves("CM-14")
def test_crash_before_the_end_of_the_request_leaves_nothing_half_done(port, machine, monkeypatch):
    def crash(*args: object, **given: object) -> None:
        raise SystemError("the process ended here")

    with monkeypatch.context() as patched:
        patched.setattr(KeptAnswer.objects, "keep", crash)
        broken = sent(port, machine, WHAT | ROWS[0][0], key="k")
        assert (broken.status, json.loads(broken.read())["code"]) == (500, "fault")
    assert [model.objects.count() for model in (Incident, Message, Submission, KeptAnswer)] == [0, 0, 0, 0]

    assert sent(port, machine, WHAT | ROWS[0][0], key="k").status == 201
    assert [model.objects.count() for model in (Incident, Submission, KeptAnswer)] == [1, 1, 1]


def test_same_request_from_two_sides_at_once_raises_one(port, machine):
    body = WHAT | ROWS[0][0]
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(sent(port, machine, body, key="k"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    bodies = {answer.read() for answer in answers}

    assert [answer.status for answer in answers] == [201] * 4
    assert (len(bodies), Incident.objects.count()) == (1, 1)
