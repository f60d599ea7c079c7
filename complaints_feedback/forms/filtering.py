from complaints_feedback.lifecycle import FormState
from complaints_feedback.terms import Route, Trigger
from contacthub.ui.listing import Choice, FilterForm


class FeedbackFilterForm(FilterForm):
    route = Choice("Route", Route.choices)
    state = Choice("State", FormState.choices)
    trigger = Choice("Trigger", Trigger.choices)
