"""Reads one number: any mixture of digits, number words and scale words ("1조8천3백억", "hai trăm linh bảy", "2.5 million")."""

from dataclasses import dataclass
from decimal import Context, Decimal

from assistant.core.figures.digits import read_digits, spoken_digits
from assistant.core.figures.figure import Kind
from assistant.core.figures.line import Line
from assistant.core.languages import Language

EXACT = Context(prec=80)
_FIVE = Decimal(5)
_THOUSAND = Decimal(1000)
_MYRIAD = Decimal(10) ** 4
_EXPONENTS = ("²", "³", "/")
_SCALES_IN_WORDS = ("경", "조")
"""Scales that other words begin with (경기, 조각), even directly after digits."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number from ``start`` to ``end``.

    ``other`` is the second reading if the separators are ambiguous. ``scale`` is the combined multiplier of
    the scale words of a number with a single part. ``spelled`` is true if the number begins with a word.
    ``suffix`` is a letter that stands for a scale ("671B").
    """

    value: Decimal
    start: int
    end: int
    scale: Decimal = Decimal(1)
    other: Decimal | None = None
    spelled: bool = False
    suffix: str = ""


def read_number(line: Line, at: int, *, is_money: bool = False) -> Number | None:
    """The longest number that begins at a position, or None.

    "5m" and "5b" are scaled only for money or before a countable noun.
    """
    key = (at, is_money)
    if key not in line.numbers:
        line.numbers[key] = _Reading(line, at, is_money=is_money).number()
    found: Number | None = line.numbers[key]
    return found


