"""Reads amounts (a number with its unit), and decides whether a candidate really is one."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from assistant.core.figures.figure import COUNTERS, Kind
from assistant.core.figures.grammar import Unit, grammar
from assistant.core.figures.line import Line
from assistant.core.figures.native import read_native
from assistant.core.figures.numbers import EXACT, Number, read_number
from assistant.core.figures.powers import with_power
from assistant.core.figures.units import BARE, described_unit, unit_at
from assistant.core.languages import Language

_PARAMETER = Unit(Kind.PARAMETER, "parameter")
# Syllables that digits may directly follow; after any other they are part of a name ("큐원3").
_BEFORE_DIGITS = tuple("약총만제각당단등및또근년월일시분은는이가을를의에로와과도전후")
_LONE_SINO_UNITS = frozenset(("year", "month", "percent", "percent_point"))
_LONE_SCALE_UNITS = frozenset(("원", "달러", "위안", "동", "명", "년", "개", "배", "번째", "퍼센트"))
_ATTACHED_NATIVE_UNITS = tuple("명번개배곳살째")
_ONE_COUNTS = frozenset(
    (Kind.PERCENT, Kind.PERCENT_POINT, Kind.MONEY, Kind.DURATION, Kind.PARAMETER, Kind.TOKEN, Kind.BYTE)
)
"""Kinds for which "one" in words is a figure; otherwise it is an article."""
_MODELS = ("model", "item", "gpu")
_NOUN_ENDINGS = ("는", "은", "이", "가", "을", "를", "의", "도", "수는", "수가", "수를", "수", "약", "총")
_AFTER_HALF = ("간", "의", "만에", "이나", "가량", "동안", "이 ", "을 ", "은 ")
_CLAUSES = ("khoản", "điểm", "điều")
_FEW_THOUSANDS = 10_000
_AGE_GROUPS = range(10, 100, 10)
_LARGEST_RANKING = 500
_CODE = re.compile(r"0\d")
_VERSION = re.compile(r"\d{1,2}\.0")
_LAWS = ("법", "법률", "시행령", "규칙", "조약")
_PREFIX_BEFORE_HYPHEN = re.compile(r"(?:^|\W)(?:mid|pre|post|early|late|under|over|top|non|age)$")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit from ``start`` to ``end``.

    ``explicit`` means that a unit or currency sign was written. ``above`` means that a word between number
    and unit makes the value a little higher ("600여 명").
    """

    number: Number
    unit: Unit
    start: int
    end: int
    explicit: bool = False
    above: bool = False

    @property
    def value(self) -> Decimal:
        """The value in units of ``unit``."""
        return EXACT.multiply(self.number.value, self.unit.factor)


@cache
def currency_signs() -> dict[str, str]:
    """Currency signs and codes used before a number, in lower case, longest first, with the currency each denotes."""
    signs = grammar(Language.EN).prefixes
    return {sign.lower(): signs[sign] for sign in sorted(signs, key=len, reverse=True)}


def amount_at(line: Line, at: int, *, is_money: bool = False) -> Amount | None:
    """The amount that begins at a position; ``is_money`` if there is a currency sign there."""
    start, currency = at, None
    if is_money:
        sign = next(word for word in currency_signs() if line.low.startswith(word, at))
        currency, start = Unit(Kind.MONEY, currency_signs()[sign]), line.skip_space(at + len(sign))
    elif _has_minus(line, at):
        at = start = at - 1
    readings = [read_number(line, start, is_money=is_money), read_native(line, start)]
    number = max((reading for reading in readings if reading), key=lambda reading: reading.end, default=None)
    if number is None:
        return None
    number = with_power(line, number)
    end = number.end
    above = next((word for word in line.grammar.words["above_after"] if line.low.startswith(word, end)), "")
    found = unit_at(line, end + len(above), after_suffix=bool(number.suffix))
    unit, end = found or (_implied_unit(line, number), end + len(above))
    if number.suffix == "B" and unit.name in _MODELS:
        unit, end = _PARAMETER, number.end  # "7B model" gives the parameter count
    if unit.name in COUNTERS:
        unit = _named_before(line, at) or unit
    if currency and unit.kind is not Kind.MONEY:
        unit = currency
    amount = Amount(number, unit, at, end, found is not None or currency is not None, bool(above))
    return _with_half(line, amount)


