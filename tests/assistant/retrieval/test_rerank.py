"""The reranker with a real, if untrained, cross-encoder, made here because none comes from a package registry."""

from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

from assistant.core.archive import Archive
from assistant.core.errors import ModelUnavailable
from assistant.core.settings import RerankerSettings, Settings
from assistant.question.understand import understand
from assistant.retrieval.rerank import open_reranker
from assistant.retrieval.retriever import Retriever

QUESTION = "최근 1년간 중국산 신규 AI 모델의 다운로드 비중은?"


@pytest.fixture(scope="module")
def cross_encoders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """One cross-encoder, and one whose scores are its scores negated: the orders of the two are opposite."""
    letters = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *(chr(c) for c in range(0xAC00, 0xD7A4))]
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(letters),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        num_labels=1,
    )
    model = BertForSequenceClassification(config)
    with torch.no_grad():
        model.classifier.weight.mul_(100)  # untrained scores are all but equal
    folders = []
    for name in ("one", "opposite"):
        folder = tmp_path_factory.mktemp(name)
        (folder / "vocab.txt").write_text("\n".join(letters), encoding="utf-8")
        model.save_pretrained(folder)
        BertTokenizerFast(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder)
        with torch.no_grad():
            model.classifier.weight.neg_()
            model.classifier.bias.neg_()
        folders.append(folder)
    return folders


def test_the_best_passages_take_the_order_of_the_reranker_and_keep_the_scores_of_their_places(
    samples: Archive, settings: Settings, cross_encoders: list[Path]
) -> None:
    question = understand(QUESTION)
    plain = Retriever(samples, n_passages=8).retrieve(question).hits
    texts = [f"{h.article.title}\n{h.article.text[h.passage.start : h.passage.end]}" for h in plain[:4]]
    orders = []
    for folder in cross_encoders:
        named = settings.model_copy(update={"reranker": RerankerSettings(model=str(folder), n_passages=4)})
        reranker = open_reranker(named)
        assert reranker
        hits = Retriever(samples, n_passages=8, reranker=reranker).retrieve(question).hits
        orders.append(reranker.order(QUESTION, texts))
        assert sorted(orders[-1]) == [0, 1, 2, 3]
        assert [hit.passage.id for hit in hits[:4]] == [plain[i].passage.id for i in orders[-1]]
        assert [hit.passage.id for hit in hits[4:]] == [hit.passage.id for hit in plain[4:]]
        assert [hit.score for hit in hits] == [hit.score for hit in plain]
    assert orders[0] == orders[1][::-1]


def test_no_reranker_is_named_none_is_loaded(settings: Settings) -> None:
    assert open_reranker(settings) is None


def test_a_reranker_that_cannot_be_loaded_is_named_with_what_to_do(
    settings: Settings, tmp_path: Path
) -> None:
    wrong = settings.model_copy(update={"reranker": RerankerSettings(model=str(tmp_path))})
    with pytest.raises(ModelUnavailable, match="Correct NEWS_RERANKER__MODEL"):
        open_reranker(wrong)
