"""The words around digits, per language, as data: scales multiply, units say what is counted.

Readable by someone who knows the language and not the code: left the word as written (lower case), right what it means. Longer
words win over shorter ones that they begin with.
"""

from decimal import Decimal

from assistant.core.figures.figure import Kind
from assistant.core.text import Language

SCALES: dict[Language, dict[str, Decimal]] = {
    Language.KO: {word: Decimal(n) for word, n in {"천": 10**3, "만": 10**4, "억": 10**8, "조": 10**12, "경": 10**16}.items()},
    Language.VI: {
        word: Decimal(n)
        for word, n in {
            "nghìn": 10**3,
            "ngàn": 10**3,
            "triệu": 10**6,
            "tỷ": 10**9,
            "tỉ": 10**9,
            "nghìn tỷ": 10**12,
            "nghìn tỉ": 10**12,
            "ngàn tỷ": 10**12,
        }.items()
    },
    Language.EN: {
        word: Decimal(n)
        for word, n in {
            "thousand": 10**3,
            "million": 10**6,
            "billion": 10**9,
            "trillion": 10**12,
            "mn": 10**6,
            "bn": 10**9,
        }.items()
    },
}

_SHARED_UNITS: dict[str, tuple[Kind, str]] = {
    "%p": (Kind.PERCENT_POINT, "percent_point"),
    "%": (Kind.PERCENT, "percent"),
    "usd": (Kind.MONEY, "USD"),
    "ndt": (Kind.MONEY, "CNY"),
    "gb": (Kind.BYTE, "gigabyte"),
}

UNITS: dict[Language, dict[str, tuple[Kind, str]]] = {
    # Of several words with one meaning the first is the one written.
    Language.KO: {
        "%포인트": (Kind.PERCENT_POINT, "percent_point"),
        "퍼센트": (Kind.PERCENT, "percent"),
        "퍼센트포인트": (Kind.PERCENT_POINT, "percent_point"),
        "원": (Kind.MONEY, "KRW"),
        "달러": (Kind.MONEY, "USD"),
        "위안": (Kind.MONEY, "CNY"),
        "동": (Kind.MONEY, "VND"),
        "유로": (Kind.MONEY, "EUR"),
        "파라미터": (Kind.PARAMETER, "parameter"),
        "토큰": (Kind.TOKEN, "token"),
        "개 언어": (Kind.COUNT, "language"),
        "gpu 시간": (Kind.COUNT, "gpu_hour"),
        "개월": (Kind.DURATION, "month"),
        "년간": (Kind.DURATION, "year"),
        "년": (Kind.DURATION, "year"),
        "일": (Kind.DURATION, "day"),
        "위": (Kind.RANK, "rank"),
        "배": (Kind.TIMES, "times"),
        "점": (Kind.SCORE, "score"),
        "명": (Kind.COUNT, "person"),
        "개": (Kind.COUNT, ""),
        "건": (Kind.COUNT, "case"),
    }
    | _SHARED_UNITS,
    Language.VI: {
        "phần trăm": (Kind.PERCENT, "percent"),
        "điểm phần trăm": (Kind.PERCENT_POINT, "percent_point"),
        "won": (Kind.MONEY, "KRW"),
        "đô la": (Kind.MONEY, "USD"),
        "nhân dân tệ": (Kind.MONEY, "CNY"),
        "đồng": (Kind.MONEY, "VND"),
        "euro": (Kind.MONEY, "EUR"),
        "tham số": (Kind.PARAMETER, "parameter"),
        "token": (Kind.TOKEN, "token"),
        "ngôn ngữ": (Kind.COUNT, "language"),
        "giờ gpu": (Kind.COUNT, "gpu_hour"),
        "tháng": (Kind.DURATION, "month"),
        "năm": (Kind.DURATION, "year"),
        "ngày": (Kind.DURATION, "day"),
        "lần": (Kind.TIMES, "times"),
        "điểm": (Kind.SCORE, "score"),
        "người": (Kind.COUNT, "person"),
    }
    | _SHARED_UNITS,
    Language.EN: {
        "percent": (Kind.PERCENT, "percent"),
        "per cent": (Kind.PERCENT, "percent"),
        "percentage points": (Kind.PERCENT_POINT, "percent_point"),
        "won": (Kind.MONEY, "KRW"),
        "dollars": (Kind.MONEY, "USD"),
        "us dollars": (Kind.MONEY, "USD"),
        "yuan": (Kind.MONEY, "CNY"),
        "dong": (Kind.MONEY, "VND"),
        "euros": (Kind.MONEY, "EUR"),
        "parameters": (Kind.PARAMETER, "parameter"),
        "tokens": (Kind.TOKEN, "token"),
        "languages": (Kind.COUNT, "language"),
        "gpu hours": (Kind.COUNT, "gpu_hour"),
        "months": (Kind.DURATION, "month"),
        "years": (Kind.DURATION, "year"),
        "days": (Kind.DURATION, "day"),
        "times": (Kind.TIMES, "times"),
        "points": (Kind.SCORE, "score"),
        "people": (Kind.COUNT, "person"),
    }
    | _SHARED_UNITS,
}

PREFIXES: dict[str, tuple[Kind, str]] = {
    "$": (Kind.MONEY, "USD"),
    "us$": (Kind.MONEY, "USD"),
    "₩": (Kind.MONEY, "KRW"),
    "€": (Kind.MONEY, "EUR"),
}
"""Currency signs written before the digits, in any language."""

SPELLED: dict[Language, tuple[str, ...]] = {
    Language.KO: (
        r"(?<![가-힣])[일이삼사오육칠팔구십백천만억조]{2,}\s?(?=원|달러|위안|동|명|개|년|퍼센트|배|위|점|곳|건)",
        r"수[십백천만억조]+|절반|[두세네]\s?배",
        r"열(?:하나|둘|셋|넷|다섯|여섯|일곱|여덟|아홉)|스물|서른|마흔|쉰",
    ),
    Language.VI: (
        r"\b(?:hai|ba|bốn|năm|sáu|bảy|tám|chín)\s(?:mươi|trăm|nghìn|ngàn|triệu|tỷ|tỉ|phần trăm)\b",
        r"\bmười\b|\bhàng (?:chục|trăm|nghìn|triệu|tỷ)|\bmột nửa\b|\bgấp (?:đôi|ba|bốn|năm|mười)\b",
    ),
    Language.EN: (
        r"\b(?:ten|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)\b",
        r"\b(?:hundreds?|dozens?|half|twice|doubled?|tripled?|tenfold)\b",
        r"\b(?:two|three|four|five|six|seven|eight|nine)\s(?:hundred|thousand|million|billion|trillion|per ?cent|times|fold)\b",
    ),
}
"""Figures in words, which are not read yet: where one stands, nothing can be said of its value."""
