"""Speed of the judge against the pipeline people would use: `python -m benchmarks.judge_speed [--texts 512]`.

The rival is `transformers.pipeline` in full precision with a classifier of the same shape (12 layers of 384) and the
same tokenizer, on the same texts, the same threads and in the same minute, best of three rounds each in turn; it only
sorts into three sides, where the judge also reads language, arousal, reasons, flags and personal data. Memory is that
of a fresh process that loads the judge and judges the texts.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from classifier.judges import load_judge
from classifier.judges.manifest import WEIGHTS
from classifier.judges.tokens import MAX_TOKENS
from classifier.training.annotations import read_own_texts

ROUNDS = 3
SINGLES = 300


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=512)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory-only", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    texts = sample(options.texts)
    judge = load_judge("onnx", threads=options.threads)
    if options.memory_only:
        judge.judge(texts)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    command = [sys.executable, "-m", "benchmarks.judge_speed", "--memory-only", "--texts", str(options.texts)]
    memory = float(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[-1])
    singles = sorted(timed(lambda text=text: judge.judge([text])) for text in (texts * 2)[:SINGLES])
    with tempfile.TemporaryDirectory() as folder:
        rival = pipeline(Path(folder), options.threads)
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(len(texts) / timed(lambda: judge.judge(texts)))
            theirs.append(len(texts) / timed(lambda: rival(texts)))
    found = {
        "texts": len(texts),
        "judge_texts_per_s": round(max(ours), 1),
        "pipeline_texts_per_s": round(max(theirs), 1),
        "ratio": round(max(ours) / max(theirs), 2),
        "single_p50_ms": round(1000 * statistics.median(singles), 1),
        "single_p99_ms": round(1000 * singles[int(0.99 * len(singles))], 1),
        "judging_process_mb": round(memory),
    }
    print(json.dumps(found, indent=1))


def sample(count: int) -> list[str]:
    """Return texts written for this repository, the three languages in turn."""
    columns = [[one.text for one in read_own_texts(language)] for language in ("fi", "sv", "en")]
    return [text for row in zip(*columns, strict=False) for text in row][:count]


def pipeline(folder: Path, threads: int) -> Callable[[Sequence[str]], object]:
    """Return the rival, with random weights: they cost as much as trained ones."""
    import torch
    import transformers
    from tokenizers import Tokenizer

    torch.set_num_threads(threads)
    tokenizer = Tokenizer.from_file(str(WEIGHTS / "tokenizer.json"))
    config = transformers.BertConfig(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=384, num_hidden_layers=12, num_attention_heads=12,
        intermediate_size=1536, max_position_embeddings=512, num_labels=3,
    )  # fmt: skip
    transformers.BertForSequenceClassification(config).save_pretrained(folder)
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", unk_token="<unk>", model_max_length=MAX_TOKENS
    )
    fast.save_pretrained(folder)
    classify = transformers.pipeline("text-classification", model=str(folder), device="cpu", torch_dtype=torch.float32)
    return lambda texts: classify(list(texts), batch_size=32, truncation=True)


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds the work took."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