def is_meant(line: Line, amount: Amount) -> bool:
    """Whether a candidate really is an amount, not a name, version, reference or other word."""
    number = amount.number
    if number.spelled and amount.explicit and number.value == 1 and number.scale == 1:
        is_table = line.low[amount.start : amount.end] == "một bảng"  # a table, not a pound
        return not is_table and (amount.unit.kind in _ONE_COUNTS or amount.unit.name in line.grammar.measures)
    if line.is_all(amount.start, amount.end):
        return amount.explicit or not line.is_letter(amount.end)
    if not amount.explicit and line.before(amount.start).rstrip(" -").endswith(line.grammar.versioned):
        return False
    if not number.spelled:
        return _are_digits_meant(line, amount)
    if number.value == 1 and number.scale == 1:
        return False
    if line.language is Language.KO:
        return _is_korean_numeral(line, amount)
    if number.value == 0:
        return amount.explicit and amount.unit.kind is not Kind.COUNT
    return line.language is Language.EN or _is_vietnamese_numeral(line, amount)


def is_label(line: Line, amount: Amount) -> bool:
    """Whether Korean 대 or 기 after a number makes it a label: "5대 은행", "16대 국회", "3기 신도시", "40대였다".

    대 counts machines only if one is named; an age group looks the same, and "10대 기업" means the ten largest.
    """
    if (
        line.language is not Language.KO
        or amount.number.spelled
        or amount.unit.name not in ("machine", "craft")
    ):
        return False
    is_age = amount.value in _AGE_GROUPS and line.text.startswith("대", amount.number.end)
    is_compound = (
        amount.value <= _LARGEST_RANKING
        and line.text.startswith(" ", amount.end)
        and line.is_hangul(amount.end + 1)
    )
    return amount.unit.name == "craft" or is_age or is_compound


def is_in_name(line: Line, at: int) -> bool:
    """Whether the digits at a position continue a name or code ("H800", "GPT-4", "미모-7B")."""
    if line.is_latin(at - 1) or line.text[at - 1 : at] == "_":
        return True
    if line.text[at - 1 : at] == "-" and (line.is_letter(at - 2) or line.text[at - 2 : at - 1].isdecimal()):
        return not _PREFIX_BEFORE_HYPHEN.search(line.before(at - 1))
    return False


def _has_minus(line: Line, at: int) -> bool:
    return (
        at > 0
        and line.text[at : at + 1].isdecimal()
        and line.text[at - 1] in "-−"
        and not line.text[max(0, at - 2) : at - 1].strip("( ")
        and not line.text[max(0, at - 3) : at - 2].isdecimal()  # 16.5 -10.5 is a score
    )


def _implied_unit(line: Line, number: Number) -> Unit:
    if number.suffix == "B" and not line.is_latin(number.end):
        return _PARAMETER
    return described_unit(line, number.end) or BARE


def _named_before(line: Line, at: int) -> Unit | None:
    """The counted noun if it precedes the number: "GPU 5만장", "파라미터 수는 6710억개"."""
    before = line.before(at).rstrip(" ")
    for ending in ("", *_NOUN_ENDINGS):
        stem = before.removesuffix(ending).rstrip(" ") if before.endswith(ending) else ""
        if stem.endswith(line.grammar.nouns):
            word = max((noun for noun in line.grammar.nouns if stem.endswith(noun)), key=len)
            return next(unit for found, unit in line.grammar.units.at(word, 0) if found == word)
    return None


def _with_half(line: Line, amount: Amount) -> Amount:
    """The amount with the half that follows its unit: "một năm rưỡi", "2년 반"."""
    if amount.explicit:
        start = line.skip_space(amount.end)
        for word in line.grammar.words["half_after_unit"]:
            end = start + len(word)
            if line.low.startswith(word, start) and (
                not line.is_letter(end) or line.low.startswith(_AFTER_HALF, end)
            ):
                number = replace(amount.number, value=EXACT.add(amount.number.value, Decimal("0.5")))
                return replace(amount, number=number, end=end)
    return amount