class _Reading:
    """One parse attempt: parts already multiplied by their scales, and a coefficient still waiting for one."""

    def __init__(self, line: Line, at: int, *, is_money: bool) -> None:
        self._line, self._at, self._is_money = line, at, is_money
        self._grammar, self._language = line.grammar, line.language
        # Each part's value, and the limit that the next part must stay below
        self._parts: list[tuple[Decimal, Decimal]] = []
        self._pending: Decimal | None = None
        self._other: Decimal | None = None
        self._scale, self._last_scale = Decimal(1), Decimal(1)
        self._end = at
        self._spelled = False
        self._suffix = ""
        self._value: Decimal | None = None
        self._lone_digit = False  # a Vietnamese digit word directly after a scale

    def number(self) -> Number | None:
        at = self._minus(self._at)
        sign = -1 if at > self._at else 1
        at = first = self._take_one(at)
        while (after := self._take(at, is_first=at == first)) is not None:
            at = after
        self._settle()
        if self._value is None:
            return None
        scale = self._scale if len(self._parts) <= 1 and self._pending is None else Decimal(1)
        other = None if self._other is None else EXACT.multiply(self._other, self._scale)
        value = EXACT.multiply(self._value, Decimal(sign))
        return Number(value, self._at, self._end, scale, other, self._spelled, self._suffix)

    def _take_one(self, at: int) -> int:
        """Before a scale, "a" is 1 and "half a" 0.5: "a million", "nửa triệu"."""
        for name, value in (("half_before", "0.5"), ("one_before_scale", "1")):
            for word in self._grammar.words.get(name, ()):
                start = at + len(word) + 1
                if self._line.low.startswith(word + " ", at) and self._scales_at(start):
                    self._pending, self._spelled = Decimal(value), True
                    return start
        return at

    def _minus(self, at: int) -> int:
        if self._line.text[at : at + 1] in ("-", "−"):
            return at + 1
        if self._line.before(at).endswith("or "):
            return at  # plus or minus 3
        for word in self._grammar.words["minus"]:
            if self._line.low.startswith(word + " ", at) or (
                self._line.low.startswith(word, at) and self._language is Language.KO
            ):
                return self._line.skip_space(at + len(word))
        return at

    def _take(self, at: int, *, is_first: bool) -> int | None:
        """Consume one more token; the position after it, or None at the number's end."""
        start = at if is_first else self._line.skip_space(at)
        spaced = start > at
        if self._line.text[start : start + 1].isdecimal():
            return self._take_digits(start, is_first=is_first, spaced=spaced)
        return (
            self._take_point(start)
            or self._take_scale(start, is_first=is_first, spaced=spaced)
            or self._take_word(start, is_first=is_first, spaced=spaced)
            or self._take_half(start)
        )

    # --- digits
    # ----------------------------------------------------------------------------------------------------------

    def _take_digits(self, at: int, *, is_first: bool, spaced: bool) -> int | None:
        if self._pending is not None or (not is_first and not self._parts):
            return None
        if (read := read_digits(self._line, at)) is None:
            return None
        value, other, end = read
        if not is_first and not self._may_follow(value, end, spaced=spaced):
            return None
        self._pending, self._other = value, other if is_first else None
        return self._good(self._suffixed(end) if is_first else end)

    def _may_follow(self, value: Decimal, end: int, *, spaced: bool) -> bool:
        """Digits continue a number only before a smaller scale ("278만 8천") or as its last four digits ("1만 2000")."""
        limit = self._parts[-1][1]
        if value >= limit:
            return False
        scales = [scale for _, scale in self._scales_at(self._line.skip_space(end))]
        if scales:
            # "3천500억" is 3500 × 10⁸, "3 nghìn 500 tỷ" is 3500 × 10⁹
            is_part = limit <= _THOUSAND if self._language is Language.VI else not spaced
            return scales[0] < limit or (is_part and all(scales[0] < part for _, part in self._parts[:-1]))
        if self._language is not Language.KO or limit > _MYRIAD:
            return False
        return not spaced or (limit == _MYRIAD and value >= 100)

    def _suffixed(self, end: int) -> int:
        line = self._line
        if not line.is_latin(line.skip_space(end)):
            return end
        for spaced in (False, True):
            start = line.skip_space(end) if spaced else end
            for word in self._grammar.suffixes:
                after = start + len(word)
                if (
                    not line.text.startswith(word, start)
                    or line.is_latin(after)
                    or (spaced and word not in ("bn", "mn", "tn"))
                ):
                    continue
                if (
                    self._language is Language.VI
                    and word in ("tr", "t", "k")
                    and line.text[after : after + 1].isdecimal()
                ):
                    # 1tr5 is 1.5 million
                    if not line.text[after + 1 : after + 2].isdecimal() and not line.is_letter(after + 1):
                        tenth = EXACT.multiply(Decimal(line.text[after]), Decimal("0.1"))
                        self._pending = EXACT.add(self._pending or Decimal(0), tenth)
                        return self._apply(self._grammar.suffixes[word], after + 1)
                    continue
                if line.text[after : after + 1] in _EXPONENTS or line.text[after : after + 1].isdecimal():
                    continue
                if word in ("m", "b") and not (self._is_money or self._counts(after)):
                    continue  # 5m is a length
                self._suffix = word
                return self._apply(self._grammar.suffixes[word], after)
        return end

    def _counts(self, at: int) -> bool:
        """Whether a countable English noun follows: "5m people"."""
        start = self._line.skip_space(at)
        found = (
            self._grammar.units.at(self._line.low, start)
            if self._language is Language.EN and start > at
            else ()
        )
        return any(unit.kind is Kind.COUNT and unit.name not in self._grammar.measures for _, unit in found)

    # --- words
    # -----------------------------------------------------------------------------------------------------------

    def _take_word(self, at: int, *, is_first: bool, spaced: bool) -> int | None:
        line = self._line
        if is_first:
            self._spelled = True
        elif not self._spelled and (not self._parts or self._language is not Language.KO):
            return None
        start, at = at, self._joined(at)
        for word, value in self._grammar.numbers.at(line.low, at):
            end = at + len(word)
            if (
                self._language is not Language.KO
                and line.is_letter(end)
                and not line.low.startswith("fold", end)
            ):
                continue
            if (
                self._language is Language.VI
                and not is_first
                and at == start
                and not self._may_be_digit(word, end)
            ):
                return None
            if (spaced or not self._spelled) and self._language is Language.KO and not self._scales_at(end):
                return None  # after a space or digits, a Korean digit word continues only before a scale ("25만일간")
            return self._add(word, value, end, joined=at > start)
        return None

    def _add(self, word: str, value: int, end: int, *, joined: bool) -> int | None:
        """Add a number word to what has been read; None if it begins another number."""
        number = Decimal(value)
        if self._pending is not None and self._makes_tens(word, value, end):
            self._pending = EXACT.add(EXACT.multiply(self._pending, Decimal(10)), number)
            self._lone_digit = False
        elif self._pending is not None or (self._parts and number >= self._parts[-1][1]):
            return None
        elif self._language is Language.EN and 20 <= value < 100:
            self._parts.append((number, Decimal(10)))
        elif value == 10 and self._language is Language.VI:
            self._parts.append((number, number))
            self._last_scale = number
        else:
            self._pending = number
            self._lone_digit = self._language is Language.VI and self._last_scale >= 100 and not joined
        return self._good(end)

    def _may_be_digit(self, word: str, end: int) -> bool:
        """After a number word, "năm" means "year" unless the number goes on ("một nghìn năm trăm")."""
        following = self._line.skip_space(end)
        if word == "năm" and (self._last_scale == 10 or self._pending is not None):
            return False  # 15 is "mười lăm", and "bảy năm" is seven years
        return word != "năm" or bool(
            self._scales_at(following) or list(self._grammar.numbers.at(self._line.low, following))
        )

    def _makes_tens(self, word: str, value: int, end: int) -> bool:
        """Vietnamese may omit "mươi": "hai mốt" is 21, "tám chín triệu" 89 million.

        But "hai ba người" means two or three people.
        """
        if (
            self._language is not Language.VI
            or not self._spelled
            or self._pending is None
            or not 2 <= self._pending <= 9
        ):
            return False
        if (
            value > 9
            or self._line.text[self._end - 1].isdecimal()
            or self._pending != self._pending.to_integral_value()
        ):
            return False
        only_units = word in ("mốt", "tư", "lăm", "nhăm")
        scales = [scale for _, scale in self._scales_at(self._line.skip_space(end))]
        if self._pending == _FIVE and not (self._parts or scales or only_units):
            return False  # "theo năm hai bên" is a year and two sides
        if scales and scales[0] <= 100:
            return False
        within = bool(self._parts) or bool(scales)
        return only_units or value != self._pending + 1 or within

    def _settle(self) -> None:
        """A lone digit after a scale counts the next smaller place: "một triệu hai" is 1.2 million."""
        if self._lone_digit and self._parts and self._pending is not None:
            self._pending = EXACT.multiply(self._pending, EXACT.divide(self._last_scale, Decimal(10)))
            self._good(self._end)
        self._lone_digit = False

    def _joined(self, at: int) -> int:
        """The position after an "and", hyphen or "linh" within a number."""
        line, words = self._line, self._grammar.words
        if self._parts and line.text.startswith("-", at) and self._language is Language.EN:
            return at + 1
        if not self._parts or self._last_scale < 100:
            return at
        for word in (*words.get("and", ()), *words.get("zero_tens", ())):
            if line.low.startswith(word + " ", at):
                return at + len(word) + 1
        return at

    def _take_scale(self, at: int, *, is_first: bool, spaced: bool) -> int | None:
        line = self._line
        if is_first and self._pending is None and self._language is not Language.KO:
            return None
        if self._language is Language.EN and line.text.startswith("-", at):
            at += 1
        for word, scale in self._scales_at(at):
            if (spaced or word in _SCALES_IN_WORDS) and not self._stands_apart(at + len(word)):
                continue
            if (end := self._apply(scale, at + len(word))) > 0:
                self._spelled |= is_first
                return end
        return None

    def _stands_apart(self, end: int) -> bool:
        """Whether a Korean scale is not the beginning of another word ("3 만나다", "29경기")."""
        line = self._line
        return (
            self._language is not Language.KO
            or not line.is_hangul(end)
            or any(unit.name != "craft" for _, unit in self._grammar.units.at(line.low, end))  # 29경기
            or any(True for _ in self._grammar.numbers.at(line.low, end))
            or any(True for _ in self._grammar.any_scales.at(line.low, end))
            or line.low.startswith(self._grammar.words["particles"], end)
        )

    def _scales_at(self, at: int) -> list[tuple[str, Decimal]]:
        line, own = self._line, self._grammar.scales
        found = []
        for word, scale in self._grammar.any_scales.at(line.low, at):
            korean = "가" <= word[0] <= "힣"
            if word not in own and self._spelled and not korean:
                continue
            if not korean and line.is_letter(at + len(word)) and not line.is_hangul(at + len(word)):
                continue
            found.append((word, scale))
        return found

    def _apply(self, scale: Decimal, end: int) -> int:
        """Multiply everything read so far that is smaller than the scale; the new end.

        0 if the scale cannot belong to this number.
        """
        if self._parts and scale > self._parts[-1][1]:
            self._settle()
        self._lone_digit = False
        total, multiplies, parts = self._pending or Decimal(0), self._pending is not None, list(self._parts)
        while parts and parts[-1][0] < scale and parts[-1][1] < scale:
            total = EXACT.add(total, parts.pop()[0])
            multiplies = True
        if not multiplies:
            # Korean writes 천 for 일천 anywhere in a number, but 만 after a scale means "only"; the other
            # languages need "a" before the scale.
            if (
                self._language is not Language.KO
                or (not parts and self._pending is not None)
                or (parts and scale == _MYRIAD)
            ):
                return 0
            total = Decimal(1)
        value = EXACT.multiply(total, scale)
        if parts and value >= parts[-1][1]:
            return 0
        first_part = not parts
        self._parts = [*parts, (value, scale)]
        self._pending = None
        self._scale = EXACT.multiply(self._scale, scale) if first_part else Decimal(1)
        self._last_scale = scale
        return self._good(end)

    def _take_point(self, at: int) -> int | None:
        """Spoken decimals: "mười hai phẩy ba bốn", "칠십이점사"."""
        line = self._line
        if self._value is None or not self._spelled:
            return None
        for word in self._grammar.words["point"]:
            if not line.low.startswith(word, at):
                continue
            digits, end = spoken_digits(line, line.skip_space(at + len(word)))
            if digits:
                self._pending = EXACT.add(self._value, Decimal(f"0.{digits}"))
                self._parts.clear()
                return self._good(end)
        return None

    def _take_half(self, at: int) -> int | None:
        """The half in "hai triệu rưỡi" and "two and a half"."""
        if self._value is None:
            return None
        for word in self._grammar.words.get("half", ()):
            if self._line.low.startswith(word, at) and not self._line.is_letter(at + len(word)):
                if self._pending is not None and self._language is Language.EN:
                    self._pending = EXACT.add(self._pending, Decimal("0.5"))
                elif self._parts and self._pending is None:
                    self._parts[-1] = (
                        EXACT.add(self._parts[-1][0], EXACT.multiply(self._last_scale, Decimal("0.5"))),
                        Decimal(1),
                    )
                else:
                    return None
                return self._good(at + len(word))
        return None

    def _good(self, end: int) -> int:
        self._end = end
        self._value = self._pending or Decimal(0)
        for value, _ in self._parts:
            self._value = EXACT.add(self._value, value)
        return end
