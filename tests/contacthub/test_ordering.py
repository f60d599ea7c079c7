"""Names in the order in which people look for them (P55)."""

from __future__ import annotations

import pytest
from django.contrib import admin

from contacthub.ordering import ByName
from contacthub.people.models import StaffMember, Unit
from contacthub.people.roles import Role
from tests.contacthub.ui.markup import parse
from tests.factories import StaffMemberFactory, UnitFactory

pytestmark = pytest.mark.django_db
NAMES = [
    "ap Rhys",
    "de Souza",
    "Éowyn Price",
    "Llew",
    "Łukasz Nowak",
    "Lupin",
    "O'Neill",
    "O’Neill",
    "Rhydderch Vaughan",
    "Rhydderch-Vaughan",
    "Tim Zed",
    "Timo Abel",
    "Ŵyn Rees",
    "Zoe Adams",
]


@pytest.fixture
def units():
    """Units whose keys run against the order of their names."""
    return [UnitFactory(name=name) for name in sorted(NAMES)]


def test_neither_case_nor_accents_nor_apostrophes_decide_and_a_space_goes_first(units):
    assert [*Unit.objects.filter(name__in=NAMES).order_by(ByName("name"), "pk").values_list("name", flat=True)] == NAMES


def options(page: str, name: str) -> list[str]:
    select = next(node for node in parse(page).all("select") if node.attrs["name"] == name)
    return [option.text for option in select.all("option") if option.text in NAMES]


def test_sites_and_agents_are_offered_in_that_order(client, lead, units):
    for name in sorted(NAMES):
        StaffMemberFactory(name=name, role=Role.HELPDESK_AGENT)
    client.force_login(StaffMember.objects.get(pk=lead.staff_id))
    queue = client.get("/jobmatch/").text

    assert options(queue, "site_id") == NAMES
    assert options(queue, "with_whom") == NAMES
    assert options(client.get("/jobmatch/new/").text, "site") == NAMES


@pytest.mark.parametrize("query", ["", "o=0&"])
@pytest.mark.parametrize(("model", "make"), [(StaffMember, StaffMemberFactory), (Unit, UnitFactory)])
def test_pages_of_what_administrators_edit_keep_it_and_neither_skip_nor_repeat(
    client, reference, monkeypatch, model, make, query
):
    monkeypatch.setattr(admin.site.get_model_admin(model), "list_per_page", 3)
    client.force_login(StaffMemberFactory(name="Ingrid Falk", role=Role.ADMINISTRATOR))
    for name in sorted(NAMES):
        make(name=name)

    shown: list[str] = []
    for number in range(1, -(-model.objects.count() // 3) + 1):
        page = client.get(f"/admin/people/{model._meta.model_name}/?{query}p={number}").context["cl"]
        shown += [row.name for row in page.result_list if row.name in NAMES]

    assert shown == NAMES
