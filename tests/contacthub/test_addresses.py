import pytest

from contacthub.addresses import forms_of


@pytest.mark.parametrize("written", ["rhys@tŷ-gwyn.example", "Rhys@xn--t-gwyn-pob.example", " rhys@TŶ-GWYN.example "])
def test_a_domain_with_an_accent_is_one_address_in_both_forms(written):
    assert forms_of(written) == ["rhys@tŷ-gwyn.example", "rhys@xn--t-gwyn-pob.example"]


@pytest.mark.parametrize("odd", ["", "rhys", "rhys@", "@..", "rhys@" + "a" * 80 + ".example", "\x00@\x00"])
def test_what_is_no_address_is_left_as_it_is(odd):
    assert forms_of(odd) == [odd.lower()]
