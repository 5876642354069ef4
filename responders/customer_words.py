"""What can be told from the words alone: is it a question, is it only thanks, does our own post announce a giveaway."""

from __future__ import annotations

import re

_QUESTION_MARK = re.compile(r"[?？؟]")
_WEB_ADDRESS = re.compile(r"https?://\S+")
_MENTIONS_FIRST = re.compile(r"^(?:\s*[@#]\w+[,:]?)+\s*")
_GREETING_FIRST = re.compile(r"^(?:hei|moi|moro|terve|hej|hejsan|hi|hello)\b[\s,!.:-]*")
_QUESTION_STARTS = (
    re.compile(
        r"(?:mikä|mitä|mitkä|milloin|missä|mistä|mihin|minne|miten|miksi|kuka|kenelle|kuinka|paljonko|kumpi|millä|millainen|"
        r"när|var|vart|vad|hur|varför|vem|vilken|vilket|vilka|"
        r"when|where|what|how|why|who|which|whose)\b"
    ),
    # onko, voisitteko, saakohan; but not the nouns that end alike
    re.compile(r"(?!(?:verkko|pakko|joukko|lakko|kirkko|ukko|yksikkö)\b)\w{2,}k[oö](?:han|hän|s)?\b"),
    re.compile(r"(?:kan|kunde|har|är|får|går|ska|skulle|finns|vet|tar)\s+(?:ni|man|jag|det|den|de|vi|någon)\b"),
    re.compile(
        r"(?:can|could|do|does|did|is|are|will|would|have|has|may)\s+"
        r"(?:you|i|we|it|there|they|this|anyone|somebody|someone)\b"
    ),
)


def asks(text: str) -> bool:
    """True when the text holds a question mark or begins as Finnish, Swedish and English questions do."""
    bare = _WEB_ADDRESS.sub(" ", text.lower())
    if _QUESTION_MARK.search(bare):
        return True
    start = _GREETING_FIRST.sub("", _MENTIONS_FIRST.sub("", bare).lstrip())
    return any(pattern.match(start) for pattern in _QUESTION_STARTS)


_THANKS = re.compile(
    r"(?:kiitos|kiitti|kiitoksia|kiitokset|paljon|tosi|oikein|hyvä|ok|okei|selvä|juttu|jees|jee|hienoa|mahtavaa|super|"
    r"tack|tackar|tusen|så|mycket|bra|okej|toppen|perfekt|"
    r"thanks|thank|you|very|much|so|great|okay|perfect|thx|ty|cheers)"
)
_FRIENDLY = frozenset("👍🙏❤♥😊🙂😀😃😄😁🥰😍🎉👏💚💙🧡💛💜🤗☺✨🔥💪👌")
_SMALL_MARKS = frozenset("!.,:;)-_~^\ufe0f\u200d") | {chr(tone) for tone in range(0x1F3FB, 0x1F400)}


def only_thanks(text: str) -> bool:
    """True when the text holds nothing but words of thanks and friendly emoji."""
    words = re.findall(r"\w+", text.lower())
    signs = [sign for sign in re.sub(r"[\w\s]", "", text) if sign not in _SMALL_MARKS]
    return bool(words or signs) and all(map(_THANKS.fullmatch, words)) and _FRIENDLY.issuperset(signs)


_GIVEAWAY = re.compile(
    r"\b(?:arvonta\w*|arvonnan|arvonnassa|arvontaan|arvomme|arvotaan|voita|osallistu kilpailuun|kilpailuaika|"
    r"utlottning\w*|lottar? ut|tävla|tävling\w*|vinn|giveaway\w*|prize draw|win an?|sweepstakes?|contest)\b",
    re.IGNORECASE,
)


def is_giveaway(own_post_text: str) -> bool:
    """True when our own post invites people to a giveaway or contest."""
    return _GIVEAWAY.search(own_post_text) is not None
