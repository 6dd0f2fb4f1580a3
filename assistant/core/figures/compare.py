"""When two figures agree."""

from assistant.core.figures.figure import Figure, Kind

_BARE = {(Kind.COUNT, ""), (Kind.DATE, "year"), (Kind.DATE, "month"), (Kind.DATE, "day")}


def agrees(answer: Figure, source: Figure) -> bool:
    """Whether a figure of an answer states what the source states: same kind, same unit, equal value.

    A number whose unit was not read, such as a year in a language that writes it bare, agrees by its value with a part of a date.
    """
    if (answer.kind, answer.unit) != (source.kind, source.unit) and not {(f.kind, f.unit) for f in (answer, source)} <= _BARE:
        return False
    return answer.value == source.value and (answer.low, answer.high) == (source.low, source.high)
