"""The shipped judge: int8 weights through ONNX Runtime, without torch, and letter patterns beside them.

Dynamic quantisation takes its scale from everything in a run, so texts that share a run would change each other's
verdicts. Each text therefore runs alone on one thread, several texts side by side: nothing is padded, and on two
cores that is no slower than padded batches.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

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
from classifier.judges.shop import ShopHeads
from classifier.judges.tokens import cut_middle
from classifier.verdict import Verdict

logger = logging.getLogger(__name__)


class OnnxJudge:
    """Judges with the weights of a folder, the shipped ones unless another is named.

    `threads` texts are judged side by side. `shop` is what a shop taught its judge, left aside (with a log line) unless
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
        return list(self._pool.map(self._one, texts))

    def read(self, prepared: str) -> tuple[Floats, Floats, bool]:
        """Return a prepared text's logits, shape (20,), its embedding, and whether its middle was left out."""
        whole = self._tokenizer.encode(prepared).ids
        ids = np.array([cut_middle(whole, self.manifest.max_tokens)], np.int64)
        logits, embedding = self._session.run(["logits", "sentence"], {"input_ids": ids})
        said = logits[0] + (self._shop.added(embedding[0]) if self._shop else 0)
        return said, embedding[0], len(whole) > self.manifest.max_tokens

    def hear(self, prepared: str, language: str) -> tuple[Floats, Floats, bool]:
        """Return the same as `read`, with what the letter patterns say added to the logits."""
        said, embedding, cut = self.read(prepared)
        weights = np.array(self.manifest.calibration.pattern_weights(language), np.float32)
        heard: Floats = said + weights * self.ngrams.scores(prepared, language)
        return heard, embedding, cut

    def _one(self, text: str) -> Verdict:
        prepared, dropped = prepare(text)
        language, readable, cut = language_of(text), has_something_to_read(prepared), False
        logits: Sequence[float] = UNREAD
        embedding: bytes | None = None
        if readable:
            heard, state, cut = self.hear(prepared, language)
            logits = heard.tolist()
            embedding = self._likeness.embed(state) if self._likeness else None
        verdict = verdict_of(
            logits,
            language,
            self.manifest.calibration,
            readable=readable,
            truncated=dropped or cut,
            personal_data=holds_personal_data(text),
        )
        return replace(verdict, embedding=embedding)
