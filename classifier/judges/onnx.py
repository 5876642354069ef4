"""The shipped judge: int8 weights through ONNX Runtime, without torch.

Dynamic quantisation takes its scale from everything in a run, so texts that share a run would change each other's
verdicts. Each text therefore runs alone on one thread, several texts side by side: nothing is padded, and on two
cores that is no slower than padded batches.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from classifier.judges.calibration import UNREAD, verdict_of
from classifier.judges.language import language_of
from classifier.judges.manifest import WEIGHTS, Manifest, read_manifest
from classifier.judges.reading import has_something_to_read, prepare
from classifier.judges.tokens import cut_middle
from classifier.verdict import Verdict

LOGITS = 4  # negative, neutral, positive, arousal


class OnnxJudge:
    """Judges with the weights of a folder, the shipped ones unless another is named.

    `threads` texts are judged side by side. Raises WeightsError when a file is missing or was changed.
    """

    def __init__(self, folder: Path | str | None = None, threads: int = 2) -> None:
        self.folder = Path(folder) if folder else WEIGHTS
        self.manifest: Manifest = read_manifest(self.folder)
        self.version = self.manifest.version
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
        prepared = [prepare(text) for text in texts]
        readable = [has_something_to_read(text) for text, _ in prepared]
        chosen = [i for i, one in enumerate(readable) if one]
        logits, cut = self.logits([prepared[i][0] for i in chosen])
        rows = {i: [float(value) for value in row] for i, row in zip(chosen, logits, strict=True)}
        long = dict(zip(chosen, cut, strict=True))
        return [
            verdict_of(
                rows.get(i, UNREAD),
                language_of(text),
                self.manifest.calibration,
                readable=readable[i],
                truncated=dropped or long.get(i, False),
            )
            for i, (text, dropped) in enumerate(prepared)
        ]

    def logits(self, prepared: Sequence[str]) -> tuple[NDArray[np.float32], list[bool]]:
        """Return the raw logits of prepared texts, and which of them were cut to the model's length."""
        whole = [encoding.ids for encoding in self._tokenizer.encode_batch(list(prepared))]
        ids = [cut_middle(one, self.manifest.max_tokens) for one in whole]
        logits = np.array(list(self._pool.map(self._run, ids)), np.float32).reshape(len(ids), LOGITS)
        return logits, [len(one) > self.manifest.max_tokens for one in whole]

    def _run(self, ids: list[int]) -> NDArray[np.float32]:
        row: NDArray[np.float32] = self._session.run(["logits"], {"input_ids": np.array([ids], np.int64)})[0][0]
        return row