def _are_digits_meant(line: Line, amount: Amount) -> bool:
    words, end = line.grammar.words, amount.end
    is_plain = (
        amount.number.scale == 1
        and amount.unit.kind is not Kind.MONEY
        and amount.value == amount.value.to_integral_value()
    )
    if line.language is Language.VI and is_plain and line.before(amount.start).rstrip(" ").endswith(_CLAUSES):
        return False  # "khoản 2 Điều 15", but not "tổng điểm 25,5" or "khoản 5 tỷ đồng"
    if line.language is Language.KO and amount.value == 1 and line.low.startswith("당", end):
        return False  # 1인당
    if amount.explicit or amount.unit.kind is Kind.PARAMETER:
        return True
    if (
        _CODE.match(line.text, amount.start)
        or _VERSION.fullmatch(line.text, amount.start, amount.end)  # Industry 4.0
        or line.is_latin(end)
        or (line.text.startswith("-", end) and line.text[end + 1 : end + 2].isupper())
    ):
        return False  # 06236, 910C, 4o, 5G, 7-Eleven
    before = line.before(amount.start).rstrip(" -")
    if amount.number.scale != 1:
        is_article = line.text[end - 1] == "조" and before.endswith(_LAWS)  # 형법 347조
        return not is_article and (amount.number.suffix != "K" or amount.value >= _FEW_THOUSANDS)  # 4K
    if line.is_hangul(amount.start - 1) and not before.endswith(_BEFORE_DIGITS):
        return False
    if line.text.startswith(words["version_after"] or ("\0",), line.skip_space(end)):
        return False
    references = words["reference_before"] if line.language is not Language.KO else ()
    return not any(before.endswith(word) and not before[: -len(word)][-1:].isalpha() for word in references)


def _is_korean_numeral(line: Line, amount: Amount) -> bool:
    """Whether a Korean numeral in words is one.

    Short runs of numeral syllables are mostly other words (이동, 사원, 세대), so they need a fitting unit.
    """
    number = amount.number
    run = line.text[number.start : number.end]
    if line.is_hangul(amount.start - 1):
        return False
    attached = amount.explicit and line.text[number.end] != " "
    if run[0] != "이" and any(True for _ in line.grammar.native.at(run, 0)):
        if not amount.explicit:
            return number.value > 10 and line.ends_word(number.end)
        return not attached or line.text[number.end] in _ATTACHED_NATIVE_UNITS or amount.end - number.end > 1
    if run[0] in "조경억":
        return False
    if not amount.explicit:
        scales = sum(syllable in line.grammar.scales for syllable in run)
        return len(run) > 2 and scales > 1 and line.ends_word(number.end)
    if len(run) > 1:
        return True
    if run in line.grammar.scales:
        return line.text[number.end : amount.end].strip() in _LONE_SCALE_UNITS or amount.end - number.end > 2
    # 이달 means "this month"
    return (
        amount.unit.name in _LONE_SINO_UNITS
        and (attached or run != "이")
        and not line.low.startswith("달", number.end)
    )


def _is_vietnamese_numeral(line: Line, amount: Amount) -> bool:
    """Whether a number word is a number: "Ba Lan" is Poland, and "năm" usually means "year"."""
    number = amount.number
    run = line.low[number.start : number.end]
    if " " in run.strip():
        return True
    capital = line.text[number.start].isupper()
    following = line.skip_space(number.end)
    if capital and line.text[following : following + 1].isupper():
        return False
    if run == "năm":
        before = line.before(number.start).rstrip().rpartition(" ")[2]
        return (
            amount.explicit
            and before not in line.grammar.words["year_not_five_after"]
            and not before[-1:].isdecimal()
        )
    if line.before(number.start).endswith("thứ "):
        return False  # a weekday, Monday to Saturday
    if run in ("tư", "nhì", "lăm", "mốt", "nhăm"):
        return False
    return amount.explicit or not capital or line.is_all(number.start, len(line.text))
