"""The supported languages."""

from enum import StrEnum


class Language(StrEnum):
    """Languages of questions, answers and articles, as BCP 47 tags."""

    KO = "ko"
    VI = "vi"
    EN = "en"
