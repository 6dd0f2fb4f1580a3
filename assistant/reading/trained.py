"""The trained reader: the embedder's encoder with low-rank adapters, scoring where an answer starts and ends.

Question and window are encoded together, so every token of the window attends to the question. A token's
score is its log-odds against "no answer", which makes scores comparable across a question's windows.
Adapters follow Hu et al. 2021, "LoRA"; span scoring follows Devlin et al. 2018, "BERT". The weights are
fitted by ``python -m eval fit reader`` and stored beside this file.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from assistant.core import weights
from assistant.core.embedding import has_native_bf16
from assistant.core.figures import Figure
from assistant.core.languages import pack
from assistant.core.records import Evidence
from assistant.core.settings import DEFAULT_EMBEDDER
from assistant.core.tabular import Row
from assistant.core.text import sentence_spans
from assistant.question.understand import Question
from assistant.reading.candidates import FloatArray

FILE = Path(__file__).with_name("reader.safetensors")
RANK = 32
N_CHANGED = 8
"""Encoder layers with adapters, counted from the top."""
MAX_TOKENS = 160
_TITLE_CHARS = 90
_MAX_QUESTION_TOKENS = 56
N_WINDOWS = 10
"""Number of sentences that are read, best score first."""
_RANGE = 5.0
UNREAD = -2.0
"""Feature value of a sentence that is not read, and the floor for those that are."""
_BATCH = 5
"""Windows per batch, sorted by length to keep padding small."""


@dataclass(frozen=True, slots=True)
class Window:
    """A window as read: each token's character offsets and its scores as the answer's first and last token."""

    offsets: FloatArray
    starts: FloatArray
    ends: FloatArray

    def score(self, start: int, end: int) -> float:
        """The score of the answer starting and ending at tokens within these characters."""
        inside = (self.offsets[:, 0] < end) & (self.offsets[:, 1] > start)
        if not inside.any():
            return float(min(self.starts.min(), self.ends.min())) if len(self.starts) else 0.0
        return float(np.logaddexp.reduce(self.starts[inside]) + np.logaddexp.reduce(self.ends[inside])) / 2


class LowRank(nn.Module):
    """A linear layer with a low-rank adapter."""

    def __init__(self, linear: nn.Linear) -> None:
        """Wrap a layer whose own weights stay frozen."""
        super().__init__()
        self.linear = linear
        self.down = nn.Parameter(torch.randn(RANK, linear.in_features) / linear.in_features**0.5)
        self.up = nn.Parameter(torch.zeros(linear.out_features, RANK))

    def forward(self, x: Tensor) -> Tensor:
        """The layer's output plus the adapter's."""
        change = functional.linear(functional.linear(x, self.down.to(x.dtype)), self.up.to(x.dtype))
        summed: Tensor = self.linear(x) + change
        return summed

    def merged(self) -> nn.Linear:
        """The layer with the adapter merged into its weights."""
        with torch.no_grad():
            self.linear.weight += (self.up @ self.down).to(self.linear.weight.dtype)
        return self.linear


class Network(nn.Module):
    """The encoder and a linear layer that scores each token as the answer's first and last."""

    def __init__(self, body: Any) -> None:
        """Build on a loaded encoder, which is left unchanged: its layers are copied, its embeddings shared."""
        super().__init__()
        self.body = copy.deepcopy(body, {id(body.embeddings): body.embeddings})
        self.body.requires_grad_(requires_grad=False)
        for layer in self.body.encoder.layer[-N_CHANGED:]:
            for name, module in list(layer.named_modules()):
                if isinstance(module, nn.Linear):
                    parent, _, last = name.rpartition(".")
                    setattr(layer.get_submodule(parent), last, LowRank(module))
        self.spans = nn.Linear(self.body.config.hidden_size, 2)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Start and end scores of the tokens, shape (windows, tokens, 2)."""
        hidden = self.body(input_ids=ids, attention_mask=mask).last_hidden_state
        scores: Tensor = self.spans(hidden.float())
        return scores

    def merge(self) -> None:
        """Merge the adapters into the weights, which makes reading faster and further fitting impossible."""
        for name, module in list(self.named_modules()):
            if isinstance(module, LowRank):
                parent, _, last = name.rpartition(".")
                setattr(self.get_submodule(parent), last, module.merged())

    def own_weights(self) -> dict[str, Tensor]:
        """The trainable parameters, by name."""
        return {name: tensor for name, tensor in self.named_parameters() if tensor.requires_grad}


class TrainedReader:
    """The network with its tokenizer."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        """Build on the encoder of a sentence-transformers model, in its own precision."""
        self.network, self.tokenizer = Network(model), tokenizer

    def encode(self, questions: Sequence[str], windows: Sequence[str]) -> Any:
        """Tokenise pairs of question and window; ``window`` in the result is True at the windows' tokens."""
        found = self.tokenizer(
            [self._shortened(question) for question in questions],
            list(windows),
            truncation="only_second",
            max_length=MAX_TOKENS,
            padding=True,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        found["window"] = torch.tensor(
            [[part == 1 for part in found.sequence_ids(i)] for i in range(len(windows))]
        )
        return found

    def _shortened(self, question: str) -> str:
        """The question, its middle elided if it has too many tokens: what it asks is at one end or the other."""
        offsets = self.tokenizer(question, add_special_tokens=False, return_offsets_mapping=True)[
            "offset_mapping"
        ]
        if len(offsets) <= _MAX_QUESTION_TOKENS:
            return question
        half = _MAX_QUESTION_TOKENS // 2
        return f"{question[: offsets[half - 1][1]]} … {question[offsets[-half + 1][0] :]}"

    @torch.inference_mode()
    def read(self, question: str, windows: Sequence[str]) -> list[Window]:
        """Read windows for one question; the results are in the windows' order."""
        order = sorted(range(len(windows)), key=lambda i: len(windows[i]))
        found: dict[int, Window] = {}
        for first in range(0, len(windows), _BATCH):
            batch = order[first : first + _BATCH]
            encoded = self.encode([question] * len(batch), [windows[i] for i in batch])
            scores = self.network(encoded["input_ids"], encoded["attention_mask"]).double().numpy()
            offsets, inside = encoded["offset_mapping"].numpy(), encoded["window"].numpy()
            for i, where, score, kept in zip(batch, offsets, scores, inside, strict=True):
                found[i] = Window(where[kept], score[kept, 0], score[kept, 1])
        return [found[i] for i in range(len(windows))]


@dataclass(frozen=True, slots=True)
class Shown:
    """The text shown to the reader for a sentence, which runs from ``start`` to the end of ``text``.

    For a table row, ``cells`` are the cells' character ranges, counted from ``start``.
    """

    text: str
    start: int
    cells: tuple[tuple[int, int], ...] = ()
    row: Row | None = None

    def place(self, figure: Figure) -> tuple[int, int]:
        """The character range in ``text`` of a figure or, in a table row, of its cell."""
        if self.row:
            start, end = self.cells[self.row.column_of(figure.start)]
            return self.start + start, self.start + end
        return self.start + figure.start, self.start + figure.end


def shown(item: Evidence) -> Shown:
    """A sentence, preceded by its article's title and the text before it.

    A table row is preceded by the title and the table's caption, and written out with its column heads.
    """
    article = item.article
    title = f"{article.title[:_TITLE_CHARS]}. "
    if row := item.span.row:
        text, cells = row.described(article.language)
        return Shown(f"{title}{row.caption} {text}", len(title) + len(row.caption) + 1, cells, row)
    if header := item.span.header:
        return Shown(f"{title}{header} {item.quote}", len(title) + len(header) + 1)
    room = max(0, 2 * pack(article.language).lengths.window - len(item.quote))
    start = max(article.body_start, item.start - min(room, pack(article.language).lengths.window))
    starts = [at for at, _ in sentence_spans(article.text, article.body_start, item.start) if at >= start]
    first = starts[0] if starts else item.start
    return Shown(title + article.text[first : item.end], len(title) + item.start - first)


@dataclass(frozen=True, slots=True)
class TrainedReading:
    """The trained reader's output: for each sentence read, its window and the text that was shown."""

    windows: dict[Evidence, tuple[Window, Shown]]

    @classmethod
    def of(cls, question: Question, evidence: Sequence[Evidence], reader: TrainedReader) -> "TrainedReading":
        """Read the first ``N_WINDOWS`` sentences."""
        items = evidence[:N_WINDOWS]
        texts = [shown(item) for item in items]
        windows = reader.read(question.standalone, [text.text for text in texts])
        return cls({item: (window, text) for item, window, text in zip(items, windows, texts, strict=True)})

    def of_sentence(self, item: Evidence) -> float:
        """The log-odds of the answer being in a sentence, in units of 5."""
        if item not in self.windows:
            return UNREAD
        window, text = self.windows[item]
        return max(UNREAD, window.score(text.start, len(text.text)) / _RANGE)

    def of_figure(self, item: Evidence, figure: Figure) -> float:
        """The log-odds of a figure being the answer, in units of 5."""
        if item not in self.windows:
            return UNREAD
        window, text = self.windows[item]
        return max(UNREAD, window.score(*text.place(figure)) / _RANGE)


@cache
def open_reader(weights_dir: Path, body: Any = None, tokenizer: Any = None) -> TrainedReader:
    """The fitted reader; pass a loaded embedder's ``body`` and ``tokenizer`` if the reader was fitted on it."""
    reader = TrainedReader(body, tokenizer) if body is not None else untrained(weights_dir)
    reader.network.load_state_dict(load_file(FILE), strict=False)
    reader.network.merge()
    reader.network.eval()
    return reader


def untrained(weights_dir: Path) -> TrainedReader:
    """The reader before fitting, on the default embedder, in bf16 if the processor has it."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(weights.embedder_folder(DEFAULT_EMBEDDER, weights_dir))
    return TrainedReader(
        model[0].auto_model.to(torch.bfloat16 if has_native_bf16() else torch.float32), model.tokenizer
    )
