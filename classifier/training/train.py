"""Trains the judge: `python -m classifier.training.train --data FOLDER --out RUN --minutes 40`.

The run can be cut at any moment: start it again with the same arguments and it goes on from its last checkpoint.
The learning rate falls to zero over `--minutes` of training time (or over `--steps`, which repeats exactly).
"""

import argparse
import json
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch.nn import functional

from classifier.judges.manifest import FILE
from classifier.judges.tokens import cut_middle
from classifier.training.base import build_encoder, build_tokenizer, kept_pieces, read_blob
from classifier.training.data import Example, annotated_sets, read_annotated, read_side, sets_for
from classifier.training.model import HEADS, JudgeNet
from classifier.training.rounds import draw_round, pack
from classifier.verdict import ContactReason, RiskFlag

SMOOTHING = 0.05
WARM_UP_STEPS = 60
HEADS_TIMES = 20.0  # linear heads start from nothing and need a rate of their own
TRAINED_TOKENS = 96  # the judge reads further, which costs little there and gains a point on reviews
ABSENT = -1.0
HISTORY = "history.json"


@dataclass
class Progress:
    """Where a run stands: enough, with the seed, to go on as if it had not been cut."""

    step: int = 0
    round: int = 0
    batch: int = 0
    seconds: float = 0.0


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with one folder per data set")
    parser.add_argument("--out", type=Path, required=True, help="folder of this run: checkpoint and result")
    parser.add_argument("--start", type=Path, help="result of an earlier run to go on from; the base weights otherwise")
    parser.add_argument("--minutes", type=float, default=40.0, help="training time over which the rate falls to zero")
    parser.add_argument("--steps", type=int, help="train this many steps instead of --minutes")
    parser.add_argument("--rate", type=float, default=1e-4, help="highest learning rate")
    parser.add_argument("--batch-tokens", type=int, default=2048)
    parser.add_argument("--pieces", type=int, default=52_000, help="size of the vocabulary")
    parser.add_argument("--read-rate", type=float, help="draw the texts labelled by reading this often a round")
    parser.add_argument("--other-rate", type=float, default=1.0, help="draw all other texts this much of their rate")
    parser.add_argument(
        "--set-rate",
        action="append",
        default=[],
        type=set_rate,
        metavar="NAME=RATE",
        help="draw this set so often a round instead; may be given several times",
    )
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--open-licences-only", action="store_true")
    train(parser.parse_args())


def set_rate(said: str) -> tuple[str, float]:
    """Return name and rate of `NAME=RATE`; raises ValueError when that is not what it is."""
    name, rate = said.split("=")
    return name, float(rate)


def train(options: argparse.Namespace) -> None:
    """Train until the budget is spent; the finished network stands in `<out>/final`."""
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    rates = dict(options.set_rate)
    chosen = sets_for(options.open_licences_only)
    if unknown := sorted(rates.keys() - {one.name for one in chosen}):
        raise SystemExit(f"--set-rate names {', '.join(unknown)}: training may not draw from it. Name one of the sets.")
    sets = [(read_side(options.data, one, "train"), rates.get(one.name, one.rate)) for one in chosen]
    annotated = annotated_sets(options.open_licences_only)
    sets.append(([example for one in annotated for example in read_annotated(options.data, one, "train")], 2.5))
    read = [(examples, options.read_rate or rate) for examples, rate in (sets[0], sets[-1])]
    read[0] = (read[0][0], rates.get("own", read[0][1]))
    sets = [read[0], *((examples, rate * options.other_rate) for examples, rate in sets[1:-1]), read[1]]
    net, tokenizer = start_from(options, [example.text for examples, _ in sets for example in examples])
    optimisers = make_optimisers(net, options.rate)
    progress = resume(options.out, net, optimisers)
    print(f"texts={sum(len(e) for e, _ in sets)} pieces={tokenizer.get_vocab_size()} step={progress.step}", flush=True)
    run(options, sets, net, tokenizer, optimisers, progress)
    (options.out / "final").mkdir(exist_ok=True)
    net.save(options.out / "final")
    tokenizer.save(str(options.out / "final" / "tokenizer.json"))
    write_history(options, progress)
    print(f"done step={progress.step} minutes={progress.seconds / 60:.1f}", flush=True)


def write_history(options: argparse.Namespace, progress: Progress) -> None:
    """Write what the network has been through, stretch after stretch, into `final/history.json`."""
    before = read_history(options.start) if options.start else []
    stretch = {
        "steps": progress.step,
        "minutes": round(progress.seconds / 60, 1),
        "rate": options.rate,
        "read_rate": options.read_rate,
        "other_rate": options.other_rate,
        "set_rates": dict(options.set_rate),
        "seed": options.seed,
        "open_licences_only": options.open_licences_only,
    }
    (options.out / "final" / HISTORY).write_text(json.dumps([*before, stretch], indent=1) + "\n", encoding="utf-8")


