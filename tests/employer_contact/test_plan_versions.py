"""Activity plans as administrators change them: in versions, on record (XC-01, XC-04)."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from contacthub.actor import Actor
from contacthub.cases.models import Event
from contacthub.errors import NotThere, Refused, RuleBroken
from employer_contact import services
from employer_contact.models import PlanStep, PlanUse, PlanVersion
from tests.employer_contact.people import ADMINISTRATOR, CASEWORKER, somebody
from tests.factories import MORNING, StaffMemberFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def ingrid() -> Actor:
    return somebody(ADMINISTRATOR)


@pytest.fixture
def first() -> PlanVersion:
    return PlanVersion.objects.get(plan__code="STATEMENT", number=1)


def steps(version: PlanVersion) -> list[tuple[object, ...]]:
    return list(version.steps.values_list("number", "text", "mark", "does", "raises"))


def recorded(version: PlanVersion) -> list[tuple[str, str]]:
    events = Event.objects.filter(subject_label="employer_contact.planversion", subject_id=version.pk).order_by("pk")
    return [(event.kind, event.words.text) for event in events]


class TestLoadedBeforeStepsNamedWhatTheyRaise:
    """As the data migration finds them."""

    MIGRATION = import_module("employer_contact.migrations.0092_plans_of_before_name_what_they_raise")

    def filled(self, **changes: str) -> dict[tuple[str, int], str]:
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")  # this transaction has loaded the rows
            cursor.execute("alter table employer_contact_planstep disable trigger steps_stay")
            PlanStep.objects.filter(does="raise").update(raises="", **changes)
            cursor.execute("alter table employer_contact_planstep enable trigger steps_stay")
        with connection.schema_editor() as editor:
            self.MIGRATION.fill(apps, editor)
        found = PlanStep.objects.filter(does="raise").values_list("version__plan__code", "number", "raises")
        return {(plan, number): raises for plan, number, raises in found}

    def test_they_are_filled_with_what_the_plans_say(self):
        loaded = PlanStep.objects.filter(does="raise").values_list("version__plan__code", "number", "raises")
        expected = {(plan, number): raises for plan, number, raises in loaded}

        assert self.filled() == expected
        assert "" not in expected.values()

    def test_words_of_an_administrator_are_left_as_they_are(self):
        assert set(self.filled(text="Raise whatever fits").values()) == {""}

    def test_what_is_in_use_stays_as_it_is_afterwards(self):
        self.filled()

        with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
            PlanStep.objects.filter(does="raise").update(text="Else")


class TestCopying:
    def test_a_new_version_has_the_steps_of_the_old_one(self, ingrid, first):
        copy = services.copy_plan_version(version_id=first.pk, by=ingrid, at=MORNING)

        assert (copy.plan, copy.number, steps(copy)) == (first.plan, 2, steps(first))
        assert recorded(copy) == [("made", "From version 1")]

    def test_it_names_what_its_steps_raise(self, ingrid):
        remove = PlanVersion.objects.get(plan__code="REMOVE_AGENT")

        copy = services.copy_plan_version(version_id=remove.pk, by=ingrid, at=MORNING)

        assert copy.steps.get(number=5).raises == "LINK_AGENT"

    def test_it_is_taken_by_nobody_yet(self, ingrid, first):
        services.copy_plan_version(version_id=first.pk, by=ingrid, at=MORNING)

        assert PlanVersion.objects.in_use(MORNING).get(plan=first.plan) == first

    def test_of_an_old_version_it_has_the_next_number(self, ingrid, first):
        services.copy_plan_version(version_id=first.pk, by=ingrid, at=MORNING)

        assert services.copy_plan_version(version_id=first.pk, by=ingrid, at=MORNING).number == 3

    def test_is_for_administrators(self, first):
        with pytest.raises(Refused):
            services.copy_plan_version(version_id=first.pk, by=somebody(CASEWORKER), at=MORNING)

        assert PlanVersion.objects.filter(plan=first.plan).count() == 1

    def test_of_nothing_is_not_there(self, ingrid):
        with pytest.raises(NotThere):
            services.copy_plan_version(version_id=0, by=ingrid, at=MORNING)


@pytest.mark.proves("XC-04")
class TestUsing:
    @pytest.fixture
    def second(self, ingrid, first) -> PlanVersion:
        return services.copy_plan_version(version_id=first.pk, by=ingrid, at=MORNING)

    def test_from_now_it_is_taken(self, ingrid, first, second):
        services.use_plan_version(version_id=second.pk, by=ingrid, at=MORNING)

        assert PlanVersion.objects.in_use(MORNING).get(plan=first.plan) == second
        assert recorded(second)[-1] == ("put_to_use", "In use: version 1 → version 2")

    def test_one_in_use_is_not_put_to_use_again(self, ingrid, first):
        with pytest.raises(RuleBroken, match="in use already"):
            services.use_plan_version(version_id=first.pk, by=ingrid, at=MORNING)

        assert PlanUse.objects.filter(version=first).count() == 1

    def test_one_that_does_not_close_is_refused(self, ingrid, first, second):
        second.steps.filter(does="close").delete()

        with pytest.raises(RuleBroken, match="Make the last step, and no other, the one that closes"):
            services.use_plan_version(version_id=second.pk, by=ingrid, at=MORNING)

        assert PlanVersion.objects.in_use(MORNING).get(plan=first.plan) == first

    def test_one_that_raises_what_there_is_not_is_refused(self, ingrid, first, second):
        second.steps.filter(number=2).update(does="raise", raises="STATEMENT LINK_AGNET")

        with pytest.raises(RuleBroken, match="No service request has the code LINK_AGNET"):
            services.use_plan_version(version_id=second.pk, by=ingrid, at=MORNING)

        assert PlanVersion.objects.in_use(MORNING).get(plan=first.plan) == first

    def test_the_plan_of_a_reason_closes_nothing(self, ingrid):
        version = PlanVersion.objects.get(plan__code="INPUT_DEO_SCHEDULE")
        copy = services.copy_plan_version(version_id=version.pk, by=ingrid, at=MORNING)

        assert services.use_plan_version(version_id=copy.pk, by=ingrid, at=MORNING) == copy

    def test_is_for_administrators(self, second):
        with pytest.raises(Refused):
            services.use_plan_version(version_id=second.pk, by=somebody(CASEWORKER), at=MORNING)


class TestAdmin:
    @pytest.fixture
    def at_work(self, client):
        client.force_login(StaffMemberFactory(name="Ingrid Falk", role="Administrator"))
        return client

    def page_of(self, version: PlanVersion) -> str:
        return f"/admin/employer_contact/planversion/{version.pk}/change/"

    def form(self, version: PlanVersion, **changes: str) -> dict[str, object]:
        """Return what the page of a version posts."""
        rows = list(version.steps.all())
        given: dict[str, object] = {"steps-TOTAL_FORMS": len(rows), "steps-INITIAL_FORMS": len(rows)}
        for index, step in enumerate(rows):
            for name in ("id", "version_id", "number", "text", "mark", "does"):
                given[f"steps-{index}-{name.removesuffix('_id')}"] = getattr(step, name)
        return given | changes

    @pytest.mark.parametrize("page", ["contactreason", "servicerequestkind", "securityquestion", "planversion"])
    def test_each_list_is_shown(self, at_work, page):
        assert at_work.get(f"/admin/employer_contact/{page}/").status_code == 200

    def test_a_version_that_was_used_cannot_be_changed(self, at_work, first):
        page = at_work.get(self.page_of(first)).content.decode()
        at_work.post(self.page_of(first), self.form(first, **{"steps-0-text": "Changed"}))

        assert "New version" in page
        assert "Use from now" not in page
        assert "its steps stay as they are" in page
        assert 'name="steps-0-text"' not in page
        assert not PlanStep.objects.filter(text="Changed").exists()

    def test_new_version_leads_to_one_that_can(self, at_work, first):
        at_work.post(f"/admin/employer_contact/planversion/{first.pk}/new-version/")
        second = PlanVersion.objects.get(plan=first.plan, number=2)

        page = at_work.get(self.page_of(second)).content.decode()
        at_work.post(self.page_of(second), self.form(second, **{"steps-0-text": "Ask for the period"}))

        assert 'name="steps-0-text"' in page
        assert "Use from now" in page
        assert second.steps.get(number=1).text == "Ask for the period"
        said = "Confirm whether an employer statement or an agent statement is wanted, and the period"
        assert recorded(second)[-1] == ("changed", f"Step 1: {said} → Ask for the period")

    def test_steps_added_and_taken_out_are_on_record(self, at_work, first):
        at_work.post(f"/admin/employer_contact/planversion/{first.pk}/new-version/")
        second = PlanVersion.objects.get(plan=first.plan, number=2)
        added = {"number": "7", "text": "More", "mark": "proposed", "does": "note", "version": second.pk, "id": ""}

        at_work.post(
            self.page_of(second),
            self.form(second)
            | {f"steps-6-{name}": value for name, value in added.items()}
            | {"steps-TOTAL_FORMS": 7, "steps-1-DELETE": "on"},
        )

        assert recorded(second)[-1] == (
            "changed",
            "Step added: 7 More (Proposed; Keeps words)\n"
            "Step taken out: 2 For an agent, confirm which linked employers it covers (Proposed; Keeps words)",
        )

    def test_use_from_now_puts_it_to_use(self, at_work, ingrid, first):
        second = services.copy_plan_version(version_id=first.pk, by=ingrid, at=MORNING)

        answer = at_work.post(f"/admin/employer_contact/planversion/{second.pk}/use-from-now/", follow=True)

        assert "stay as they are" in answer.content.decode()
        assert PlanUse.objects.filter(version=second).exists()

    def test_a_refusal_is_shown(self, at_work, ingrid, first):
        second = services.copy_plan_version(version_id=first.pk, by=ingrid, at=MORNING)
        second.steps.all().delete()

        answer = at_work.post(f"/admin/employer_contact/planversion/{second.pk}/use-from-now/", follow=True)

        assert "Add at least one step" in answer.content.decode()

    def test_one_in_use_is_not_removed(self, at_work, first):
        at_work.post(f"/admin/employer_contact/planversion/{first.pk}/delete/", {"post": "yes"})

        assert PlanVersion.objects.filter(pk=first.pk).exists()

    def test_one_that_was_never_used_may_be(self, at_work, ingrid, first):
        second = services.copy_plan_version(version_id=first.pk, by=ingrid, at=MORNING)

        at_work.post(f"/admin/employer_contact/planversion/{second.pk}/delete/", {"post": "yes"})

        assert not PlanVersion.objects.filter(pk=second.pk).exists()

    @pytest.mark.parametrize("way", ["new-version", "use-from-now"])
    def test_nobody_else_presses(self, client, first, way):
        client.force_login(StaffMemberFactory(role="Employer payments caseworker"))

        assert client.post(f"/admin/employer_contact/planversion/{first.pk}/{way}/").status_code == 403
