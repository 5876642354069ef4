"""How well a judge does on held-apart test sides: sentiment on each data set, and what was labelled by reading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from classifier.judges.calibration import SIDES
from classifier.judges.language import HOME
from classifier.judges.reading import same_text_key
from classifier.training.data import SETS, DataSet, Example, read_annotated, read_own, read_set, read_side
from classifier.training.measure import Counts, Figures, area_under_curve, count, figures_of, total
from classifier.verdict import LIKELY, ContactReason, Judge, RiskFlag, Verdict

LARGEST = 1500  # texts of one set that are judged; the first ones in the order of their keys


@dataclass(frozen=True)
class Result:
    """The figures of one judge on one set."""

    name: str
    language: str
    figures: Figures
    two_sided: bool
    abstained: float
    said: tuple[tuple[float, bool], ...]  # per text of three sides: the label's probability, and whether it was right


@dataclass(frozen=True)
class Read:
    """The figures of one judge on test texts labelled by reading: of one kind, or all of a language."""

    name: str
    language: str
    sentiment: Figures
    reasons: Counts
    flags: dict[RiskFlag, Counts]
    arousal_auc: float


def tested(data: Path) -> list[tuple[str, DataSet, list[Example]]]:
    """Return name, set and test texts of the public sets that are measured."""
    found: list[tuple[str, DataSet, list[Example]]] = []
    for one in SETS:
        if one.kind == "none":
            continue
        if one.name != "own":
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
    probabilities = [max(verdict.negative, verdict.neutral, verdict.positive) for verdict in verdicts]
    return Result(
        name,
        one.language,
        figures_of([truth for truth, _ in pairs], [side for _, side in pairs]),
        two,
        sum(verdict.abstained for verdict in verdicts) / len(verdicts),
        () if two else tuple((p, truth == side) for p, (truth, side) in zip(probabilities, pairs, strict=True)),
    )


def read_texts(data: Path) -> list[tuple[str, str, list[Example]]]:
    """Return name, language and test texts of what was labelled by reading."""
    found = [(f"own ({language})", language, read_own(language, "test")) for language in HOME]
    found += [(one.name, one.language, read_annotated(data, one, "test")) for one in SETS]
    return [(name, language, examples) for name, language, examples in found if examples]


def evaluate_read(judge: Judge, data: Path) -> list[Read]:
    """Judge the test texts that were labelled by reading, each kind of them and each language as a whole."""
    kinds = read_texts(data)
    said = [judge.judge([example.text for example in examples]) for _, _, examples in kinds]
    rows = [
        read_of(name, language, examples, verdicts)
        for (name, language, examples), verdicts in zip(kinds, said, strict=True)
    ]
    for language in HOME:
        mine = [place for place, kind in enumerate(kinds) if kind[1] == language]
        examples = [example for place in mine for example in kinds[place][2]]
        rows.append(read_of(f"all ({language})", language, examples, [one for place in mine for one in said[place]]))
    return rows


def read_of(name: str, language: str, examples: Sequence[Example], verdicts: Sequence[Verdict]) -> Read:
    """Compare verdicts with what a reader said."""
    pairs = list(zip(examples, verdicts, strict=True))
    truths = [truth_of(example, False) or 0 for example in examples]
    reasons = [count([name in (e.reasons or ()) for e, _ in pairs], [_likely(v.reasons, name) for _, v in pairs])
               for name in ContactReason]  # fmt: skip
    flags = {name: count([name in (e.flags or ()) for e, _ in pairs], [_likely(v.flags, name) for _, v in pairs])
             for name in RiskFlag}  # fmt: skip
    return Read(
        name,
        language,
        figures_of(truths, [said(verdict, False) for verdict in verdicts]),
        total(reasons),
        flags,
        area_under_curve([bool(e.arousal) for e, _ in pairs], [v.arousal for _, v in pairs]),
    )


def _likely(said: Mapping[str, float], name: str) -> bool:
    return said.get(name, 0.0) >= LIKELY


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


def read_markdown(read: dict[str, list[Read]]) -> str:
    """Return two tables of what was labelled by reading: the texts, and each flag over all languages."""
    lines = [
        "",
        "| labelled by reading | judge | texts | side macro-F1 | reasons micro-F1 | flags micro-F1 | arousal AUC |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row.name} | {judge} | {row.sentiment.texts} | {row.sentiment.macro_f1:.3f} | {row.reasons.f1:.3f} "
        f"| {total(row.flags.values()).f1:.3f} | {row.arousal_auc:.3f} |"
        for judge, rows in read.items()
        for row in rows
    ]
    lines += [
        "",
        "| flag, all languages | judge | there | recall | false alarms | F1 |",
        "|---|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {name} | {judge} | {row.hits + row.misses} | {row.recall:.0%} | {row.alarms} | {row.f1:.3f} |"
        for judge, rows in read.items()
        for name, row in flags_of(rows).items()
    ]
    return "\n".join(lines)


def flags_of(read: Sequence[Read]) -> dict[str, Counts]:
    """Return the counts of each flag over all languages, of all flags, and of the two that must not be missed."""
    whole = [row for row in read if row.name.startswith("all")]
    counts = {str(name): total(row.flags[name] for row in whole) for name in RiskFlag}
    urgent = total(row.flags[name] for row in whole for name in (RiskFlag.SAFETY, RiskFlag.LEGAL))
    return {**counts, "all flags": total(counts.values()), "safety and legal": urgent}
