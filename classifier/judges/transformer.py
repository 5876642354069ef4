"""The reference judge: a local Hugging Face folder through transformers and torch, in full precision.

Training measures the shipped weights against it, and people plug their own model in here: either a folder written
by `classifier.training` (an encoder with `heads.safetensors` beside it) or any sequence classification model whose
labels are named negative, neutral and positive. Nothing is ever downloaded.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import AutoModel, AutoModelForSequenceClassification

from classifier.judges.calibration import AROUSAL, SIDES, UNREAD, Calibration, verdict_of
from classifier.judges.language import language_of
from classifier.judges.manifest import WeightsError
from classifier.judges.ngrams import FILE, Ngrams
from classifier.judges.personal_data import holds_personal_data
from classifier.judges.reading import has_something_to_read, prepare
from classifier.judges.tokens import MAX_TOKENS, cut_middle
from classifier.verdict import Verdict

HEADS = ("sentiment", "arousal", "reasons", "flags")
CALM = -4.0  # arousal logit of a model that has no such head


class TransformerJudge:
    """Judges with the model of a local folder, one text at a time, uncalibrated unless told otherwise."""

    def __init__(self, folder: Path | str, threads: int = 2, calibration: Calibration | None = None) -> None:
        self.folder = Path(folder)
        if not (self.folder / "config.json").exists():
            raise WeightsError(f"{self.folder} holds no config.json: name the folder of a saved Hugging Face model.")
        torch.set_num_threads(threads)
        self.version = f"transformer-{self.folder.name}"
        self._calibration = calibration or Calibration()
        self._ngrams = Ngrams.load(self.folder) if (self.folder / FILE).exists() else None
        self._tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        own = (self.folder / "heads.safetensors").exists()
        self._run = _own_network(self.folder) if own else _any_classifier(self.folder)

    def judge(self, texts: Sequence[str]) -> list[Verdict]:
        """Return one verdict per text, in order."""
        return [self._one(text) for text in texts]

    def logits(self, prepared: str) -> tuple[list[float], bool]:
        """Return the raw logits of a prepared text, and whether it was cut to the model's length."""
        whole = self._tokenizer.encode(prepared).ids
        with torch.no_grad():
            logits = self._run(torch.tensor([cut_middle(whole)]))
        return [float(value) for value in logits], len(whole) > MAX_TOKENS

    def _one(self, text: str) -> Verdict:
        prepared, dropped = prepare(text)
        readable = has_something_to_read(prepared)
        logits, cut = self.logits(prepared) if readable else (list(UNREAD), False)
        language = language_of(text)
        if readable and self._ngrams:
            scores = self._calibration.patterns_of(language) * self._ngrams.scores(prepared, language)
            logits[:AROUSAL] = [one + float(score) for one, score in zip(logits, scores, strict=False)]
        return verdict_of(
            logits,
            language,
            self._calibration,
            readable=readable,
            truncated=dropped or cut,
            personal_data=holds_personal_data(text),
        )


def _own_network(folder: Path) -> Callable[[torch.Tensor], torch.Tensor]:
    """Mean pooling and the linear heads, as in `classifier.training.model`."""
    encoder = AutoModel.from_pretrained(folder, add_pooling_layer=False, local_files_only=True).eval()
    heads = load_file(folder / "heads.safetensors")
    names = [name for name in HEADS if f"{name}.weight" in heads]

    def run(ids: torch.Tensor) -> torch.Tensor:
        pooled = encoder(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state.mean(1)[0]
        return torch.cat([heads[f"{n}.weight"] @ pooled + heads[f"{n}.bias"] for n in names])

    return run


def _any_classifier(folder: Path) -> Callable[[torch.Tensor], torch.Tensor]:
    """A classifier of somebody else's; its labels decide which logit is which side."""
    model = AutoModelForSequenceClassification.from_pretrained(folder, local_files_only=True).eval()
    names = {str(name).lower(): int(place) for place, name in model.config.id2label.items()}
    missing = [side.value for side in SIDES if side.value not in names]
    if missing:
        raise WeightsError(
            f"{folder}/config.json has no label called {missing[0]}: id2label must name negative, neutral, positive."
        )

    def run(ids: torch.Tensor) -> torch.Tensor:
        logits = model(input_ids=ids, attention_mask=torch.ones_like(ids)).logits[0]
        return torch.cat([logits[[names[side.value] for side in SIDES]], torch.tensor([CALM])])

    return run
