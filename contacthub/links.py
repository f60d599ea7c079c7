"""The addresses of records: lists show the same ones again and again, and Django works each out anew."""

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=8192)
def link_to(page: str, reference: str) -> str:
    """Return the address of the page of this name about the record that people call so."""
    return reverse(page, args=[reference])
