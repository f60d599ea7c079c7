import pytest

from contacthub.deadlines.working_time import Target
from jobmatch_helpdesk.routing import FIRST_REPLY, Band, Facts, ReplyTo, Source, route


@pytest.mark.proves("UJ-10")
def test_r14_an_anonymous_person_who_gave_an_address_gets_the_reply_there():
    row = route(Facts(source=Source.ONLINE_ANONYMOUS, has_email=True))

    assert (row.number, row.reply_to, row.band) == ("R14", ReplyTo.CUSTOMER, Band.STANDARD)


def test_facts_that_no_row_fits_are_named():
    with pytest.raises(LookupError, match="has_email=False"):
        route(Facts(source=Source.ONLINE_ANONYMOUS, has_email=False))


@pytest.mark.proves("UJ-04")
def test_bands_stand_in_order():
    assert [band.label for band in sorted(Band)] == ["Immediate", "Jobcentre", "Standard"]


@pytest.mark.parametrize(
    ("band", "target"),
    [
        (Band.IMMEDIATE, Target(hours=1)),
        (Band.JOBCENTRE, Target(working_days=1)),
        (Band.STANDARD, Target(working_days=3)),
    ],
)
def test_the_first_reply_is_due_by_band(band, target):
    assert FIRST_REPLY[band] == target