def read_history(folder: Path) -> list[dict[str, Any]]:
    """Return the stretches of training behind a `final` folder, empty where nothing was written."""
    path = folder / HISTORY
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return found


def read_trained(weights: Path) -> list[dict[str, Any]]:
    """Return the stretches that a folder of shipped weights tells of, empty where it tells nothing."""
    found: list[dict[str, Any]] = json.loads((weights / FILE).read_text(encoding="utf-8")).get("trained", [])
    return found


def run(
    options: argparse.Namespace,
    sets: list[tuple[list[Example], float]],
    net: JudgeNet,
    tokenizer: Tokenizer,
    optimisers: list[torch.optim.Optimizer],
    progress: Progress,
) -> None:
    """Walk through rounds of batches until the budget is spent."""
    net.train()
    saved_at = progress.seconds
    seen_tokens, shown_loss, since = 0, 0.0, time.monotonic()
    while True:
        examples = draw_round(sets, options.seed, progress.round)
        ids = [
            cut_middle(encoding.ids, TRAINED_TOKENS)
            for encoding in tokenizer.encode_batch([one.text for one in examples])
        ]
        order = random.Random(f"{options.seed}:{progress.round}:batches")
        batches = pack([len(one) for one in ids], options.batch_tokens, order)
        while progress.batch < len(batches):
            done = progress.step / options.steps if options.steps else progress.seconds / 60 / options.minutes
            if done >= 1:
                return
            started = time.monotonic()
            chosen = batches[progress.batch]
            loss = take_step(net, optimisers, [ids[i] for i in chosen], [examples[i] for i in chosen],
                             options.rate * rate_share(progress.step, done))  # fmt: skip
            progress.step, progress.batch = progress.step + 1, progress.batch + 1
            progress.seconds += min(time.monotonic() - started, 60.0)
            seen_tokens += sum(len(ids[i]) for i in chosen)
            shown_loss = loss if not shown_loss else 0.98 * shown_loss + 0.02 * loss
            if progress.step % 25 == 0:
                speed = seen_tokens / (time.monotonic() - since)
                print(
                    f"step={progress.step} round={progress.round} batch={progress.batch}/{len(batches)} "
                    f"done={done:.3f} loss={shown_loss:.4f} tokens_per_s={speed:.0f} "
                    f"minutes={progress.seconds / 60:.1f}",
                    flush=True,
                )
                seen_tokens, since = 0, time.monotonic()
            if progress.seconds - saved_at > 180:
                save_checkpoint(options.out, net, optimisers, progress)
                saved_at = progress.seconds
        progress.round, progress.batch = progress.round + 1, 0


def take_step(
    net: JudgeNet, optimisers: list[torch.optim.Optimizer], ids: list[list[int]], examples: list[Example], rate: float
) -> float:
    """One forward and backward pass and one update; returns the loss."""
    input_ids, mask = pad(ids, net.encoder.config.pad_token_id)
    for optimiser in optimisers:
        for group in optimiser.param_groups:
            group["lr"] = rate * group["times"]
        optimiser.zero_grad(set_to_none=True)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = net(input_ids, mask)
    loss = loss_of(logits.float(), examples)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_([one for group in optimisers[0].param_groups for one in group["params"]], 1.0)
    for optimiser in optimisers:
        optimiser.step()
    return float(loss.detach())


def loss_of(logits: torch.Tensor, examples: list[Example]) -> torch.Tensor:
    """Return the mean loss over what is known of each text.

    Cross-entropy of sentiment with smoothed shares, half the cross-entropy of arousal, and the summed cross-entropies
    of the reasons and of the flags, a flag that is there counting double: it is rare, and missing it costs most.
    """
    weights = torch.tensor([one.weight for one in examples])
    sentiment, arousal, reasons, flags = torch.split(logits, list(HEADS.values()), dim=1)
    shares = torch.tensor([one.sentiment or (0.0, 0.0, 0.0) for one in examples])
    known = shares.sum(1)
    smooth = shares * (1 - SMOOTHING) + SMOOTHING / 3 * known.unsqueeze(1)
    loss = -(smooth * functional.log_softmax(sentiment, dim=-1)).sum(1) * known
    calm = torch.tensor([ABSENT if one.arousal is None else one.arousal for one in examples])
    loss = loss + 0.5 * _entropy(arousal, calm.unsqueeze(1)).sum(1)
    loss = loss + 0.5 * _entropy(reasons, _hot([one.reasons for one in examples], tuple(ContactReason))).sum(1)
    wanted = _hot([one.flags for one in examples], tuple(RiskFlag))
    loss = loss + 0.5 * (_entropy(flags, wanted) * (1 + (wanted == 1))).sum(1)
    return (loss * weights).sum() / len(examples)


