"""How well a judge does on the held-apart test side of each data set."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from classifier.judges.calibration import SIDES
from classifier.judges.reading import same_text_key
from classifier.training.data import SETS, DataSet, Example, read_own, read_set, read_side
from classifier.training.measure import Figures, area_under_curve, figures_of
from classifier.verdict import Judge, Verdict

LARGEST = 1500  # texts of one set that are judged; the first ones in the order of their keys


@dataclass(frozen=True)
class Result:
    """The figures of one judge on one set."""

    name: str
    language: str
    figures: Figures
    two_sided: bool
    abstained: float
    arousal_auc: float | None
    arousal_f1: float | None


def tested(data: Path) -> list[tuple[str, DataSet, list[Example]]]:
    """Return name, set and test texts of everything that is measured; own texts once per language."""
    found: list[tuple[str, DataSet, list[Example]]] = []
    for one in SETS:
        if one.kind == "none":
            continue
        if one.name == "own":
            found += [(f"own ({language})", one, read_own(language, "test")) for language in ("fi", "sv", "en")]
        else:
            whole = list(read_set(data, one)) if one.noncommercial else read_side(data, one, "test")
            found.append((one.name, one, sample(whole, one.kind == "two")))
    return found


def sample(examples: Sequence[Example], two_sided: bool) -> list[Example]:
    """Return the texts with a side, at most LARGEST, chosen by their keys and so the same for every judge."""
    known = [example for example in examples if truth_of(example, two_sided) is not None]
    return sorted(known, key=lambda example: same_text_key(example.text))[:LARGEST]


def evaluate(judge: Judge, data: Path) -> list[Result]:
    """Judge the test side of every set."""
    return [
        result_of(name, one, examples, judge.judge([example.text for example in examples]))
        for name, one, examples in tested(data)
    ]


def result_of(name: str, one: DataSet, examples: Sequence[Example], verdicts: Sequence[Verdict]) -> Result:
    """Compare verdicts with labels. On a two-sided set the likelier of negative and positive counts."""
    two = one.kind == "two"
    pairs = [
        (truth, said(verdict, two))
        for example, verdict in zip(examples, verdicts, strict=True)
        if (truth := truth_of(example, two)) is not None
    ]
    known = [(e.arousal, v.arousal) for e, v in zip(examples, verdicts, strict=True) if e.arousal is not None]
    hand_labelled = one.name == "own"
    high = [truth >= 0.5 for truth, _ in known]
    figures = figures_of([int(truth) for truth in high], [int(score >= 0.5) for _, score in known]) if known else None
    return Result(
        name,
        name[-3:-1] if hand_labelled else one.language,
        figures_of([truth for truth, _ in pairs], [side for _, side in pairs]),
        two,
        sum(verdict.abstained for verdict in verdicts) / len(verdicts),
        area_under_curve(high, [score for _, score in known]) if hand_labelled else None,
        figures.macro_f1 if figures and hand_labelled else None,
    )


def truth_of(example: Example, two_sided: bool) -> int | None:
    """Return the true side, None where there is none."""
    if example.sentiment is None:
        return None
    side = example.sentiment.index(max(example.sentiment))
    return None if two_sided and side == 1 else side


def said(verdict: Verdict, two_sided: bool) -> int:
    """Return the side a verdict says."""
    if two_sided:
        return 2 if verdict.positive > verdict.negative else 0
    return SIDES.index(verdict.label)


def markdown(results: dict[str, list[Result]]) -> str:
    """Return one table: a line per set, a pair of columns (macro-F1 or accuracy, macro-recall) per judge."""
    judges = list(results)
    lines = [
        "| set | language | texts | " + " | ".join(f"{one}: macro-F1 / recall / acc" for one in judges) + " |",
        "|---|---|---:|" + "---|" * len(judges),
    ]
    for place, first in enumerate(results[judges[0]]):
        cells = []
        for one in judges:
            got = results[one][place].figures
            cells.append(f"{got.macro_f1:.3f} / {got.macro_recall:.3f} / {got.accuracy:.3f}")
        lines.append(f"| {first.name} | {first.language} | {first.figures.texts} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
