"""The language of a post: Finnish, Swedish, English, one of their look-alikes, or "und" when there is nothing to read.

lingua (Pemistahl, Apache-2.0) gives letter-pattern odds; posts are short, so two things it does not know are added:
the shop's own languages are likelier than others, and a few everyday words settle what three letters cannot.
"""

import math
import re
from functools import cache

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from classifier.judges.reading import has_letters, prepare

UNKNOWN = "und"
HOME = ("fi", "sv", "en")
_HOME_ODDS = math.log(6.0)  # before reading, a home language is six times as likely as a look-alike
_WORD_ODDS = math.log(12.0)  # what one everyday word adds
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
_WORDS: dict[str, frozenset[str]] = {
    "fi": frozenset(
        [
            "ei",
            "en",
            "et",
            "on",
            "oon",
            "olen",
            "mä",
            "sä",
            "hän",
            "se",
            "te",
            "me",
            "tää",
            "tämä",
            "toi",
            "nyt",
            "jo",
            "ja",
            "tai",
            "mutta",
            "kun",
            "jos",
            "että",
            "niin",
            "kiitos",
            "kiitti",
            "kiitän",
            "hei",
            "moi",
            "moikka",
            "terve",
            "missä",
            "milloin",
            "koska",
            "miksi",
            "mikä",
            "onko",
            "onks",
            "voiko",
            "saako",
            "paketti",
            "paska",
            "ihana",
            "ihanaa",
            "hyvä",
            "hyvää",
            "huono",
            "surkea",
            "kiva",
            "upea",
            "osallistun",
            "mukana",
            "arvontaan",
            "joo",
            "juu",
            "ok",
            "hieno",
            "mahtava",
        ]
    ),
    "sv": frozenset(
        [
            "jag",
            "du",
            "ni",
            "vi",
            "är",
            "och",
            "att",
            "det",
            "den",
            "inte",
            "ej",
            "men",
            "som",
            "på",
            "för",
            "med",
            "av",
            "till",
            "har",
            "hade",
            "när",
            "var",
            "varför",
            "hur",
            "tack",
            "hej",
            "hejsan",
            "bra",
            "dåligt",
            "dålig",
            "kass",
            "kassa",
            "skit",
            "jättebra",
            "mycket",
            "också",
            "nu",
            "än",
            "ett",
            "paketet",
            "snälla",
            "gärna",
            "någon",
            "kul",
            "fint",
            "snyggt",
            "vad",
            "kan",
            "ska",
            "vill",
            "snabb",
            "leverans",
            "aldrig",
            "usel",
            "uselt",
        ]
    ),
    "en": frozenset(
        [
            "the",
            "is",
            "are",
            "was",
            "were",
            "and",
            "or",
            "to",
            "of",
            "my",
            "your",
            "you",
            "it",
            "its",
            "this",
            "that",
            "not",
            "no",
            "with",
            "for",
            "have",
            "has",
            "when",
            "where",
            "why",
            "what",
            "how",
            "thanks",
            "thank",
            "thx",
            "please",
            "love",
            "hate",
            "nice",
            "great",
            "good",
            "bad",
            "worst",
            "hello",
            "hi",
            "can",
            "could",
            "do",
            "does",
            "order",
            "super",
        ]
    ),
    "nb": frozenset(
        ["jeg", "ikke", "hva", "noe", "meg", "deg", "dere", "og", "takk", "hvor", "hvorfor", "veldig", "bare", "pakken"]
    ),
    "da": frozenset(
        [
            "jeg",
            "ikke",
            "hvad",
            "noget",
            "mig",
            "dig",
            "og",
            "tak",
            "hvor",
            "hvorfor",
            "meget",
            "hjælp",
            "pakken",
            "god",
        ]
    ),
    "et": frozenset(
        [
            "ja",
            "ei",
            "on",
            "ma",
            "sa",
            "see",
            "mis",
            "kus",
            "millal",
            "aitäh",
            "tere",
            "palun",
            "väga",
            "hea",
            "kas",
            "minu",
            "ole",
            "pakk",
        ]
    ),
    "de": frozenset(
        ["ich", "nicht", "und", "ist", "das", "die", "der", "danke", "bitte", "wo", "wann", "warum", "mein"]
    ),
}
_TOKEN = re.compile(r"[^\W\d_]+")


def language_of(text: str) -> str:
    """Return the ISO 639-1 code of the text's main language, "und" for a text without letters."""
    prepared, _ = prepare(text)
    if not has_letters(prepared):
        return UNKNOWN
    readable = prepared.replace("@user", " ").replace("http", " ")[:_READ_CHARS]
    words = _TOKEN.findall(readable.lower())
    odds: dict[str, float] = {}
    for value in _detector().compute_language_confidence_values(readable.lower()):
        code = value.language.iso_code_639_1.name.lower()
        odds[code] = math.log(max(value.value, 1e-4)) + (_HOME_ODDS if code in HOME else 0.0)
        odds[code] += _WORD_ODDS * min(4, sum(word in _WORDS.get(code, ()) for word in words))
    return max(odds, key=lambda code: odds[code])


@cache
def _detector() -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(*_LANGUAGES).build()
