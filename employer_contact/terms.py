"""The choices of the procedure "Employer - Manage Contact", with its labels."""

from django.db.models import TextChoices


class PartyType(TextChoices):
    """Who asks: an employer, or a payroll agent acting for one (EC-01, EC-09)."""

    EMPLOYER = "employer", "Employer"
    AGENT = "agent", "Agent"


CAME_AS = "correspondence"  # the kind of document that is the letter, fax or email of a contact


class Channel(TextChoices):
    """There are no other contact methods (EC-03)."""

    TELEPHONE = "telephone", "Telephone call"
    LETTER = "letter", "Letter"
    FAX = "fax", "Fax"
    EMAIL = "email", "Email"


class Direction(TextChoices):
    INBOUND = "inbound", "Inbound"
    OUTBOUND = "outbound", "Outbound"


class ScheduleDelivery(TextChoices):
    """How an employer gets the target DEO schedule: one of the two (EC-44)."""

    SELF_SERVICE = "self_service", "Self service"
    PAPER = "paper", "Paper"


class Language(TextChoices):
    ENGLISH = "en", "English"
    WELSH = "cy", "Welsh"


class LineChange(TextChoices):
    """What an employer reports about a paying parent on the DEO schedule."""

    LEFT = "left", "Left employment"
    NEVER_WORKED_HERE = "never_worked_here", "Never worked here"
    CANNOT_DEDUCT_ALL = "cannot_deduct_all", "Full amount cannot be deducted"
    PROBLEM_SETTING_UP = "problem_setting_up", "Problem setting up the DEO"
    STOPPED_TRADING = "stopped_trading", "Business stopped trading"
    PAY_FREQUENCY = "pay_frequency", "Pay frequency"
    ABSENCE = "absence", "Absence"
    OTHER = "other", "Other"


class Scenario(TextChoices):
    """When a CMSL2040 may be asked to be re-issued: in no other case (EC-46)."""

    AMOUNT_DIFFERS = (
        "amount_differs",
        "The employer is refusing to adhere to the DEO Schedule following a change of circumstances, as the amount"
        " shown on the schedule differs from the amount shown on the CMSL2040",
    )
    INCORRECT_INITIAL = "incorrect_initial", "The initial CMSL2040 was issued with incorrect or no information"
    FIU_REFERRAL = (
        "fiu_referral",
        "The employer is being considered for referral to the Financial Investigation Unit (FIU)",
    )


class Fallback(TextChoices):
    """What an employer does in place of the identity email, or where it does not content them (EC-60, EC-62)."""

    CALL = "expected_call", "Will call back with the information"
    POST = "expected_post", "Will send it by post"
    LETTER = "letter", "Letter to be sent for completion and return"


class FoundBy(TextChoices):
    """How the party of a contact was found, and what the telephone gave."""

    KEYED = "keyed", "ERN keyed"
    NOTHING_KEYED = "nothing_keyed", "By hand: no number was keyed"
    NOBODYS_NUMBER = "nobodys_number", "By hand: the number keyed matched nobody"
    ANOTHERS_NUMBER = "anothers_number", "By hand: the number keyed is somebody else’s"
    CALLBACK = "callback", "From the callback"


class Ending(TextChoices):
    """Why a contact ends without a reason for it (EC-27, EC-67)."""

    EMPLOYER_MUST_ASK = "employer_must_ask", "Asked for something only the employer may ask"
    GATHERED = "gathered", "We have the information we asked for"
    WILL_SEND = "will_send", "They will call, post or complete a letter"
    RANG_OFF = "rang_off", "They rang off"
    THIRD_PARTY = "third_party", "Not an employer or agent: Complaint - Third Party"
    NO_RECORD = "no_record", "No such employer or agent"
    OTHER = "other", "Something else"


class How(TextChoices):
    """How somebody is told what was done."""

    EMAIL = "email", "By email"
    LETTER = "letter", "By letter, on the team’s list of letters to send"
    TELEPHONE = "telephone", "By telephone"
