"""Pages of feedback forms: one module a subject."""

from complaints_feedback.views.forms import form, form_pdf
from complaints_feedback.views.learning import learning, learning_csv

__all__ = ["form", "form_pdf", "learning", "learning_csv"]
