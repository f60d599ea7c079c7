"""The roles of the product. What a role may do stands in each app's `permissions.py`."""

from enum import StrEnum


class Role(StrEnum):
    """A role is the group of the same name."""

    HELPDESK_AGENT = "Helpdesk agent"
    HELPDESK_LEAD = "Helpdesk lead"
    ADMINISTRATOR = "Administrator"
