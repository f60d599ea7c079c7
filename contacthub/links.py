"""The addresses of records: lists show the same ones again and again, and Django works each out anew."""

from functools import lru_cache

from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


@lru_cache(maxsize=8192)
def link_to(page: str, reference: str) -> str:
    """Return the address of the page of this name about the record that people call so."""
    return reverse(page, args=[reference])


def our_own(address: str) -> str:
    """Return the address that a form sent, to go back to, where it is one of ours; "" of any other."""
    is_ours = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_ours else ""
