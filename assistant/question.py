"""What is asked: the language, the kind of figure, the names, and the question made to stand alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.core.figures import Kind, Unit, unit_of
from assistant.core.lexical import terms
from assistant.core.names import Name, find_attributes, find_names
from assistant.core.records import Filters, Turn
from assistant.core.text import Language, detect_language, nfc

_ASKED_UNIT = {
    # What follows names the unit: 몇 명, bao nhiêu tỷ đồng, how many policy actions.
    Language.KO: re.compile(r"몇\s?"),
    Language.VI: re.compile(r"\b(?:bao nhiêu|mấy)\s"),
    Language.EN: re.compile(r"\bhow many\s"),
}
_ASKED_CURRENCY = {
    Language.KO: re.compile(r"(?=(?:원화|원|위안|달러|유로|동)(?:으로|로)\s)"),
    Language.VI: re.compile(r"\b(?:tính bằng|theo|ra|triệu|tỷ)\s(?=(?:đồng|won|nhân dân tệ|euro|USD|đô la))"),
    Language.EN: re.compile(r"\bin (?=(?:euros?|yuan|won|(?:US )?dollars|dong)\b)"),
}
_FIGURE_WORDS: dict[Language, tuple[tuple[Kind, str], ...]] = {
    # The words of asking first, what is asked about after them.
    Language.KO: (
        (
            Kind.DURATION,
            r"얼마\s?동안|(?:몇\s?(?:년|개월|달|주|일)|며칠)\s?(?:간|동안|안에|이내|내에|만에|걸)"
            r"|기간[은이]?\s?(?:\?|얼마|어느|몇)|얼마나 (?:오래|걸)",
        ),
        (Kind.FREQUENCY, r"얼마나 자주|몇\s?(?:년|개월|주|달)(?:마다|에 한)|주기"),
        (Kind.DATE, r"언제|며칠|몇\s?월|몇\s?일|몇\s?년(?:도|에)|시행일|날짜|(?:어느|무슨) (?:날|해)|몇\s?년(?:이|인|까|부)"),
        (Kind.RANK, r"몇\s?(?:위|번째)|순위"),
        (Kind.TIMES, r"몇\s?배"),
        (Kind.PERCENT, r"퍼센트|몇\s?(?:%|프로)|점유율|비율|비중|증가율|성장률|정확도|[가-힣]률[은이]?\s?(?:\?|얼마|몇|어느)"),
        (Kind.PARAMETER, r"파라미터|매개변수"),
        (Kind.TOKEN, r"토큰"),
        (Kind.SCORE, r"몇\s?점|점수"),
        (Kind.COUNT, r"(?:이용자|사용자|인원|사람|직원|명)\s?(?:규모|수)|개수|수는|시간은|몇\s?(?:개|명|건|곳|가지|대|장)"),
        (Kind.MONEY, r"이익|적자|얼마|가격|주가|금액|매출|투자액|예산|규모|과징금|과태료|벌금|비용"),
    ),
    Language.VI: (
        (Kind.DURATION, r"bao lâu|(?:trong|mất|vòng|suốt|kéo dài) (?:vòng )?(?:bao nhiêu|mấy) (?:năm|tháng|ngày|tuần)"),
        (Kind.FREQUENCY, r"bao lâu một lần|mấy (?:năm|tháng|tuần|ngày) một lần|thường xuyên|tần suất"),
        (Kind.DATE, r"khi nào|(?:ngày|năm|tháng) (?:nào|mấy|bao nhiêu)|bao giờ|thời điểm nào|hạn chót"),
        (Kind.RANK, r"(?:xếp|đứng|hạng|vị trí) (?:thứ )?(?:mấy|bao nhiêu|nào)|thứ mấy|thứ bao nhiêu"),
        (Kind.TIMES, r"(?:mấy|bao nhiêu) lần"),
        (Kind.PERCENT, r"phần trăm|(?:bao nhiêu|mấy) ?%|thị phần|tỷ lệ|tỉ lệ|tỷ trọng|mức tăng|độ chính xác|chiếm bao nhiêu"),
        (Kind.PARAMETER, r"tham số"),
        (Kind.TOKEN, r"token"),
        (Kind.SCORE, r"(?:bao nhiêu|mấy) điểm|điểm số"),
        (Kind.MONEY, r"bao nhiêu tiền|(?:bao nhiêu|mấy) (?:nghìn |triệu |tỷ |nghìn tỷ )*(?:đồng|đô|USD|won|euro|nhân dân tệ|NDT)"),
        (
            Kind.MONEY,
            r"\bgiá\b|doanh thu|lợi nhuận|ngân sách|số tiền|chi phí|mức phạt|vốn|kinh phí|quy mô quỹ"
            r"|đầu tư bao nhiêu|phạt bao nhiêu",
        ),
        (Kind.COUNT, r"(?:bao nhiêu|mấy)\s\w"),
    ),
    Language.EN: (
        (
            Kind.DURATION,
            r"how long|how many (?:years|months|days|weeks)|(?:over|within|for) (?:what|which) (?:period|time)|how much time",
        ),
        (Kind.FREQUENCY, r"how (?:often|frequently)|at what interval"),
        (
            Kind.DATE,
            r"\bwhen\b|(?:what|which|exact|exactly what) (?:date|day|month|year)|(?:cutoff|cut-off|deadline|due) date|by what date",
        ),
        (
            Kind.RANK,
            r"what rank|which place|where does .* (?:come|rank|stand)|how does .* rank|what position"
            r"|in the (?:world|global|worldwide) (?:order|ranking)",
        ),
        (Kind.TIMES, r"how many times|by what factor"),
        (Kind.PERCENT, r"per ?cent|percentage|what (?:share|rate|proportion)|share of|(?:market|download) share|accuracy"),
        (Kind.PARAMETER, r"parameters"),
        (Kind.TOKEN, r"tokens"),
        (Kind.SCORE, r"what score|how many points|score\b.*\bon\b"),
        (Kind.COUNT, r"how many|what number|headcount"),
        (
            Kind.MONEY,
            r"how much|how (?:large|big) .*(?:fund|budget|investment|fine)|what amount"
            r"|\b(?:price|revenue|profit|budget|cost|fine|turnover|sales)\b",
        ),
        (Kind.MONEY, r"\b(?:spends?|invests?|earns?|pays?|paid|worth)\b|in (?:euros?|yuan|won|(?:US )?dollars|dong)\b"),
    ),
}
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# Openings that take up the question before, whatever follows.
_TAKES_UP = {
    Language.KO: re.compile(r"^(?:그럼|그러면|그렇다면)|[은는]요\?$"),
    Language.VI: re.compile(r"^(?:thế |vậy )?còn\b|^(?:thế|vậy) (?:còn|thì)\b", re.IGNORECASE),
    Language.EN: re.compile(r"^(?:and\b|what about|how about)", re.IGNORECASE),
}
# Words that point back where the question names nothing itself.
_POINTS_BACK = {
    Language.KO: re.compile(
        r"^(?:그|이|저|그것|거기|그중)\b|그(?:것|들|곳|쪽|회사|모델|기업|나라)|^(?:왜|언제|누가|어디|얼마)\S*\?$"
    ),
    Language.VI: re.compile(r"\b(?:nó|họ|thế|đó|này|ấy)\b", re.IGNORECASE),
    Language.EN: re.compile(r"^(?:why|when)\?$|\b(?:it|its|they|their|them|that|those|this|these|he|she)\b", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question understood.

    ``kind`` is None where no figure is asked for, ``unit`` empty where the question does not name one; ``attributes`` are what is
    asked about a thing, its revenue or its fine, in words of all languages; ``focus`` holds the terms that are no part of a name.
    """

    text: str
    language: Language
    standalone: str
    kind: Kind | None
    unit: str
    names: tuple[Name, ...]
    attributes: tuple[Name, ...]
    focus: frozenset[str]
    filters: Filters


