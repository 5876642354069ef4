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
        "unhappy": "viesti on valitus, eikä syy selviä siitä",
        "asks": "viesti on kysymys",
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
        "unhappy": "meddelandet är ett klagomål, och orsaken framgår inte",
        "asks": "meddelandet är en fråga",
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
        "unhappy": "the message is a complaint that does not say why",
        "asks": "the message is a question",
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


_HAND_OVER: Mapping[str, str] = {
    "fi": "Tämän vastauksen lukee ensin joku, joka saa päättää asiasta.",
    "sv": "Det här svaret ska först läsas av någon som får besluta i ärendet.",
    "en": "Somebody who may decide in this matter reads this reply first.",
}

_MISSING: Mapping[str, str] = {
    "fi": "Paremmin sopisi ”{playbook}”, mutta siitä puuttuu: {facts}.",
    "sv": "”{playbook}” skulle passa bättre, men det saknar: {facts}.",
    "en": "“{playbook}” would fit better, but it lacks: {facts}.",
}

_FACTS: Mapping[str, Mapping[str, str]] = {
    "fi": {
        "phone": "puhelinnumero (shop.phone)",
        "email": "sähköpostiosoite (shop.email)",
        "contact_form": "yhteyslomakkeen linkki (shop.contact_form)",
        "help_page": "ohjesivun linkki (shop.help_page)",
        "return_page": "palautusohjeen linkki (shop.return_page)",
        "privacy_page": "tietosuojaselosteen linkki (shop.privacy_page)",
        "return_days": "palautusaika (shop.return_days)",
        "opening_hours": "aukioloajat (shop.opening_hours)",
        "order_number": "tilausnumero",
        "length": "tilaa: teksti on alustalle liian pitkä",
    },
    "sv": {
        "phone": "telefonnummer (shop.phone)",
        "email": "e-postadress (shop.email)",
        "contact_form": "länk till kontaktformuläret (shop.contact_form)",
        "help_page": "länk till hjälpsidan (shop.help_page)",
        "return_page": "länk till returanvisningen (shop.return_page)",
        "privacy_page": "länk till integritetspolicyn (shop.privacy_page)",
        "return_days": "returtid (shop.return_days)",
        "opening_hours": "öppettider (shop.opening_hours)",
        "order_number": "ordernummer",
        "length": "plats: texten är för lång för plattformen",
    },
    "en": {
        "phone": "a phone number (shop.phone)",
        "email": "an e-mail address (shop.email)",
        "contact_form": "the link to the contact form (shop.contact_form)",
        "help_page": "the link to the help pages (shop.help_page)",
        "return_page": "the link to the return instructions (shop.return_page)",
        "privacy_page": "the link to the privacy notice (shop.privacy_page)",
        "return_days": "the days to return (shop.return_days)",
        "opening_hours": "opening hours (shop.opening_hours)",
        "order_number": "an order number",
        "length": "room: the text is too long for the platform",
    },
}


def say_hand_over(language: str) -> str:
    """That a reply of this kind is for somebody who may decide."""
    return _HAND_OVER[language]


def say_missing(missing: Sequence[str], language: str, playbook: str | None) -> str:
    """Which facts a better-fitting playbook lacks, and where they are given."""
    facts = ", ".join(_FACTS[language].get(fact, fact) for fact in missing)
    return _MISSING[language].format(playbook=playbook or "?", facts=facts)
