"""Acts: what can be done on a record's page by a short form. Each calls one service of its app, once a press."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms import Form
from django_fsm import can_proceed

from contacthub.actor import Actor
from contacthub.cases.models import CaseRecord
from contacthub.errors import DomainError, MovedOn, NotSetUp
from contacthub.submissions.forms import OnceForm, ReasonForm
from contacthub.submissions.services import caller_of, once
from contacthub.ui.forms import show_refusal

Offered = Callable[[Actor, Any], bool]


@dataclass(frozen=True)
class Act:
    """Something that a person does to a record; `offered` says to whom and when, the service decides.

    Its address is the record's with `name` at the end. The service takes the id under the record's kind
    (`incident_id`), what the form asks, `by` and `at`. `needs` names what the page hands to the form, such as people
    to choose from.
    """

    name: str
    label: str
    service: Callable[..., CaseRecord]
    offered: Offered
    form: type[OnceForm] = ReasonForm
    needs: tuple[str, ...] = ()

    def form_for(self, data: Any = None, **handed: Any) -> OnceForm:
        """Return the form of this act, filled from what was sent."""
        return self.form(data, auto_id=f"id_{self.name}_%s", **{name: handed[name] for name in self.needs})

    def press(
        self,
        record: CaseRecord,
        form: OnceForm,
        *,
        by: Actor,
        at: datetime,
        not_set_up: Callable[[NotSetUp], None] | None = None,
    ) -> str:
        """Do it, once for each key of the form, and return the reference of what came of it.

        Where it is refused, return "" and say why on the form, which keeps what was typed; `not_set_up` is told besides
        where that is for an administrator to mend. Raises NotThere where `by` may no longer see the record.
        """
        if not form.is_valid():
            return ""
        words = {name: value for name, value in form.cleaned_data.items() if name != "key"}
        ids = {f"{record.KIND}_id": record.pk}
        try:
            return once(
                key=form.cleaned_data["key"],
                caller=caller_of(by),
                request={"act": self.name, "of": record.reference, **words},
                at=at,
                do=lambda: self.service(**ids, **words, by=by, at=at).reference,
            )
        except MovedOn as refusal:
            form.add_error(None, f"{refusal.message}, before you pressed. Nothing was changed")
        except DomainError as refusal:
            show_refusal(form, refusal)
            if isinstance(refusal, NotSetUp) and not_set_up:
                not_set_up(refusal)
        return ""


def when(move: str, who: Offered) -> Offered:
    """Offer an act where the record is in a state that the move of this name may start from."""
    return lambda actor, record: can_proceed(getattr(record, move), check_conditions=False) and who(actor, record)


def on_page(
    acts: Iterable[Act], actor: Actor, record: Any, *, refused: tuple[str, Form] | None = None, **handed: Any
) -> list[dict[str, Any]]:
    """Return for `acts.html` what is offered, and the act refused even where it is no longer: its words stay there."""
    name, form = refused or ("", None)
    return [
        {
            "label": act.label,
            "url": f"{record.get_absolute_url()}{act.name}/",
            "form": form if act.name == name else act.form_for(**handed),
        }
        for act in acts
        if act.name == name or act.offered(actor, record)
    ]
