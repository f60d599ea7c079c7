"""What a page offers, REST offers too, named like the service; or the reason why not stands here."""

from __future__ import annotations

from django.urls import URLPattern, get_resolver

from tests.test_house import (
    CONTACT_PAGES,
    DECIDED_PAGES,
    FILE_PAGES,
    INPUT_PAGES,
    MOVED_PAGES,
    OPEN_TO,
    PART_ONE_PAGES,
    PART_TWO_PAGES,
    RAISING_PAGES,
)

# The endpoint of each page action, without /api/v1/. R is the reference of a record.
ENDPOINTS = {
    "jobmatch:queue": "incidents/",
    "jobmatch:raise": "incidents/",
    "jobmatch:take_next": "incidents/take_next/",
    "jobmatch:incident": "incidents/R/",
    "jobmatch:reply": "incidents/R/reply/",
    "jobmatch:ask": "incidents/R/ask/",
    "jobmatch:ask-for-call": "incidents/R/ask_for_call/",
    "jobmatch:take": "incidents/R/take/",
    "jobmatch:assign": "incidents/R/assign/",
    "jobmatch:answer": "incidents/R/answer/",
    "jobmatch:record-answer": "incidents/R/record_answer/",
    "jobmatch:carry-on": "incidents/R/carry_on/",
    "jobmatch:put-back": "incidents/R/put_back/",
    "jobmatch:resolve": "incidents/R/resolve_without_reply/",
    "jobmatch:record-no-reply-route": "incidents/R/record_no_reply_route/",
    "jobmatch:reassign": "incidents/R/reassign/",
    "jobmatch:change-priority": "incidents/R/change_priority/",
    "jobmatch:close": "incidents/R/close/",
    "jobmatch:reopen": "incidents/R/reopen/",
    "jobmatch:escalate": "incidents/R/escalate/",
    "jobmatch:change-facts": "incidents/R/change_facts/",
    "jobmatch:mark-address-dead": "incidents/R/mark_address_dead/",
    "feedback:forms": "feedback/",
    "feedback:form": "feedback/R/",
    "callbacks:queue": "callbacks/",
    "callbacks:take_next": "callbacks/take_next/",
    "callbacks:callback": "callbacks/R/",
    "callbacks:record-attempt": "callbacks/R/record_attempt/",
    "callbacks:take": "callbacks/R/take/",
    "callbacks:allocate": "callbacks/R/allocate/",
    "callbacks:hand-back": "callbacks/R/hand_back/",
    "callbacks:cancel": "callbacks/R/cancel/",
    "mail:outbox": "messages/",
    "deadlines:follow_ups": "follow-ups/",
    "deadlines:settle": "follow-ups/<int:follow_up_id>/settle/",
    "workspace:search": "search/",
    "people:directory": "directory/",
    "people:person": "directory/<str:number>/",
    "people:unit": "directory/",
    "people:import": "directory/",
    "people:checked": "directory/",
    "people:apply": "directory/",
    "employers:employers": "employers/",
    "employers:employer": "employers/<ern:ern>/",
    "employers:agents": "agent-links/",
    "employers:agent": "agents/<earn:earn>/",
    "employers:schedule": "employers/<ern:ern>/schedules/<month:month>/lines/",
    "employers:parents": "paying-parents/",
    "employers:parent": "paying-parents/<parent:number>/",
    "employers:new_call": "contacts/",
    "employers:contacts": "contacts/",
    "employers:contact": "contacts/R/",
    "employers:choose-party": "contacts/R/choose_party/",
    "employers:choose-again": "contacts/R/choose_again/",
    "employers:choose": "contacts/R/choose_reasons/",
    "employers:take-back": "contacts/R/take_back_reason/",
    "employers:refuse": "contacts/R/refuse_reason/",
    "employers:welsh": "contacts/R/arrange_welsh/",
    "employers:answered": "callbacks/R/answered/",
    "employers:request-ask-for-callback": "service-requests/R/ask_for_callback/",
    "employers:keep-notes": "contacts/R/keep_notes/",
    "employers:end-call": "contacts/R/end_call/",
    "employers:lost": "contacts/R/lose_call/",
    "employers:resume": "contacts/R/resume_call/",
    "employers:hand-over": "contacts/R/hand_over/",
    "employers:finish": "contacts/R/finish/",
    "employers:identity_email": "contacts/R/",
    "employers:identity_state": "contacts/R/",
    "employers:identity-email/offer": "contacts/R/offer_identity_email/",
    "employers:identity-email/send": "contacts/R/send_identity_email/",
    "employers:identity-email/content": "contacts/R/confirm_identity_email/",
    "employers:identity-email/fallback": "contacts/R/agree_instead/",
    "employers:create-sr": "contacts/R/create_sr/",
    "employers:raise-for-lines": "contacts/R/create_sr/",
    "employers:attach": "contacts/R/attach_to_request/",
    "employers:schedule_input": "contacts/R/",
    "employers:input-complete": "contacts/R/complete_reason_step/",
    "employers:input-not-needed": "contacts/R/reason_step_not_needed/",
    "employers:requests": "service-requests/",
    "employers:employer-requests": "service-requests/",
    "employers:agent-requests": "service-requests/",
    "employers:employer-contacts": "contacts/",
    "employers:agent-contacts": "contacts/",
    "employers:request-reissue": "reissues/",
    "employers:reissues": "reissues/",
    "employers:reissue": "reissues/R/",
    "employers:reissue-reissue": "reissues/R/reissue/",
    "employers:reissue-decline": "reissues/R/decline/",
    "employers:reissue-withdraw": "reissues/R/withdraw/",
    "employers:request": "service-requests/R/",
    "employers:raise": "service-requests/R/raise_further/",
    "employers:request-wait": "service-requests/R/wait_until/",
    "employers:request-answer": "service-requests/R/answer/",
    "employers:request-reassign": "service-requests/R/reassign/",
    "employers:request-cancel": "service-requests/R/cancel/",
    "employers:request-reopen": "service-requests/R/reopen/",
    "employers:lines": "service-requests/R/update_lines_step/",
    "employers:lines-apply": "service-requests/R/update_lines_step/",
    "employers:activity-start": "service-requests/R/start_step/",
    "employers:activity-complete": "service-requests/R/complete_step/",
    "employers:activity-not-needed": "service-requests/R/mark_not_needed/",
    "employers:activity-reopen": "service-requests/R/reopen_step/",
}
PERSON = "is about a person at a screen, whom no machine is"
PUBLIC = "the public writes here without signing in; machines raise incidents for whoever has an account"
SET_UP = "sets ContactHub up; that stays with people"
TALK = "is somebody talking to a caller: machines open contacts and raise requests, and ask nobody security questions"
FEEDBACK = "is what was said of a person; machines read that there is a form, its state and its deadline"
PERSONAL_FILE = "is a personal file, or plans that are read like it: no machine does"
STATE_ONLY = "machines read where messages stand, and leave them to people"
EXEMPT = {
    "home": PERSON,
    "people:sign_in": PERSON,
    "people:sign_out": PERSON,
    "people:account": PERSON,
    "people:password": PERSON,
    "people:extend_session": PERSON,
    "employers:identity-template": SET_UP,
    "employers:identity-template-save": SET_UP,
    "employers:lines-upload": "is a preview for who sends a file; machines send the lines themselves",
    "people:template": "is a file to write over; the document has an example",
    "admin:index": SET_UP,
    "api:keys": "a key that made keys would outlive its own end",
    "api:new_key": "a key that made keys would outlive its own end",
    "api:key": "a key that made keys would outlive its own end",
    "api:revoke": "a key that made keys would outlive its own end",
    "api:schema": "is the document of the API itself",
    "api:docs": "is the document of the API itself",
    "workspace:help": PERSON,
    "workspace:accessibility": PERSON,
    "workspace:keys": PERSON,
    "workspace:live": "is for probes, and open to them",
    "workspace:ready": "is for probes, and open to them",
    "callbacks:ageing": "is for people who look after a queue; machines count by `due_at`",
    "callbacks:spreadsheet": "is for people who look after a queue; machines count by `due_at`",
    "jobmatch:change-route": "shows what would happen while somebody types; machines read it in the answer",
    "deadlines:deadline": "explains in words how a due moment was worked out; the moment is `due_at` of its record",
    "deadlines:newest": "leads to that page",
    "deadlines:extend": "is agreed to by a lead, who reads there how the moment was worked out",
    "documents:document": "hands out letters and personal files, which no machine reads",
    "drafts:drafts": PERSON,
    "drafts:keep": PERSON,
    "drafts:delete": PERSON,
    "mail:try_again": STATE_ONLY,
    "mail:tracking": "is for mail providers, which sign what they post; machines read where messages stand",
    "mail:notices": PERSON,
    "mail:read_notice": PERSON,
    "jobmatch:contact_us": PUBLIC,
    "jobmatch:contact_us_who": PUBLIC,
    "jobmatch:contact_us_reply": PUBLIC,
    "jobmatch:contact_us_about": PUBLIC,
    "jobmatch:contact_us_happened": PUBLIC,
    "jobmatch:contact_us_check": PUBLIC,
    "jobmatch:contact_us_sent": PUBLIC,
    "jobmatch:newer": "tells a page that is open what came in; machines ask with `updated_since`",
    "jobmatch:route": "shows what would happen while somebody types; machines read it in the answer",
    "jobmatch:insert-template": "puts words into a box that somebody goes on writing in",
    "jobmatch:templates": SET_UP,
    "jobmatch:new_template": SET_UP,
    "jobmatch:template": SET_UP,
    **{
        f"feedback:{name}": FEEDBACK for name in ["new", *PART_ONE_PAGES, *DECIDED_PAGES, *MOVED_PAGES, *PART_TWO_PAGES]
    },
    "feedback:form_pdf": FEEDBACK,
    **{f"feedback:{name}": PERSONAL_FILE for name in [*FILE_PAGES, "people_list", "close_plan"]},
    "feedback:learning": "is for people who lead others; small numbers stay hidden there",
    "feedback:learning_csv": "is for people who lead others; small numbers stay hidden there",
    "employers:find": "looks for whoever is on the line; machines read a record by its number",
    "employers:notes": "are words of the staff for each other",
    **{
        f"employers:{name}": TALK
        for name in [*CONTACT_PAGES, *RAISING_PAGES, *INPUT_PAGES]
        if f"employers:{name}" not in ENDPOINTS
    },
}


def endpoints(resolver: object, prefix: str = "") -> set[str]:
    """Return the address of each endpoint, with R for a reference."""
    found = set()
    for pattern in resolver.url_patterns:
        address = prefix + str(pattern.pattern).replace("<reference:reference>", "R")
        if isinstance(pattern, URLPattern):
            found |= {address.removeprefix("api/v1/")} if address.startswith("api/v1/") else set()
        else:
            found |= endpoints(pattern, address)
    return found


def test_every_page_action_has_an_endpoint_or_a_reason():
    assert {*OPEN_TO} == {*ENDPOINTS, *EXEMPT}
    assert not {*ENDPOINTS} & {*EXEMPT}


def test_every_endpoint_that_is_named_is_there():
    assert {*ENDPOINTS.values()} <= endpoints(get_resolver())
