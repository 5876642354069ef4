"""The floor: sentiment from AFINN word lists, without any model.

Nielsen 2011, "A new ANEW": the scores of known words are added up. On top stand a crude stem for inflected
words, negation over the next three words, and capitals and repeated marks as arousal. Every better judge must
beat it clearly; it also serves tests and the demo where loading a model would be too much.
"""

import math
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from classifier.judges.language import HOME, UNKNOWN, language_of
from classifier.judges.reading import has_something_to_read, prepare
from classifier.verdict import Abstention, Label, Verdict

LEXICONS = Path(__file__).parents[1] / "lexicons"
NEGATION_REACH = 3
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|[.!?;:]")
_FACE = re.compile(r"[^\s\w]{1,2}[)(DPpOo/\\|\]\[*3<>}{-]{1,3}|<3|\S*[\U0001F300-\U0001FAFF\u2600-\u27BF]\S*")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")  # "eiiii" is the word "ei"
_SARCASM = re.compile(r"\s/s\s*$")  # the mark that turns praise into blame
_NEGATIONS = {
    "fi": frozenset(["ei", "en", "et", "emme", "ette", "eivät", "eikä", "älä", "ilman", "enkä", "etkä"]),
    "sv": frozenset(["inte", "ej", "aldrig", "ingen", "inget", "inga", "utan", "icke", "knappast"]),
    "en": frozenset(["not", "no", "never", "none", "without", "cannot", "hardly"]),
}
_FI_ENDINGS = re.compile(
    r"(?:kaan|kään|kin|ni|si|nsa|nsä|mme|nne|ssa|ssä|sta|stä|lla|llä|lta|ltä|lle|ksi|tta|ttä|tte|vat|vät|mme|"
    r"isi|ia|iä|ja|jä|ta|tä|aa|ää|na|nä|in|en|an|än|on|un|yn|ön|a|ä|n|t|i|e|o|ö|u|y)$"
)
_SV_EN_ENDINGS = re.compile(r"(?:arna|erna|orna|ande|ade|ar|er|or|en|et|na|de|ed|ing|es|s|t|a|e)$")
_EMOJI: dict[str, int] = {
    **dict.fromkeys("😍🥰❤♥💕💖💜💙💚🧡💛😊😀😃😄😁🤩👍🙏🎉👏💪🥳😘🌸✨💯", 3),
    **dict.fromkeys("😡😠🤬👎😤💩🤮🖕", -4),
    **dict.fromkeys("😢😭😞😔😕🙄😒☹😩😫🤦🙃", -2),
}


class LexiconJudge:
    """Judges by adding up the scores of known words; abstains outside Finnish, Swedish and English."""

    version = "lexicon-afinn-165"

    def judge(self, texts: Sequence[str]) -> list[Verdict]:
        """Return one verdict per text, in order."""
        return [self._one(text) for text in texts]

    def _one(self, text: str) -> Verdict:
        prepared, truncated = prepare(text)
        language = language_of(text)
        score = score_of(prepared, language)
        label = Label.POSITIVE if score > 0 else Label.NEGATIVE if score < 0 else Label.NEUTRAL
        sure = 0.45 + 0.45 * math.tanh(abs(score) / 4)
        shares = dict.fromkeys(Label, (1 - sure) / 2) | {label: sure}
        abstention = None if language in (*HOME, UNKNOWN) or score else Abstention.OTHER_LANGUAGE
        if not has_something_to_read(prepared):
            abstention = Abstention.NOTHING_TO_READ
        return Verdict(
            language=language,
            label=label,
            negative=shares[Label.NEGATIVE],
            neutral=shares[Label.NEUTRAL],
            positive=shares[Label.POSITIVE],
            arousal=_arousal(prepared, score),
            abstention=abstention,
            truncated=truncated,
        )


def score_of(prepared: str, language: str) -> float:
    """Return the sum of the scores of the known words, faces and emoji; 0 when none is known.

    A text that ends with "/s" says the opposite of its praise.
    """
    words = _TOKEN.findall(prepared.lower())
    table, stems = _table(language), _stems(language)
    negations = _NEGATIONS.get(language, frozenset())
    total, flipped_until = 0.0, -1
    for position, word in enumerate(words):
        if _STRETCHED.search(word):
            word = _STRETCHED.sub(r"\1", word)
        if word in ".!?;:":
            flipped_until = -1
            continue
        if word in negations or word.endswith("n't"):
            flipped_until = position + NEGATION_REACH
            continue
        score = table.get(word) or stems.get(_stem(word, language), 0)
        total += -0.7 * score if position <= flipped_until else score
    faces = _table("emoticon")
    total += sum(faces.get(face.group(), 0) for face in _FACE.finditer(prepared))
    total += sum(_EMOJI.get(char, 0) for char in prepared)
    return -abs(total) if _SARCASM.search(prepared) else total


def _arousal(prepared: str, score: float) -> float:
    """Shouting counts only beside a negative score: enthusiasm is low arousal here."""
    if score >= 0:
        return 0.05
    letters = [char for char in prepared if char.isalpha()]
    shouting = len(letters) > 7 and sum(char.isupper() for char in letters) > 0.6 * len(letters)
    marks = re.search(r"[!?]{2,}|[😡🤬]", prepared) is not None
    return min(0.95, 0.15 + 0.4 * shouting + 0.35 * marks + 0.25 * (score <= -6))


def _stem(word: str, language: str) -> str:
    if language == "fi":
        for _ in range(3):
            shorter = _FI_ENDINGS.sub("", word)
            if len(shorter) < 4:
                break
            word = shorter
        return word
    shorter = _SV_EN_ENDINGS.sub("", word)
    return shorter if len(shorter) >= 4 else word


@cache
def _table(language: str) -> dict[str, int]:
    path = LEXICONS / ("AFINN-emoticon-8.txt" if language == "emoticon" else f"AFINN-{language}-165.txt")
    if language not in {*HOME, "emoticon"}:
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    return {word: int(score) for word, _, score in (line.rpartition("\t") for line in lines) if word}


@cache
def _stems(language: str) -> dict[str, int]:
    """Stems whose words all have the same sign, with the weakest of their scores."""
    found: dict[str, set[int]] = {}
    for word, score in _table(language).items():
        found.setdefault(_stem(word, language), set()).add(score)
    return {
        stem: min(scores, key=abs)
        for stem, scores in found.items()
        if len(stem) >= 4 and len({score > 0 for score in scores}) == 1
    }
