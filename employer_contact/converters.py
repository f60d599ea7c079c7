from contacthub.cases.converters import ReferenceConverter


class ContactReference(ReferenceConverter):
    """The reference of a contact in a path, like CT-000123: below /employers/ there are records of several kinds."""

    regex = "[Cc][Tt]-[0-9]{6,12}"
