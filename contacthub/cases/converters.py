class ReferenceConverter:
    """A reference in a path, like UJ-000123."""

    regex = "[A-Z]{2,3}-[0-9]{6,12}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
