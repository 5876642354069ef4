"""Which words carried a verdict: each is left out in turn, and the text is judged again without it.

Leave-one-out, or erasure (Li, Monroe and Jurafsky 2016, "Understanding Neural Networks through Representation
Erasure", arXiv 1612.08220). It asks the judge alone, so it works with any. A negation goes together with what it
negates. In a long text the windows that carry are looked for first, so that no text costs more than about sixty
judgements.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from classifier.judges.reading import prepare
from classifier.verdict import ContactReason, Judge, RiskFlag, Verdict

CARRIES = 0.01
"""A word carries when the probability falls at least this much without it,"""

BESIDE = 0.1
"""and at least this share of what it falls without the weightiest word."""

WORD_BY_WORD = 40
"""Up to so many words a text is tried word by word."""

WINDOWS, KEPT_WINDOWS = 20, 3
"""A longer one is tried in at most so many windows, and then only in the weightiest of them."""

_UNIT = re.compile(
    r"(?P<skipped>@user|http\b)"
    r"|(?P<face>[:;=8xX]['\-]?[)(DPpOo/\\|\]\[*3<>](?!\w)|<3|\^\^)"
    r"|(?P<emoji>[\U0001F1E6-\U0001FAFF\u2600-\u27BF\u2B50\u2B55]"
    r"(?:[\ufe0f\U0001F3FB-\U0001F3FF]|\u200d[\U0001F1E6-\U0001FAFF\u2600-\u27BF])*)"
    r"|(?P<word>[^\W_]+(?:['’\-][^\W_]+)*)"
)
_NEGATION = re.compile(
    r"ei|en|et|emme|ette|eivät|eikä|enkä|etkä|älä|älkää|ilman|inte|ej|aldrig|ingen|inget|inga|utan|icke|knappast"
    r"|not|no|never|without|cannot|hardly|\w+n['’]t",
    re.IGNORECASE,
)
_CARRIED_ALONG = re.compile(
    r"ole|oo|ollut|olleet|be|been|blivit", re.IGNORECASE
)  # between negation and what it negates
_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)")


@dataclass(frozen=True)
class Carrying:
    """Words as they stand in the text, and how much the probability falls without them."""

    words: str
    fall: float


@dataclass(frozen=True)
class _Unit:
    """A stretch of the text that is left out as one."""

    start: int
    end: int


def words_behind(
    judge: Judge,
    text: str,
    verdict: Verdict,
    limit: int = 3,
    *,
    for_reason: ContactReason | None = None,
    for_flag: RiskFlag | None = None,
) -> list[Carrying]:
    """Return the words that carried the verdict's label, or a reason or flag of it, in the order of the text.

    At most `limit`, the weightiest; none where no single word carries. The text is taken as judges read it, with
    handles and links masked. `verdict` must be the same judge's on the same text.
    """
    prepared, _ = prepare(text)
    probability = _asked(verdict, for_reason, for_flag)
    whole = probability(verdict)

    def falls(left_out: Sequence[_Unit]) -> list[float]:
        without = [_without(prepared, unit) for unit in left_out]
        return [whole - probability(one) for one in judge.judge(without)] if without else []

    units = _units(prepared)
    while len(units) > WORD_BY_WORD:
        windows = _windows(prepared, units)
        units = _in_the_weightiest(windows, falls([_Unit(one[0].start, one[-1].end) for one in windows]))
    found = list(zip(units, falls(units), strict=True))
    least = max(CARRIES, BESIDE * max((fall for _, fall in found), default=0.0))
    carrying = sorted((pair for pair in found if pair[1] >= least), key=lambda pair: (-pair[1], pair[0].start))
    kept = sorted(carrying[:limit], key=lambda pair: pair[0].start)
    return [Carrying(prepared[unit.start : unit.end], fall) for unit, fall in kept]


def _asked(verdict: Verdict, reason: ContactReason | None, flag: RiskFlag | None) -> Callable[[Verdict], float]:
    """What is asked of each judgement: the probability of the reason, the flag, or the verdict's own label."""
    if reason is not None:
        return lambda one: one.reasons.get(reason, 0.0)
    if flag is not None:
        return lambda one: one.flags.get(flag, 0.0)
    label = str(verdict.label)
    return lambda one: {"negative": one.negative, "neutral": one.neutral, "positive": one.positive}[label]


def _without(text: str, unit: _Unit) -> str:
    before, after = text[: unit.start].rstrip(), text[unit.end :].lstrip()
    joint = "" if not before or not after or after[0] in ",.;:!?…" else " "
    return before + joint + after


def _units(text: str) -> list[_Unit]:
    """Words, emoji and typed faces; a negation is one with the word after it, and with a plain "be" between them."""
    units: list[_Unit] = []
    joins = False
    for match in _UNIT.finditer(text):
        if match["skipped"]:
            joins = False
            continue
        word = match["word"] or ""
        adjacent = joins and bool(word) and text[units[-1].end : match.start()].isspace()
        if adjacent:
            units[-1] = _Unit(units[-1].start, match.end())
        else:
            units.append(_Unit(match.start(), match.end()))
        joins = bool(_NEGATION.fullmatch(word)) or (adjacent and bool(_CARRIED_ALONG.fullmatch(word)))
    return units


def _windows(text: str, units: Sequence[_Unit]) -> list[list[_Unit]]:
    """At most `WINDOWS` stretches that end with a sentence where one ends in time."""
    least = -(-len(units) // WINDOWS)
    windows: list[list[_Unit]] = [[]]
    for unit in units:
        window = windows[-1]
        if len(window) >= least:
            ended = _SENTENCE_END.search(text[window[-1].end : unit.start]) is not None
            if ended or len(window) == least + least // 2:
                windows.append([])
        windows[-1].append(unit)
    return windows


def _in_the_weightiest(windows: Sequence[list[_Unit]], falls: Sequence[float]) -> list[_Unit]:
    """The units of the windows that carry most, in the order of the text."""
    order = sorted(range(len(windows)), key=lambda place: (-falls[place], place))
    kept = [windows[place] for place in sorted(order[:KEPT_WINDOWS]) if falls[place] > 0]
    return [unit for window in kept for unit in window]
