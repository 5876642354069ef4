"""The reference judge: a local Hugging Face folder through transformers and torch, in full precision.

Training measures the shipped weights against it, and people plug their own model in here: either a folder written
by `classifier.training` (an encoder with `heads.safetensors` beside it) or any sequence classification model, whose
labels are named negative, neutral and positive or mapped to them. Nothing is ever downloaded, and no code of a model's
folder is run.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import AutoModel, AutoModelForSequenceClassification, AutoTokenizer
from transformers.utils import logging as transformers_logging

from classifier.judges.calibration import SIDES, UNREAD, Calibration, verdict_of
from classifier.judges.language import language_of
from classifier.judges.manifest import WeightsError
from classifier.judges.ngrams import FILE, Ngrams
from classifier.judges.personal_data import holds_personal_data
from classifier.judges.reading import has_something_to_read, prepare
from classifier.judges.sides import sides_of
from classifier.judges.tokens import MAX_TOKENS, cut_middle
from classifier.verdict import Label, Verdict

HEADS = ("sentiment", "arousal", "reasons", "flags")
CALM = -4.0  # arousal logit of a model that has no such head
SAVE_A_TOKENIZER = "Save the tokenizer that the model was trained with beside it, with tokenizer.save_pretrained."
ANY_LENGTH = 1_000_000  # of a model that names no longest text
Run = Callable[[torch.Tensor], torch.Tensor]
Encode = Callable[[str], tuple[list[int], list[int]]]  # ids, and 1 where an id is a special token


@dataclass(frozen=True)
class Network:
    """What stands in a folder: from token ids to logits, and how many ids it reads at most, special ones counted."""

    run: Run
    max_tokens: int
    pieces: int | None = None  # how many token ids it knows, where that must be compared


class TransformerJudge:
    """Judges with the model of a local folder, one text at a time, uncalibrated unless told otherwise.

    `labels` says which side each label of somebody else's model stands for. Raises WeightsError when the folder is
    incomplete, or when a label is left over.
    """

    def __init__(
        self,
        folder: Path | str,
        threads: int = 2,
        calibration: Calibration | None = None,
        labels: Mapping[str, Label] | None = None,
    ) -> None:
        self.folder = Path(folder)
        if not (self.folder / "config.json").exists():
            raise WeightsError(f"{self.folder} holds no config.json: name the folder of a saved Hugging Face model.")
        torch.set_num_threads(threads)
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        self.version = f"transformer-{self.folder.resolve().name}"
        self._calibration = calibration or Calibration()
        self._ngrams = Ngrams.load(self.folder) if (self.folder / FILE).exists() else None
        own = (self.folder / "heads.safetensors").exists()
        network = _own_network(self.folder) if own else _any_classifier(self.folder, labels)
        self._run = network.run
        self._encode, longest = _tokenizer(self.folder, network.pieces)
        self._max_tokens = min(network.max_tokens, longest)

    def judge(self, texts: Sequence[str]) -> list[Verdict]:
        """Return one verdict per text, in order."""
        return [self._one(text) for text in texts]

    def logits(self, prepared: str) -> tuple[list[float], bool]:
        """Return the raw logits of a prepared text, and whether it was cut to the model's length."""
        ids, special = self._encode(prepared)
        kept = _cut_body(ids, special, self._max_tokens)
        with torch.no_grad():
            logits = self._run(torch.tensor([kept]))
        return [float(value) for value in logits], len(kept) < len(ids)

    def _one(self, text: str) -> Verdict:
        prepared, dropped = prepare(text)
        readable = has_something_to_read(prepared)
        logits, cut = self.logits(prepared) if readable else (list(UNREAD), False)
        language = language_of(text)
        if readable and self._ngrams:
            weights = self._calibration.pattern_weights(language)
            scores = self._ngrams.scores(prepared, language)
            logits = [one + w * float(score) for one, w, score in zip(logits, weights, scores, strict=False)]
        return verdict_of(
            logits,
            language,
            self._calibration,
            readable=readable,
            truncated=dropped or cut,
            personal_data=holds_personal_data(text),
        )


def _cut_body(ids: list[int], special: list[int], limit: int) -> list[int]:
    """Start and end of the text between the special tokens that open and close it."""
    if len(ids) <= limit:
        return ids
    opening = next((place for place, mark in enumerate(special) if not mark), 0)
    closing = next((place for place, mark in enumerate(reversed(special)) if not mark), 0)
    body = ids[opening : len(ids) - closing]
    return ids[:opening] + cut_middle(body, limit - opening - closing) + ids[len(ids) - closing :]


