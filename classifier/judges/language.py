"""The language of a post: Finnish, Swedish, English, one of their look-alikes, or "und" when there is nothing to read.

lingua (Peter M. Stahl, Apache-2.0) gives letter-pattern odds; posts are short, so two things it does not know are
added: the shop's own languages are likelier than others, and everyday words settle what letters cannot. lingua's
low-accuracy mode is meant: it takes 25 MB instead of 350, and with these additions it names the same languages.
"""

import math
import re
from functools import cache
from pathlib import Path

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from classifier.judges.reading import has_letters, prepare

UNKNOWN = "und"
EVERYDAY = Path(__file__).parents[1] / "lexicons" / "everyday.txt"
HOME = ("fi", "sv", "en")
_HOME_ODDS = math.log(10.0)  # before reading, a home language is ten times as likely as a look-alike
_WORD_ODDS = math.log(40.0)  # what one everyday word adds
_READ_CHARS = 600

_LANGUAGES = (
    Language.FINNISH,
    Language.SWEDISH,
    Language.ENGLISH,
    Language.BOKMAL,
    Language.NYNORSK,
    Language.DANISH,
    Language.ESTONIAN,
    Language.GERMAN,
    Language.DUTCH,
    Language.FRENCH,
    Language.SPANISH,
    Language.ITALIAN,
    Language.PORTUGUESE,
    Language.POLISH,
    Language.RUSSIAN,
    Language.UKRAINIAN,
    Language.ARABIC,
)
_TOKEN = re.compile(r"[^\W\d_]+")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")  # "eiiii" is the word "ei", "tackkk" is "tack"
_WITH_DIGIT = re.compile(r"(?<!\S)[^\s\d]*+\d\S*")
_LONG = re.compile(r"[^\W\d_]{5,}")  # what codes and sizes are left with: "10-vuotiaalle" has a language, "jjfi60" none


def language_of(text: str) -> str:
    """Return the ISO 639-1 code of the text's main language, "und" for a text without letters."""
    prepared, _ = prepare(text)
    if not has_letters(prepared):
        return UNKNOWN
    readable = prepared.replace("@user", " ").replace("http", " ")[:_READ_CHARS].lower()
    spoken = _STRETCHED.sub(r"\1", _WITH_DIGIT.sub(lambda code: " ".join(_LONG.findall(code.group())), readable))
    readable = spoken if has_letters(spoken) else readable
    words = _TOKEN.findall(readable)
    odds: dict[str, float] = {}
    everyday = _everyday_words()
    for value in _detector().compute_language_confidence_values(readable):
        code = value.language.iso_code_639_1.name.lower()
        odds[code] = math.log(max(value.value, 2e-3)) + (_HOME_ODDS if code in HOME else 0.0)
        odds[code] += _WORD_ODDS * min(4, sum(word in everyday.get(code, ()) for word in words))
    return max(odds, key=lambda code: odds[code])


@cache
def _detector() -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(*_LANGUAGES).with_low_accuracy_mode().build()


@cache
def _everyday_words() -> dict[str, frozenset[str]]:
    lines = EVERYDAY.read_text(encoding="utf-8").splitlines()
    return {code: frozenset(words.split()) for code, _, words in (line.partition(":") for line in lines)}
