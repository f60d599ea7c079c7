"""Where something is typed. A page carries its place sealed, so that only what we wrote comes back."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.core import signing

SALT = "contacthub.drafts"


@dataclass(frozen=True)
class Place:
    """The form on a page that was opened by a person; `after` is what they had last sent from there by then."""

    name: str
    title: str
    link: str
    person_id: int
    after: int

    @property
    def sealed(self) -> str:
        return signing.dumps(asdict(self), salt=SALT)


def unsealed(text: str) -> Place | None:
    """Return the place that a page carried; None where the seal is not ours."""
    try:
        return Place(**signing.loads(text, salt=SALT))
    except (signing.BadSignature, TypeError):
        return None
