"""What can be done with a request to re-issue a CMSL2040."""

from __future__ import annotations

from contacthub.actor import Actor
from contacthub.clock import now
from contacthub.formats import uk_day
from contacthub.submissions.acts import Act
from employer_contact import permissions, services
from employer_contact.forms.reissues import IssueForm
from employer_contact.models import ReissueRequest


def _decides(actor: Actor, request: ReissueRequest) -> bool:
    return request.is_open and services.may_decide(actor, request, on=uk_day(now()))


def _asked(actor: Actor, request: ReissueRequest) -> bool:
    return request.is_open and permissions.may_withdraw_reissue(actor, raised_by_id=request.raised_by_id)


ISSUE = Act("reissue", "Re-issued", services.reissue, _decides, IssueForm, needs=("months",))
ACTS = [
    ISSUE,
    Act("decline", "Decline", services.decline, _decides),
    Act("withdraw", "Withdraw", services.withdraw, _asked),
]
BY_NAME = {act.name: act for act in ACTS}
