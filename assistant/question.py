"""What is asked: the language, the kind of figure, the names, and the question made to stand alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.core.figures import Kind
from assistant.core.lexical import terms
from assistant.core.names import Name, find_names
from assistant.core.records import Filters, Turn
from assistant.core.text import Language, detect_language, nfc

_FIGURE_WORDS: dict[Language, tuple[tuple[Kind, str], ...]] = {
    Language.KO: (
        (Kind.PERCENT, r"점유율|비율|비중|퍼센트|몇\s?%|증가율|성장률|정확도|[가-힣]률(?:은|이)?\?"),
        (
            Kind.MONEY,
            r"얼마|가격|주가|금액|매출|투자액|예산|규모|과징금|과태료|벌금|비용|몇\s?(?:억|조|만)?\s?(?:원|달러|위안|동)",
        ),
        (Kind.PARAMETER, r"파라미터|매개변수"),
        (Kind.TOKEN, r"토큰"),
        (Kind.DATE, r"언제|며칠|몇\s?월|몇\s?년(?:도|에)|시행일|날짜"),
        (Kind.DURATION, r"얼마\s?동안|몇\s?(?:년|개월|주|일)(?:간| 동안)|기간"),
        (Kind.RANK, r"몇\s?위|순위"),
        (Kind.SCORE, r"몇\s?점|점수"),
        (Kind.COUNT, r"몇\s?(?:개|명|건|곳|가지|대|장)|개수|수는|시간은"),
    ),
    Language.VI: (
        (Kind.PERCENT, r"thị phần|tỷ lệ|tỉ lệ|phần trăm|bao nhiêu %|mức tăng|độ chính xác"),
        (
            Kind.MONEY,
            r"bao nhiêu tiền|\bgiá\b|doanh thu|ngân sách|số tiền|chi phí"
            r"|mức phạt|vốn|kinh phí|quy mô quỹ|bao nhiêu (?:tỷ|triệu|đồng|đô la|nhân dân tệ)",
        ),
        (Kind.PARAMETER, r"tham số"),
        (Kind.TOKEN, r"token"),
        (Kind.DATE, r"khi nào|ngày nào|năm nào|tháng nào|bao giờ"),
        (Kind.DURATION, r"bao lâu|trong (?:bao nhiêu|mấy) (?:năm|tháng|ngày)"),
        (Kind.RANK, r"xếp thứ|hạng mấy|thứ mấy"),
        (Kind.SCORE, r"bao nhiêu điểm|điểm số"),
        (Kind.COUNT, r"bao nhiêu|mấy"),
    ),
    Language.EN: (
        (Kind.PERCENT, r"what share|share of|market share|download share|percent|per cent|what rate|accuracy|what proportion"),
        (
            Kind.MONEY,
            r"how much|\bprice\b|revenue|budget|what amount|cost|fine\b"
            r"|fund\b.*(?:size|large|big)|how (?:large|big) .*(?:fund|budget|investment)",
        ),
        (Kind.PARAMETER, r"parameters"),
        (Kind.TOKEN, r"tokens"),
        (Kind.DATE, r"\bwhen\b|what date|which (?:year|month|day)|what year"),
        (Kind.DURATION, r"how long|how many (?:years|months|days|weeks)"),
        (Kind.RANK, r"what rank|which place"),
        (Kind.SCORE, r"what score|how many points"),
        (Kind.COUNT, r"how many|what number"),
    ),
}
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

    ``kind`` is None where no figure is asked for; ``focus`` holds the terms that are no part of a name: what is asked about it.
    """

    text: str
    language: Language
    standalone: str
    kind: Kind | None
    names: tuple[Name, ...]
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
        kind_asked(text, language) or kind_asked(standalone, language),
        names,
        frozenset(terms(focus, language)),
        filters or Filters(),
    )


def kind_asked(text: str, language: Language) -> Kind | None:
    """The kind of figure that a question asks for, by the words of its language."""
    return next((kind for kind, words in _FIGURE_WORDS[language] if re.search(words, text, re.IGNORECASE)), None)


def _standalone(text: str, language: Language, history: Sequence[Turn]) -> str:
    """The question, or the earlier one with the new name in it ("Còn Baidu thì sao?"), or both in a row."""
    earlier = [" ".join(nfc(turn.content).split()) for turn in history if turn.role == "user"]
    new = find_names(text, language)
    if not earlier or not (_TAKES_UP[language].search(text) or (not new and _POINTS_BACK[language].search(text))):
        return text
    before = find_names(earlier[-1], detect_language(earlier[-1]))
    if len(before) == len(new) == 1 and kind_asked(text, language) is None and detect_language(earlier[-1]) is language:
        return earlier[-1].replace(before[0].text, new[0].text)
    return f"{earlier[-1]} {text}"
