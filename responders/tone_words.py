"""The words the tone check listens for, and its sentences to the person who decides.

The lists are short on purpose: each phrase is one that a customer would hear as "it is your own fault" or "go away".
They are written like when-words (responders/whenwords.py).
"""

from __future__ import annotations

BELITTLING = {
    "fi": (
        "turha|turhaan valittaa|valitat|valitatte",
        "valitat|kitiset|kitinä|mariset|marina",
        "rauhoitu|rauhoittukaa",
        "älä|älkää viitsi|viitsikö|hermostu|suutu",
        "oma|omaa|oman =vika|vikasi|vikanne|syytä|syytäsi",
        "olisit|olisitte =lukenut|lukeneet|katsonut|huomannut",
        "kuten|niinkuin =jo sanoimme|kerroimme|mainittu",
        "ei|eikä meidän =vika|vikamme|syytä|ongelma|ongelmamme",
        "ylireagoi",
        "muut|muilla asiakkaat|asiakkailla eivät|ei valita|ongelmia|ongelmaa",
        "mielensäpahoit",
        "pikkuasia|pikkujuttu",
    ),
    "sv": (
        "ditt eget fel",
        "lugna dig|ner",
        "gnäll|gnälla|gnäller",
        "du överreager|överdriver",
        "som vi redan sagt|skrev|skrivit|sa",
        "du borde ha läst|kollat|sett",
        "inte vårt fel|problem",
        "andra kunder inte|har klagat|problem",
        "struntsak|bagatell",
    ),
    "en": (
        "your own fault",
        "calm down",
        "whining|whine|whinging|moaning",
        "overreact",
        "as we already|previously said|told|explained|mentioned",
        "you should have read|checked|noticed|known",
        "not our fault|problem",
        "other customers dont|havent|no complain|problem|problems",
        "no big deal",
    ),
}

ELSEWHERE = {
    "fi": (
        "ota|otathan|ottakaa|otatteko yhteyt",
        "laita|laitathan|laittakaa|lähetä|lähetäthän|kirjoita sähköpost|maili|meili",
        "soita|soitathan|soittakaa meille|asiakaspalvelu|numero",
        "käänny|kääntykää puoleen",
        "emme =voi auttaa|tehdä",
        "emme pysty auttamaan|tekemään",
    ),
    "sv": (
        "kontakta oss|vår|kundtjänst|kundservice",
        "mejla|maila|mejl oss|till|vår",
        "ring|ringa oss|kundtjänst|till",
        "vänd dig|er till",
        "kan =inte hjälpa|göra",
    ),
    "en": (
        "contact us|our|customer|support",
        "email|e-mail us|our",
        "call|phone|ring us|our",
        "reach out",
        "get touch",
        "cannot|cant|unable help|do|assist",
    ),
}

PRIVATE_TALK = {
    "fi": ("yksityisviesti|yksityisviestillä|yksäri|yv|dm",),
    "sv": ("privat|direkt meddelande", "dm|pm"),
    "en": ("private|direct message", "dm"),
}

SENTENCES = {
    "fi": {
        "unfilled_slot": "Tekstissä on täyttämättä {field}. Kirjoita tieto tilalle tai poista kohta.",
        "over_length": "Teksti on liian pitkä, {field} merkkiä yli. Lyhennä sitä.",
        "personal_data": (
            "Vastaus näkyy kaikille, ja siinä on ehkä asiakkaan omia tietoja. Siirry niissä yksityisviesteihin."
        ),
        "belittling": "”{field}” voi kuulostaa asiakkaan korvaan vähättelyltä. Sano se toisin.",
        "brush_off": (
            "”{field}” jättää asiakkaan yksin. Lisää linkki, osoite tai numero, tai kerro, mitä te teette seuraavaksi."
        ),
    },
    "sv": {
        "unfilled_slot": "Texten har en lucka som inte är ifylld: {field}. Fyll i den eller ta bort den.",
        "over_length": "Texten är {field} tecken för lång. Korta den.",
        "personal_data": (
            "Alla ser svaret, och där finns kanske kundens egna uppgifter. Ta dem i ett privat meddelande."
        ),
        "belittling": "”{field}” kan låta nedlåtande i kundens öron. Säg det på ett annat sätt.",
        "brush_off": (
            "”{field}” lämnar kunden ensam. "
            "Lägg till en länk, en adress eller ett nummer, eller berätta vad ni gör härnäst."
        ),
    },
    "en": {
        "unfilled_slot": "The text has a blank that is not filled in: {field}. Replace it or take it out.",
        "over_length": "The text is {field} characters too long. Shorten it.",
        "personal_data": (
            "Everybody sees this reply, and it may hold the customer's own details. Take them to a private message."
        ),
        "belittling": '"{field}" may sound belittling to the customer. Say it another way.',
        "brush_off": (
            '"{field}" leaves the customer alone. Add a link, an address or a number, or say what you do next.'
        ),
    },
}