def understand(text: str, history: Sequence[Turn] = (), filters: Filters | None = None) -> Question:
    """Analyse a question by rules; it is made to stand alone by the earlier question that it points back at."""
    text = " ".join(nfc(text).split())
    language = detect_language(text)
    standalone = _standalone(text, language, history)
    names = find_names(standalone, language)
    focus = standalone
    for name in names:
        focus = focus.replace(name.text, " ")
    return Question(
        text,
        language,
        standalone,
        *_asked(text, standalone, language),
        names,
        find_attributes(standalone, language),
        frozenset(terms(focus, language)),
        filters or Filters(),
    )


def _asked(text: str, standalone: str, language: Language) -> tuple[Kind | None, str]:
    """Kind and unit that the question asks for, or the one that it takes up."""
    for asked in (text, standalone):
        kind, unit = kind_asked(asked, language), unit_asked(asked, language)
        if unit and kind in (None, Kind.COUNT, Kind.MONEY):
            return unit.kind, unit.name
        if kind:
            return kind, ""
    return None, ""


def unit_asked(text: str, language: Language) -> Unit | None:
    """The unit that a question names: "몇 명", "bao nhiêu quốc gia", "how many federal policy actions", "in euros"."""
    for pattern in (_ASKED_CURRENCY[language], _ASKED_UNIT[language]):
        match = pattern.search(text)
        unit = unit_of(text[match.end() :], language) if match else None
        if unit and unit.name:
            return unit
    return None


def kind_asked(text: str, language: Language) -> Kind | None:
    """The kind of figure that a question asks for, by the words of its language."""
    return next((kind for kind, words in _FIGURE_WORDS[language] if re.search(words, text, re.IGNORECASE)), None)


def _standalone(text: str, language: Language, history: Sequence[Turn]) -> str:
    """The question, or the earlier one with the new name or year in it ("Còn Baidu thì sao?"), or both in a row."""
    earlier = [" ".join(nfc(turn.content).split()) for turn in history if turn.role == "user"]
    new = find_names(text, language)
    if not earlier or not (_TAKES_UP[language].search(text) or (not new and _POINTS_BACK[language].search(text))):
        return text
    years = [_YEAR.findall(asked) for asked in (earlier[-1], text)]
    if not new and [len(found) for found in years] == [1, 1] and kind_asked(text, language) is None:
        return earlier[-1].replace(years[0][0], years[1][0])  # "And in 2025?"
    before = find_names(earlier[-1], detect_language(earlier[-1]))
    if len(before) == len(new) == 1 and kind_asked(text, language) is None and detect_language(earlier[-1]) is language:
        return earlier[-1].replace(before[0].text, new[0].text)
    return f"{earlier[-1]} {text}"
