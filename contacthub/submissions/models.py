from django.db import models


class Submission(models.Model):
    """That a form or request was sent and taken: `answer` says what came of it."""

    caller = models.CharField(max_length=80)
    key = models.CharField(max_length=80)
    request_hash = models.CharField(max_length=64)
    answer = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="submission_once")]

    def __str__(self) -> str:
        return f"{self.caller} {self.key}"
