from django.urls import include, path

from complaints_feedback import api
from complaints_feedback.views import (
    agreeing,
    checking,
    confirming,
    files,
    learning,
    led,
    lists,
    moving,
    one_to_ones,
    page,
    part_one,
    part_two,
    people,
    sections,
)

app_name = "feedback"
FORM = "feedback/<reference:reference>/"
PERSON = "feedback/people/<str:number>/"
urlpatterns = [
    path("feedback/", lists.forms, name="forms"),
    path("feedback/new/", part_one.new, name="new"),
    path(FORM, page.form, name="form"),
    path(f"{FORM}form.pdf", page.form_pdf, name="form_pdf"),
    # Part 1, which its sender writes.
    *(path(f"{FORM}{code}/", sections.section, {"code": code}, name=code) for code in sections.FILLED),
    path(f"{FORM}people/", people.people, name="people"),
    path(f"{FORM}people/add/", people.add, name="add"),
    *(
        path(f"{FORM}people/{way}/", people.reorder, {"way": way}, name=way)
        for way in (people.UP, people.DOWN, people.REMOVE)
    ),
    path(f"{FORM}person/", people.person, name="person"),
    path(f"{FORM}letters/", sections.letters, name="letters"),
    path(f"{FORM}managers/", people.managers, name="managers"),
    path(f"{FORM}ask/", part_one.ask, name="ask"),
    path(f"{FORM}no-feedback/", part_one.no_feedback, name="no_feedback"),
    path(f"{FORM}submit/", part_one.submit, name="submit"),
    # What the sending side decides about it.
    path(f"{FORM}agree/", agreeing.agree, name="agree"),
    path(f"{FORM}agree/refuse/", agreeing.refuse, name="refuse"),
    path(f"{FORM}check/", checking.check, name="check"),
    path(f"{FORM}check/send/", checking.send, name="send"),
    path(f"{FORM}check/return/", checking.return_for_correction, name="return"),
    path(f"{FORM}confirm/", confirming.confirm, name="confirm"),
    path(f"{FORM}confirm/send/", confirming.confirm_send, name="confirm_send"),
    # Part 2, which the receiving team leader writes.
    path(f"{FORM}part-2/", part_two.part_two, name="part_two"),
    *(
        path(f"{FORM}part-2/{code.replace('_', '-')}/", part_two.step, {"code": code}, name=code)
        for code in part_two.FORMS
    ),
    path(f"{FORM}part-2/complete/", part_two.complete, name="complete"),
    # What is done to it while it is under way.
    path(f"{FORM}re-address/", moving.readdress, name="re_address"),
    path(f"{FORM}name-responsible/", moving.name_responsible, name="name_responsible"),
    path(f"{FORM}withdraw/", moving.withdraw, name="withdraw"),
    path(f"{FORM}resend-copy/", moving.resend_copy, name="resend_copy"),
    # Of one person: for them, and for who leads them today.
    path("feedback/people/", led.people, name="people_list"),
    path(f"{PERSON}file/", files.file, name="file"),
    path(f"{PERSON}file/<int:entry_id>/", files.entry, name="file_entry"),
    path(f"{PERSON}file/<int:entry_id>/form.pdf", files.entry_pdf, name="file_entry_pdf"),
    path(f"{PERSON}one-to-ones/<month:month>/", one_to_ones.month, name="one_to_one_month"),
    path(f"{PERSON}one-to-ones/<month:month>/plans/<int:plan_id>/close/", one_to_ones.close_plan, name="close_plan"),
    path("feedback/learning/", learning.learning, name="learning"),
    path("feedback/learning.csv", learning.learning_csv, name="learning_csv"),
    path("api/v1/", include((api.urlpatterns, "rest"))),
]
