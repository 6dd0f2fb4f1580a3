"""Greetings, thanks and lines without a word: they ask nothing, so nothing is searched for them."""

import re

from assistant.core.text import Language, detect_language, nfc

_WORDS = {
    Language.KO: re.compile(
        r"안녕(?:하세요|하십니까|히\s?계세요)?|반가워요?|반갑습니다|처음\s?뵙겠습니다|하이|헬로|고마(?:워요?|웠어요?|웠습니다)|고맙(?:습니다|다|네요?)"
        r"|감사(?:합니다|해요|드립니다|드려요|했습니다)?|땡큐|수고(?:하세요|하셨습니다|했어요?|많으셨습니다)|잘\s?(?:가|가요|있어|있어요|자|자요)"
        r"|정말|진짜|너무|매우|아주|대단히|네|넵|예|응|아하|오|와|그래요?|좋아요?|좋네요?|알겠(?:습니다|어요?)|오케이|ok|ㅎ+|ㅋ+|ㅇㅋ|ㅇㅇ|ㄱㅅ"
    ),
    Language.VI: re.compile(
        r"xin|kính|chào|hello|hi|alo|bạn|anh|chị|em|cậu|mọi|người|buổi|sáng|trưa|chiều|tối|cảm|cám|ơn|nhiều|rất|lắm|nhé|nha|ạ|vâng|dạ|ok|okay|được|rồi"
        r"|tạm|biệt|hẹn|gặp|lại|tuyệt|vời|hay|quá|tốt|cam|on|chao|ban|nhieu"
    ),
    Language.EN: re.compile(
        r"hello|hi|hey|there|good|morning|afternoon|evening|day|night|thanks?|thank|you|thx|ty|so|very|much|a|lot|many|bye|goodbye|see|cheers|ok|okay"
        r"|great|nice|cool|perfect|got|it|yes|welcome|greetings|again|everyone|all"
    ),
}
# One of them makes a line a courtesy: "tốt" and "all" alone may be the beginning of a question.
_HEAD = re.compile(
    r"안녕|반가|반갑|뵙겠|하이|헬로|고마|고맙|감사|땡큐|수고|ㄱㅅ|알겠|잘\s?[가있자]"
    r"|\b(?:chào|chao|alo|ơn|cam on|tạm biệt|hello|hi|hey|ok|okay|thanks?|thx|ty|bye|goodbye|cheers|greetings)\b"
    r"|\bgood (?:morning|afternoon|evening|day|night)\b"
)
_WORD = re.compile(r"[^\W_]+")


def courtesy(text: str) -> Language | None:
    """The language of a line that is nothing but courtesies, or without a word; None for a question."""
    line = nfc(text).lower()
    words = _WORD.findall(line)
    if not words:
        return detect_language(line)
    if not _HEAD.search(line):
        return None
    written_in = detect_language(line)
    fitting = [language for language, known in _WORDS.items() if all(map(known.fullmatch, words))]
    return written_in if written_in in fitting else next(iter(fitting), None)
