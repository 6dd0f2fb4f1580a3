"""Fits the trained reader's weights on public questions.

Takes two and a half hours on two cores; the same seed gives the same result.
"""

import math
import random
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor
from tqdm import tqdm

from assistant.reading.trained import FILE, TrainedReader, untrained
from eval.fit.reader_data import Lesson, lessons, without_answer

_SHARES = {
    "cloze": 0.27,
    "squad": 0.1,
    "squad_none": 0.12,
    "squad_vi_none": 0.04,
    "mlqa_en_vi": 0.06,
    "mlqa_vi_en": 0.06,
    "mlqa_en_en": 0.03,
    "tydi_ko": 0.14,
    "tydi_en": 0.06,
    "shifts": 0.05,
    "xor_tydi": 0.03,
    "nomiracl": 0.04,
}
"""Share of a batch that comes from each source."""
_TAKEN_AWAY = 0.2
"""Share of the answerable questions that are trained on with their answer taken away."""
_BATCH = 12
_STEPS = 1800
_WARM_UP = 100
_RATE = 1.5e-3
_SAVED_EVERY = 200
_POOL = 16
"""Number of batches sorted by length together, to keep padding small."""


def fit_reader(train: Path, ntrex: Path, weights_dir: Path, steps: int = _STEPS) -> Path:
    """Fit the weights and store them where the assistant loads them from."""
    torch.manual_seed(0)
    rng = random.Random(0)  # noqa: S311 - no secret
    reader = untrained(weights_dir)
    reader.network.eval()  # turns dropout off, which lets attention take its fast path
    own = reader.network.own_weights()
    optimiser = torch.optim.AdamW(own.values(), lr=_RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, steps))
    progress = tqdm(islice(_batches(lessons(train, ntrex, rng), rng), steps), total=steps, file=sys.stderr)
    mean = 0.0
    for step, batch in enumerate(progress, 1):
        loss = surprise(reader, batch)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(own.values(), 1.0)
        optimiser.step()
        schedule.step()
        mean += (loss.item() - mean) / min(step, 50)
        progress.set_postfix(loss=f"{mean:.3f}")
        if step % _SAVED_EVERY == 0 or step == steps:
            save_file({name: tensor.detach().to(torch.bfloat16) for name, tensor in own.items()}, FILE)
    return FILE


def _rate(step: int, steps: int) -> float:
    return min(1.0, (step + 1) / _WARM_UP) * (0.05 + 0.95 * (1 + math.cos(math.pi * step / steps)) / 2)


def _batches(sources: dict[str, list[Lesson]], rng: random.Random) -> Iterator[list[Lesson]]:
    names, shares = list(_SHARES), list(_SHARES.values())
    queues: dict[str, list[Lesson]] = {name: [] for name in names}
    while True:
        drawn = []
        for name in rng.choices(names, shares, k=_BATCH * _POOL):
            if not queues[name]:
                queues[name] = rng.sample(sources[name], len(sources[name]))
            lesson = queues[name].pop()
            taken = without_answer(lesson, rng) if lesson.end and rng.random() < _TAKEN_AWAY else None
            drawn.append(taken or lesson)
        drawn.sort(
            key=lambda lesson: (
                max(map(len, lesson.windows))
                * (2 if any("가" <= c <= "힣" for c in lesson.windows[0]) else 1)
            )
        )
        batches = [drawn[i : i + _BATCH] for i in range(0, len(drawn), _BATCH)]
        rng.shuffle(batches)
        yield from batches


def surprise(reader: TrainedReader, batch: Sequence[Lesson]) -> Tensor:
    """Mean negative log-likelihood, in nats, of the answers' first and last tokens or of there being no answer."""
    pairs = [(lesson.question, window) for lesson in batch for window in lesson.windows]
    encoded = reader.encode([question for question, _ in pairs], [window for _, window in pairs])
    scores = reader.network(encoded["input_ids"], encoded["attention_mask"])
    scores = scores.masked_fill(~encoded["window"][:, :, None], -torch.inf)
    offsets, at, losses = encoded["offset_mapping"], 0, []
    for lesson in batch:
        rows = slice(at, at + len(lesson.windows))
        at = rows.stop
        # The last row is "none", with a score of 0
        every = torch.cat([scores[rows].reshape(-1, 2), scores.new_zeros(1, 2)])
        first = offsets[rows.start]
        inside = encoded["window"][rows.start] & (first[:, 0] < lesson.end) & (first[:, 1] > lesson.start)
        where = inside.nonzero().flatten()
        ends = (where[0], where[-1]) if len(where) else (len(every) - 1, len(every) - 1)
        logs = every.log_softmax(0)
        losses.append(-(logs[ends[0], 0] + logs[ends[1], 1]) / 2)
    return torch.stack(losses).mean()
