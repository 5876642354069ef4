"""Learns a shop's own heads from its corrections, and proves them before they are kept.

The network stays as it is. A correction of its heads is fitted on what people put right, together with the texts that
ship with the product, so that nothing is forgotten; of those it is to say what their labels and the judge say on
average, since the judge was trained on them and is surer there than elsewhere (Li and Hoiem 2016, "Learning without
Forgetting"). Each part of it (side, heat, reasons, risks) stands on its own, and is kept only when it helps texts it
has not seen (each correction is predicted from the others) and loses nothing on the shipped texts set aside for proof.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import chain

import numpy as np

from classifier.fitting import Known, Matrix, fit_correction, said_of
from classifier.judges.calibration import AROUSAL, FLAGS, REASONS, SIDES, Calibration, verdict_of
from classifier.judges.language import HOME, language_of
from classifier.judges.onnx import OnnxJudge
from classifier.judges.personal_data import holds_personal_data
from classifier.judges.reading import prepare, same_text_key
from classifier.judges.shop import NETWORK, ShopHeads
from classifier.lessons import Lesson
from classifier.training.annotations import Labels, read_own_texts
from classifier.verdict import LIKELY, ContactReason, RiskFlag, Verdict

LEAST = 20
"""Fewer corrections say more of chance than of the shop."""

MAY_LOSE = 0.01
"""How much each figure may fall on the shipped texts: one point."""

FOLDS = 5
_COUNTS = 2.0  # a correction counts as much as this many shipped texts
_AT_ONCE = 64


@dataclass(frozen=True)
class Figures:
    """How often a judge is right: the side, whether a text is heated, and F1 of reasons and of flags; 0..1."""

    label: float
    arousal: float
    reasons: float
    flags: float


PARTS: Mapping[str, slice] = {
    "label": slice(0, AROUSAL),
    "arousal": slice(AROUSAL, AROUSAL + 1),
    "reasons": REASONS,
    "flags": FLAGS,
}
"""The logits behind each figure; no figure depends on another's."""


class Proof(StrEnum):
    """What became of one part of what was learnt."""

    KEPT = "kept"
    NO_BETTER = "no_better"  # on corrections it has not seen
    LOSES = "loses"  # more than it may, on the shipped texts


@dataclass(frozen=True)
class Outcome:
    """What was learnt and is worth keeping, with how right the judge was before, and after if all of it were kept."""

    heads: ShopHeads
    replayed: int
    proving: int
    before: Figures
    after: Figures  # each correction predicted from the others
    shipped_before: Figures
    shipped_after: Figures

    @property
    def parts(self) -> dict[str, Proof]:
        """What became of each part, by the name of its figure."""
        return {name: _proof(*self._figures(name)) for name in PARTS}

    @property
    def worth_keeping(self) -> bool:
        return Proof.KEPT in self.parts.values()

    def _figures(self, name: str) -> tuple[float, float, float, float]:
        columns = (self.before, self.after, self.shipped_before, self.shipped_after)
        before, after, shipped_before, shipped_after = (getattr(figures, name) for figures in columns)
        return before, after, shipped_before, shipped_after


def _proof(before: float, after: float, shipped_before: float, shipped_after: float) -> Proof:
    if after <= before:
        return Proof.NO_BETTER
    return Proof.KEPT if shipped_before - shipped_after <= MAY_LOSE + 1e-9 else Proof.LOSES


@dataclass(frozen=True)
class _Heard:
    """A text as the judge hears it, before any shop's correction."""

    logits: Matrix
    embedding: Matrix
    language: str
    personal_data: bool
    labels: Labels


def retrain(
    judge: OnnxJudge, lessons: Sequence[Lesson], now: datetime, advance: Callable[[int], None] = lambda _: None
) -> Outcome:
    """Return what the lessons teach the judge, which must be the shipped one without a shop's heads.

    `advance` is told how many texts were read. Raises ValueError for fewer than `LEAST` lessons.
    """
    if len(lessons) < LEAST:
        raise ValueError(f"{len(lessons)} corrections are too few to learn from; {LEAST} are needed.")
    taught = {lesson.key for lesson in lessons}
    own = [one for one in chain.from_iterable(map(read_own_texts, HOME)) if same_text_key(one.text) not in taught]
    calibration = judge.manifest.calibration
    hear = _Hearing(judge, advance)
    corrected = hear((lesson.text, lesson.labels) for lesson in lessons)
    replayed = hear((one.text, one.labels) for one in own if one.part == "train")
    proving = hear((one.text, one.labels) for one in own if one.part == "test")

    replay = _known(replayed, 1.0)
    replay = replace(replay, truth=(replay.truth + said_of(replay, calibration)) / 2)
    weight, bias = fit_correction(_known(corrected, _COUNTS).with_more(replay), calibration)
    after = _each_from_the_others(lessons, corrected, replay, calibration)
    outcome = Outcome(
        heads=ShopHeads(
            weight=weight.astype(np.float32),
            bias=bias.astype(np.float32),
            made_for=judge.manifest.version,
            network=judge.manifest.files[NETWORK],
            made_at=now.isoformat(timespec="seconds"),
            corrections=len(lessons),
        ),
        replayed=len(replayed),
        proving=len(proving),
        before=_measure(corrected, calibration),
        after=_measure(after, calibration),
        shipped_before=_measure(proving, calibration),
        shipped_after=_measure(_corrected(proving, weight, bias), calibration),
    )
    return replace(outcome, heads=_proven(outcome))


