from datetime import datetime, timedelta

import pytest

from contacthub.formats import UK, greeting
from contacthub.mail.services import tell
from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from jobmatch_helpdesk.lifecycle import IncidentState
from tests.contacthub.ui.markup import check
from tests.factories import MORNING, IncidentFactory, StaffMemberFactory


@pytest.mark.parametrize(
    ("hour", "words"),
    [(0, "morning"), (11, "morning"), (12, "afternoon"), (16, "afternoon"), (17, "evening"), (23, "evening")],
)
def test_the_greeting_goes_by_the_hour_in_the_uk(hour, words):
    assert greeting(datetime(2026, 6, 3, hour, 30, tzinfo=UK)) == f"Good {words}"


@pytest.mark.django_db
class TestHome:
    def page_of(self, client, staff) -> str:
        client.force_login(staff)
        page = client.get("/").content.decode()
        check(page)
        return page

    def test_an_agent_sees_what_is_mine_with_the_most_urgent_first_and_the_button_next(self, client, ana):
        later, sooner = (
            IncidentFactory(
                state=IncidentState.ASSIGNED, assigned_to_id=ana.staff_id, due_at=MORNING + timedelta(hours=hours)
            )
            for hours in (2, 1)
        )
        others = IncidentFactory()

        page = self.page_of(client, StaffMember.objects.get(pk=ana.staff_id))

        assert page.index(sooner.reference) < page.index(later.reference)
        assert page.count(f">{others.reference}<") == 1, "the longest waiting, and not among mine"
        assert "Next for me" in page

    def test_what_an_agent_has_answered_is_no_longer_among_mine(self, client, ana):
        answered = IncidentFactory(resolved=True, assigned_to_id=ana.staff_id)

        page = self.page_of(client, StaffMember.objects.get(pk=ana.staff_id))

        assert answered.reference not in page

    def test_who_raises_sees_what_they_raised(self, client, reference):
        rhian = StaffMemberFactory(role=Role.JOBCENTRE_ADVISER)
        raised = IncidentFactory(raised_by=rhian)
        IncidentFactory()

        page = self.page_of(client, rhian)

        assert f">{raised.reference}<" in page
        assert page.count(">UJ-") == 1
        assert "Next for me" not in page

    def test_a_role_without_a_part_is_told_so(self, client, reference):
        assert "Nothing here is yours yet" in self.page_of(client, StaffMemberFactory())

    def test_what_somebody_is_told_stands_there_until_it_is_read(self, client, reference):
        person = StaffMemberFactory()
        notice = tell(person, words="UJ-000001 is yours now", at=MORNING)

        assert "UJ-000001 is yours now" in self.page_of(client, person)
        notice.read_at = MORNING
        notice.save()
        assert "UJ-000001 is yours now" not in self.page_of(client, person)

    def test_what_somebody_is_told_about_a_case_leads_there(self, client, ana):
        person = StaffMember.objects.get(pk=ana.staff_id)
        incident = IncidentFactory()
        tell(person, words="The customer wrote again", case=incident.case, at=MORNING)

        assert f'href="{incident.get_absolute_url()}">Open {incident.reference}</a>' in self.page_of(client, person)

    @pytest.mark.parametrize("rows", [1, 20])
    def test_twenty_incidents_cost_as_many_queries_as_one(self, client, ana, rows, django_assert_num_queries):
        client.force_login(StaffMember.objects.get(pk=ana.staff_id))
        IncidentFactory.create_batch(rows, state=IncidentState.ASSIGNED, assigned_to_id=ana.staff_id)

        # session, user, roles twice, mine, the bands, own queues, notices, head with those of callbacks and what is
        # overdue there; the session kept in a savepoint
        with django_assert_num_queries(13):
            client.get("/")
