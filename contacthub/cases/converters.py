class ReferenceConverter:
    """A reference in a path, like UJ-000123, in capitals or not: `<reference:reference>` in any app's `urls.py`."""

    regex = "[A-Za-z]{2,3}-[0-9]{6,12}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value
