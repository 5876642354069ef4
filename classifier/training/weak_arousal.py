"""A weak arousal label for customer texts whose sentiment is known and whose arousal nobody annotated.

The marks are those of the annotation guide: capitals, repeated marks, swearing, an accusation of lying or fraud,
words of outrage. The model learns to see past this list; the list never judges at run time.
"""

import re

_MARKS = re.compile(r"[!?]{3,}|!!")
_CAPITALS = re.compile(r"\b[A-ZÅÄÖ]{4,}\b")
_OUTRAGE = re.compile(
    r"\b(?:"
    # Finnish
    r"huija\w*|kuset\w*|vale(?:h|l)\w*|varas\w*|varkaat|törke\w*|häpeä\w*|häpei\w*|järkyttäv\w*|pöyristyttäv\w*|"
    r"perkele\w*|saatana\w*|vit(?:tu|un|tuun|uttaa)\w*|helvet\w*|pask\w*|ala-arvois\w*|"
    # Swedish
    r"bedräg\w*|bedrag\w*|blåst\w*|bluff\w*|lur(?:ad|ade|ar|at|endrej\w*)|ljug\w*|lögn\w*|skandal\w*|skam\w*|skäms|"
    r"jävl\w*|jävul\w*|fan|skit\w*|helvete\w*|vidrig\w*|oacceptabel\w*|förbannad\w*|idiot\w*|tjuvar\w*|katastrof\w*|"
    # English
    r"scam\w*|fraud\w*|liars?|lied|lying|crook\w*|thie(?:f|ves)|steal\w*|ripp?ed off|disgust\w*|disgrac\w*|"
    r"shame(?:ful)?|outrag\w*|furious|unacceptable|fuck\w*|shit\w*|bullshit|damn|hell|idiots?|pathetic|appall\w*"
    r")\b",
    re.IGNORECASE,
)


def arousal_of_customer_text(text: str, label: str) -> float | None:
    """Return a soft arousal label: high for a negative text with marks of outrage, low for praise and questions."""
    if label != "negative":
        return 0.0
    marks = bool(_MARKS.search(text)) + (len(_CAPITALS.findall(text)) >= 3) + bool(_OUTRAGE.search(text))
    return (0.15, 0.8, 0.95, 0.95)[marks]