def _own_network(folder: Path) -> Network:
    """Mean pooling and the linear heads, as in `classifier.training.model`."""
    encoder = AutoModel.from_pretrained(folder, add_pooling_layer=False, local_files_only=True).eval()
    heads = load_file(folder / "heads.safetensors")
    names = [name for name in HEADS if f"{name}.weight" in heads]

    def run(ids: torch.Tensor) -> torch.Tensor:
        pooled = encoder(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state.mean(1)[0]
        return torch.cat([heads[f"{n}.weight"] @ pooled + heads[f"{n}.bias"] for n in names])

    return Network(run, MAX_TOKENS)


def _any_classifier(folder: Path, labels: Mapping[str, Label] | None) -> Network:
    """A classifier of somebody else's; its labels decide which logits are which side."""
    model = _loaded(folder)
    names = [str(name) for _, name in sorted(model.config.id2label.items())]
    try:
        sides = sides_of(names, labels)
    except WeightsError as error:
        raise WeightsError(f"{folder}: {error}") from None

    def run(ids: torch.Tensor) -> torch.Tensor:
        logits = model(input_ids=ids, attention_mask=torch.ones_like(ids)).logits[0]
        # The probability of a side is the sum of its labels'; of a side without labels it is nought.
        said = [torch.logsumexp(logits[sides[side]], 0) for side in SIDES]
        return torch.stack([*said, torch.tensor(CALM)])

    return Network(run, _positions(model), model.get_input_embeddings().num_embeddings)


def _loaded(folder: Path) -> Any:
    try:
        model, found = AutoModelForSequenceClassification.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False, dtype=torch.float32, output_loading_info=True
        )
    except Exception as error:  # each kind of model fails in its own way; the admin needs the same advice
        raise WeightsError(
            f"{folder} cannot be loaded as a sequence classification model ({_first_line(error)}): save it anew with "
            "save_pretrained, or name another folder."
        ) from error
    if found["missing_keys"]:
        raise WeightsError(
            f"{folder} holds no trained classifier ({min(found['missing_keys'])} is missing): name the folder of a "
            "model that was fine-tuned for sentiment."
        )
    return model.eval()


def _positions(model: Any) -> int:
    """How many tokens the model has places for; RoBERTa and its kin leave the first places unused."""
    places = getattr(model.config, "max_position_embeddings", None) or ANY_LENGTH
    unused = [
        module.padding_idx + 1
        for name, module in model.named_modules()
        if name.endswith("position_embeddings") and getattr(module, "padding_idx", None) is not None
    ]
    return int(places) - max(unused, default=0)


def _tokenizer(folder: Path, pieces: int | None) -> tuple[Encode, int]:
    """The folder's way from a text to ids, and how many it says it gives at most."""
    try:
        encode, known, longest = _fast(folder) if (folder / "tokenizer.json").exists() else _slow(folder)
    except Exception as error:  # each family of tokenizers fails in its own way
        raise WeightsError(
            f"{folder}: its tokenizer cannot be read ({_first_line(error)}). {SAVE_A_TOKENIZER}"
        ) from error
    if known < 1:  # transformers makes an empty one where no vocabulary is
        raise WeightsError(f"{folder} holds no tokenizer. {SAVE_A_TOKENIZER}")
    if pieces is not None and known > pieces:
        raise WeightsError(
            f"{folder}: the tokenizer knows {known} pieces and the model {pieces}, so they do not belong together. "
            f"{SAVE_A_TOKENIZER}"
        )
    return encode, longest


def _fast(folder: Path) -> tuple[Encode, int, int]:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    told = folder / "tokenizer_config.json"
    longest = json.loads(told.read_text(encoding="utf-8")).get("model_max_length") if told.exists() else None

    def encode(text: str) -> tuple[list[int], list[int]]:
        encoding = tokenizer.encode(text)
        return encoding.ids, encoding.special_tokens_mask

    return encode, tokenizer.get_vocab_size(), int(longest or ANY_LENGTH)


def _slow(folder: Path) -> tuple[Encode, int, int]:
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)

    def encode(text: str) -> tuple[list[int], list[int]]:
        encoding = tokenizer(text, return_special_tokens_mask=True, truncation=False, verbose=False)
        return list(encoding["input_ids"]), list(encoding["special_tokens_mask"])

    empty = len(tokenizer) <= len(set(tokenizer.all_special_ids))
    return encode, 0 if empty else len(tokenizer), int(tokenizer.model_max_length)


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__