def _proven(outcome: Outcome) -> ShopHeads:
    """The heads without the parts that did not prove well, and with the figures they were judged by."""
    weight, bias = outcome.heads.weight.copy(), outcome.heads.bias.copy()
    for name, proof in outcome.parts.items():
        if proof is not Proof.KEPT:
            weight[PARTS[name]], bias[PARTS[name]] = 0, 0
    columns = {name: asdict(getattr(outcome, name)) for name in ("before", "after", "shipped_before", "shipped_after")}
    figures = columns | {"parts": {name: str(proof) for name, proof in outcome.parts.items()}}
    return replace(outcome.heads, weight=weight, bias=bias, figures=figures)


class _Hearing:
    """Reads texts with the network, some at a time."""

    def __init__(self, judge: OnnxJudge, advance: Callable[[int], None]) -> None:
        self._judge = judge
        self._advance = advance

    def __call__(self, texts: Iterable[tuple[str, Labels]]) -> list[_Heard]:
        known = list(texts)
        return [one for start in range(0, len(known), _AT_ONCE) for one in self._some(known[start : start + _AT_ONCE])]

    def _some(self, known: Sequence[tuple[str, Labels]]) -> list[_Heard]:
        languages = [language_of(text) for text, _ in known]
        states = self._judge.hear([prepare(text)[0] for text, _ in known], languages)
        self._advance(len(known))
        return [
            _Heard(
                state.logits.astype(np.float64),
                state.embedding.astype(np.float64),
                language,
                holds_personal_data(text),
                labels,
            )
            for (text, labels), language, state in zip(known, languages, states, strict=True)
        ]


def _known(heard: Sequence[_Heard], counts: float) -> Known:
    return Known(
        np.array([one.logits for one in heard]),
        np.array([one.embedding for one in heard]),
        np.array([_truth(one.labels) for one in heard]),
        tuple(one.language for one in heard),
        np.full(len(heard), counts),
    )


def _truth(labels: Labels) -> list[float]:
    sides = [float(side is labels.sentiment) for side in SIDES]
    reasons = [float(reason in labels.reasons) for reason in ContactReason]
    return [*sides, float(labels.high_arousal), *reasons, *(float(flag in labels.flags) for flag in RiskFlag)]


def _each_from_the_others(
    lessons: Sequence[Lesson], corrected: Sequence[_Heard], replay: Known, calibration: Calibration
) -> list[_Heard]:
    """The corrected texts as a judge hears them that learnt from the other corrections alone."""
    fold_of = np.array([int(lesson.key[:8], 16) % FOLDS for lesson in lessons])  # the same on every machine
    known = _known(corrected, _COUNTS)
    heard = list(corrected)
    for fold in np.unique(fold_of):
        weight, bias = fit_correction(known.some(fold_of != fold).with_more(replay), calibration)
        for place in map(int, np.flatnonzero(fold_of == fold)):
            heard[place] = _corrected([corrected[place]], weight, bias)[0]
    return heard


def _corrected(heard: Sequence[_Heard], weight: Matrix, bias: Matrix) -> list[_Heard]:
    return [
        _Heard(one.logits + weight @ one.embedding + bias, one.embedding, one.language, one.personal_data, one.labels)
        for one in heard
    ]


def _measure(heard: Sequence[_Heard], calibration: Calibration) -> Figures:
    verdicts = [_verdict(one, calibration) for one in heard]
    pairs = [(verdict, one.labels) for verdict, one in zip(verdicts, heard, strict=True)]
    return Figures(
        label=_share(verdict.label is labels.sentiment for verdict, labels in pairs),
        arousal=_share((verdict.arousal >= LIKELY) is labels.high_arousal for verdict, labels in pairs),
        reasons=_f1((_likely(verdict.reasons), set(labels.reasons)) for verdict, labels in pairs),
        flags=_f1((_likely(verdict.flags), set(labels.flags)) for verdict, labels in pairs),
    )


def _verdict(one: _Heard, calibration: Calibration) -> Verdict:
    return verdict_of(
        one.logits.tolist(),
        one.language,
        calibration,
        readable=True,
        truncated=False,
        personal_data=one.personal_data,
    )


def _likely(said: Mapping[str, float]) -> set[str]:
    return {name for name, probability in said.items() if probability >= LIKELY}


def _share(right: Iterable[bool]) -> float:
    counted = list(right)
    return sum(counted) / len(counted) if counted else 1.0


def _f1(pairs: Iterable[tuple[set[str], set[str]]]) -> float:
    """The harmonic mean of how much of what was said is true and how much of what is true was said."""
    found = said = true = 0
    for likely, meant in pairs:
        found, said, true = found + len(likely & meant), said + len(likely), true + len(meant)
    return 2 * found / (said + true) if said + true else 1.0
