"""The page's own words in the three languages."""

from assistant.core.languages import Language

TEXTS: dict[str, dict[Language, str]] = {
    "title": {
        Language.KO: "AI 정책 뉴스 도우미",
        Language.VI: "Trợ lý tin tức chính sách AI",
        Language.EN: "AI Policy News Assistant",
    },
    "about": {
        Language.KO: "저장된 기사만으로 답합니다. 모든 문장에 출처가 있고, 모든 수치를 대조합니다.",
        Language.VI: "Trả lời từ các bài báo đã lưu; câu nào cũng có nguồn, số nào cũng được đối chiếu.",
        Language.EN: "Answers come only from the stored articles; every sentence is cited, every figure checked.",
    },
    "no_model": {
        Language.KO: "언어 모델이 연결되어 있지 않아 기사 인용으로 답합니다.",
        Language.VI: "Không có mô hình ngôn ngữ nên câu trả lời là trích dẫn từ bài báo.",
        Language.EN: "No language model is reachable: answers are quotations from the articles.",
    },
    "model": {
        Language.KO: "언어 모델: {model} · 보정 기준: {calibration}",
        Language.VI: "Mô hình ngôn ngữ: {model} · hiệu chỉnh theo: {calibration}",
        Language.EN: "Language model: {model} · calibrated for: {calibration}",
    },
    "alone": {
        Language.KO: "앞 질문과 상관없이 다시 묻기",
        Language.VI: "Hỏi riêng câu này",
        Language.EN: "Ask this on its own",
    },
    "chat": {Language.KO: "질문", Language.VI: "Hỏi đáp", Language.EN: "Chat"},
    "measured": {Language.KO: "정확도", Language.VI: "Độ chính xác", Language.EN: "Accuracy"},
    "not_measured": {
        Language.KO: "아직 평가하지 않았습니다. 채팅을 멈추고 다음을 실행하세요: python -m eval run && python -m eval report",
        Language.VI: "Chưa đánh giá. Hãy dừng trò chuyện rồi chạy: python -m eval run && python -m eval report",
        Language.EN: "Not measured yet. Stop the chat and run: python -m eval run && python -m eval report",
    },
    "articles": {Language.KO: "기사", Language.VI: "Bài báo", Language.EN: "Articles"},
    "placeholder": {
        Language.KO: "한국어, 베트남어, 영어로 질문하세요",
        Language.VI: "Hãy hỏi bằng tiếng Việt, tiếng Hàn hoặc tiếng Anh",
        Language.EN: "Ask in English, Korean or Vietnamese",
    },
    "send": {Language.KO: "보내기", Language.VI: "Gửi", Language.EN: "Send"},
    "stop": {Language.KO: "중지", Language.VI: "Dừng", Language.EN: "Stop"},
    "clear": {Language.KO: "새 대화", Language.VI: "Cuộc trò chuyện mới", Language.EN: "New conversation"},
    "sources": {Language.KO: "출처", Language.VI: "Nguồn", Language.EN: "Sources"},
    "sources_hint": {
        Language.KO: "답변의 번호를 누르면 인용한 문장이 기사 속에서 표시됩니다.",
        Language.VI: "Bấm vào số trong câu trả lời để xem câu được trích trong bài báo.",
        Language.EN: "Click a number in an answer to see the quoted words in their article.",
    },
    "searching": {
        Language.KO: "기사에서 찾는 중…",
        Language.VI: "Đang tìm trong các bài báo…",
        Language.EN: "Searching the articles…",
    },
    "writing": {Language.KO: "쓰는 중…", Language.VI: "Đang viết…", Language.EN: "Writing…"},
    "nearest": {
        Language.KO: "가장 가까운 기사",
        Language.VI: "Các bài báo gần nhất",
        Language.EN: "Nearest articles",
    },
    "understood": {
        Language.KO: "이렇게 이해했습니다",
        Language.VI: "Được hiểu là",
        Language.EN: "Understood as",
    },
    "period": {Language.KO: "기사 발행일", Language.VI: "Ngày đăng bài", Language.EN: "Articles published"},
    "quoted": {Language.KO: "기사 인용", Language.VI: "Trích dẫn bài báo", Language.EN: "Quotation"},
    "also_in": {
        Language.KO: "같은 내용의 다른 기사",
        Language.VI: "Bài khác cùng nội dung",
        Language.EN: "Other articles with this story",
    },
    "failed": {Language.KO: "오류", Language.VI: "Lỗi", Language.EN: "Error"},
}
"""Text by key and language; a test checks that none is missing."""

EXAMPLES: dict[Language, tuple[str, ...]] = {
    Language.KO: (
        "지난 1년간 중국산 신규 AI 모델의 다운로드 점유율은?",
        "큐원3은 몇 개 언어를 지원하나?",
        "인공지능기본법에서 시민단체가 아쉬워하는 점은 무엇인가?",
    ),
    Language.VI: (
        "Thị phần tải xuống của các mô hình AI mới của Trung Quốc là bao nhiêu?",
        "FPT công bố kế hoạch đầu tư bao nhiêu tiền cho nhà máy AI?",
        "Doanh thu năm 2024 của Xiaomi là bao nhiêu?",
    ),
    Language.EN: (
        "How much was Xiaomi's revenue in 2024?",
        "How many languages does Qwen3 support?",
        "What accuracy did Prover V2 reach on MiniF2F?",
    ),
}
"""Questions that the sample articles answer."""

LANGUAGE_NAMES = {Language.KO: "한국어", Language.VI: "Tiếng Việt", Language.EN: "English"}


def preferred_language(accept_language: str) -> Language:
    """The first of our languages in an ``Accept-Language`` header; English where none is."""
    for part in accept_language.split(","):
        tag = part.split(";")[0].strip().lower().split("-")[0]
        if tag in set(Language):
            return Language(tag)
    return Language.EN
