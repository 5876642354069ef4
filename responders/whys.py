"""Why a suggestion was made, in the words of the card's reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_SAY: Mapping[str, Mapping[str, str]] = {
    "fi": {
        "words": "asiakas kirjoittaa ”{}”",
        "earlier": "asiakas kirjoitti aiemmin ”{}”",
        "reason": "viestin aihe on tunnistettu",
        "flag": "viestissä on riski",
        "heated": "keskustelu kuumenee julkisesti",
        "angry": "viesti on vihainen, eikä syy selviä siitä",
        "happy": "viesti on kiitos tai kehu",
        "always": "sopii kaikkiin viesteihin",
        "language": "emme kirjoita asiakkaan kielellä, joten vastaus on kaupan ensimmäisellä kielellä",
    },
    "sv": {
        "words": "kunden skriver ”{}”",
        "earlier": "kunden skrev tidigare ”{}”",
        "reason": "ärendet är igenkänt",
        "flag": "meddelandet innehåller en risk",
        "heated": "diskussionen hettar till offentligt",
        "angry": "meddelandet är argt, och orsaken framgår inte",
        "happy": "meddelandet är tack eller beröm",
        "always": "passar alla meddelanden",
        "language": "vi skriver inte kundens språk, så svaret är på butikens första språk",
    },
    "en": {
        "words": "the customer writes “{}”",
        "earlier": "the customer wrote earlier “{}”",
        "reason": "the matter was recognised",
        "flag": "there is a risk in the message",
        "heated": "the thread is heating up in public",
        "angry": "the message is angry and does not say why",
        "happy": "the message is thanks or praise",
        "always": "fits every message",
        "language": "we do not write the customer's language, so the reply is in the shop's first one",
    },
}


def say_whys(codes: Sequence[str], language: str, playbook: str | None) -> str:
    """`playbook`: its name in the same language, then what spoke for it; codes as `responders.drafting` lists them."""
    table = _SAY[language]
    clauses = []
    for code in codes:
        kind, _, detail = code.partition(":")
        if kind in table:
            clauses.append(table[kind].format(detail))
    said = "; ".join(clauses)
    if playbook is None:
        return said[:1].upper() + said[1:]
    return f"{playbook}: {said}" if said else playbook
