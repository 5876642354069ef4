"""The shipped judge: int8 weights through ONNX Runtime, without torch, and letter patterns beside them.

Texts of as many tokens are read in one run, several runs side by side, each on one thread. Each token has its own scale
when it is brought to 8 bits (classifier/training/artefact.py), so no verdict hangs on what else was read.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from classifier.judges.calibration import UNREAD, verdict_of
from classifier.judges.language import language_of
from classifier.judges.likeness import FILE as LIKENESS
from classifier.judges.likeness import Likeness
from classifier.judges.manifest import WEIGHTS, Manifest, read_manifest
from classifier.judges.ngrams import Floats, Ngrams
from classifier.judges.personal_data import holds_personal_data
from classifier.judges.reading import has_something_to_read, prepare
from classifier.judges.runs import runs_of
from classifier.judges.shop import ShopHeads
from classifier.judges.tokens import cut_middle
from classifier.verdict import Verdict

logger = logging.getLogger(__name__)

Said = TypeVar("Said")


@dataclass(frozen=True)
class State:
    """What the network made of a text: logits, shape (20,), and embedding; `cut` when its middle was left out."""

    logits: Floats
    embedding: Floats
    cut: bool


class OnnxJudge:
    """Judges with the weights of a folder, the shipped ones unless another is named.

    `threads` runs are read side by side. `shop` is what a shop taught its judge, left aside (with a log line) unless
    it was made for these weights. Raises WeightsError when a file is missing or was changed.
    """

    def __init__(self, folder: Path | str | None = None, threads: int = 2, shop: ShopHeads | None = None) -> None:
        self.folder = Path(folder) if folder else WEIGHTS
        self.manifest: Manifest = read_manifest(self.folder)
        if shop is not None and not shop.fits(self.manifest):
            logger.warning("shop heads left aside made_for=%s weights=%s", shop.made_for, self.manifest.version)
            shop = None
        self.version = shop.version if shop else self.manifest.version
        self._shop = shop
        self.ngrams = Ngrams.load(self.folder)
        self._likeness = Likeness.load(self.folder) if LIKENESS in self.manifest.files else None
        self._tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = 1, 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(self.folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="judge")

    def judge(self, texts: Sequence[str]) -> list[Verdict]:
        """Return one verdict per text, in order."""
        drafts = [prepare(text) for text in texts]
        ids = [self._ids(prepared) if has_something_to_read(prepared) else [] for prepared, _ in drafts]

        def verdicts(places: list[int]) -> list[Verdict]:
            read = self._states([ids[place] for place in places]) if ids[places[0]] else [None] * len(places)
            return [
                self._verdict(texts[place], *drafts[place], state) for place, state in zip(places, read, strict=True)
            ]

        return self._side_by_side(ids, verdicts)

    def read(self, prepared: Sequence[str]) -> list[State]:
        """Return what the network, and the shop's heads, make of prepared texts, in order."""
        ids = [self._ids(one) for one in prepared]
        return self._side_by_side(ids, lambda places: self._states([ids[place] for place in places]))

    def hear(self, prepared: Sequence[str], languages: Sequence[str]) -> list[State]:
        """Return the same as `read`, with what the letter patterns say added to the logits."""
        return [self._heard(*one) for one in zip(prepared, languages, self.read(prepared), strict=True)]

    def _ids(self, prepared: str) -> list[int]:
        return list(self._tokenizer.encode(prepared).ids)

    def _side_by_side(self, ids: Sequence[list[int]], work: Callable[[list[int]], Sequence[Said]]) -> list[Said]:
        """Hand `work` the places of one run after another; return what it says of each place, in order."""
        runs = runs_of([min(len(one), self.manifest.max_tokens) for one in ids])
        found = zip(runs, self._pool.map(work, runs), strict=True)
        said = {place: one for places, ones in found for place, one in zip(places, ones, strict=True)}
        return [said[place] for place in range(len(ids))]

    def _states(self, whole: Sequence[list[int]]) -> list[State]:
        """Read texts that are of one length once their middle is cut."""
        most = self.manifest.max_tokens
        ids = np.array([cut_middle(one, most) for one in whole], np.int64)
        logits, embeddings = self._session.run(["logits", "sentence"], {"input_ids": ids})
        return [
            State(said + self._shop.added(embedding) if self._shop else said, embedding, len(one) > most)
            for one, said, embedding in zip(whole, logits, embeddings, strict=True)
        ]

    def _heard(self, prepared: str, language: str, state: State) -> State:
        weights = np.array(self.manifest.calibration.pattern_weights(language), np.float32)
        return replace(state, logits=state.logits + weights * self.ngrams.scores(prepared, language))

    def _verdict(self, text: str, prepared: str, dropped: bool, state: State | None) -> Verdict:
        language = language_of(text)
        logits: Sequence[float] = UNREAD
        embedding: bytes | None = None
        if state:
            state = self._heard(prepared, language, state)
            logits = state.logits.tolist()
            embedding = self._likeness.embed(state.embedding) if self._likeness else None
        verdict = verdict_of(
            logits,
            language,
            self.manifest.calibration,
            readable=state is not None,
            truncated=dropped or (state is not None and state.cut),
            personal_data=holds_personal_data(text),
        )
        return replace(verdict, embedding=embedding)