def _entropy(logits: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of each yes-or-no answer, zero where the answer is not known."""
    entropy = functional.binary_cross_entropy_with_logits(logits, wanted.clamp(0, 1), reduction="none")
    return entropy * (wanted != ABSENT)


def _hot(said: list[frozenset[Any] | None], names: tuple[Any, ...]) -> torch.Tensor:
    rows = [[ABSENT] * len(names) if one is None else [float(name in one) for name in names] for one in said]
    return torch.tensor(rows)


def rate_share(step: int, done: float) -> float:
    """Warm-up by steps, then linear decay to zero by the share of the budget that is spent."""
    return min(1.0, (step + 1) / WARM_UP_STEPS) * max(0.0, 1.0 - done)


def pad(ids: list[list[int]], with_id: int | None) -> tuple[torch.Tensor, torch.Tensor]:
    """Return ids and mask as rectangles."""
    width = max(len(one) for one in ids)
    rows = torch.tensor([one + [with_id or 0] * (width - len(one)) for one in ids])
    mask = torch.tensor([[1] * len(one) + [0] * (width - len(one)) for one in ids])
    return rows, mask


def start_from(options: argparse.Namespace, texts: list[str]) -> tuple[JudgeNet, Tokenizer]:
    """Return the network and tokenizer of an earlier run, or new ones from the base weights.

    The vocabulary is settled once per run and kept in `<out>/pieces.json`, so that a cut run goes on with the same.
    """
    if options.start:
        net, tokenizer = JudgeNet.load(options.start), Tokenizer.from_file(str(options.start / "tokenizer.json"))
    else:
        blob, settled = read_blob(), options.out / "pieces.json"
        if not settled.exists():
            seen = {i for encoding in build_tokenizer(blob.pieces).encode_batch(texts) for i in encoding.ids}
            settled.write_text(json.dumps(kept_pieces(blob.pieces, seen, options.pieces)), encoding="utf-8")
        pieces, kept = blob.pieces.trimmed(json.loads(settled.read_text(encoding="utf-8")))
        net, tokenizer = JudgeNet(build_encoder(blob, kept)), build_tokenizer(pieces)
    net.encoder.embeddings.word_embeddings.sparse = True
    return net, tokenizer


def make_optimisers(net: JudgeNet, rate: float) -> list[torch.optim.Optimizer]:
    """AdamW for everything but the embedding, whose few touched rows go through SparseAdam; heads learn faster."""
    table = net.encoder.embeddings.word_embeddings.weight
    rest = [parameter for parameter in net.encoder.parameters() if parameter is not table]
    matrices = [parameter for parameter in rest if parameter.ndim > 1]
    vectors = [parameter for parameter in rest if parameter.ndim <= 1]
    groups = [
        {"params": matrices, "weight_decay": 0.01, "times": 1.0},
        {"params": vectors, "weight_decay": 0.0, "times": 1.0},
        {"params": list(net.heads.parameters()), "weight_decay": 0.01, "times": HEADS_TIMES},
    ]
    return [
        torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), fused=True),
        torch.optim.SparseAdam([{"params": [table], "times": 1.0}], lr=rate, betas=(0.9, 0.98)),
    ]


def save_checkpoint(out: Path, net: JudgeNet, optimisers: list[torch.optim.Optimizer], progress: Progress) -> None:
    """Write the checkpoint beside the old one, then swap: a cut while writing loses nothing."""
    state = {
        "net": net.state_dict(),
        "optimisers": [one.state_dict() for one in optimisers],
        "progress": vars(progress),
    }
    torch.save(state, out / "checkpoint.new")
    (out / "checkpoint.new").replace(out / "checkpoint.pt")


def resume(out: Path, net: JudgeNet, optimisers: list[torch.optim.Optimizer]) -> Progress:
    """Load the last checkpoint of the run, if there is one."""
    path = out / "checkpoint.pt"
    if not path.exists():
        return Progress()
    state = torch.load(path, weights_only=True)
    net.load_state_dict(state["net"])
    for optimiser, saved in zip(optimisers, state["optimisers"], strict=True):
        optimiser.load_state_dict(saved)
    return Progress(**state["progress"])


if __name__ == "__main__":
    main()
