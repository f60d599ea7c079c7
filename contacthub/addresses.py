"""How an email address is written."""


def forms_of(address: str) -> list[str]:
    """Return the ways in which an address may be written, in small letters: its domain with accents, and as xn--.

    >>> forms_of("Rhys@tŷ-gwyn.example")
    ['rhys@tŷ-gwyn.example', 'rhys@xn--t-gwyn-pob.example']
    """
    name, at, domain = address.strip().lower().rpartition("@")
    try:
        ascii_form = domain.encode("idna").decode()
        written = [domain, ascii_form, ascii_form.encode().decode("idna")]
    except UnicodeError:
        written = [domain]
    return sorted({f"{name}{at}{form}" for form in written})
