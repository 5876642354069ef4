"""Whether a text tells something that belongs to one person: what a model need not guess, because its form says it.

Phone numbers are read by `phonenumbers` and identity codes, bank accounts and cards by `python-stdnum`, with their
check digits. Numbers of orders, customers and parcels, and street addresses, are patterns of how Finnish, Swedish and
English speakers write them. Every pattern has bounds, so that no text can make it slow.
"""

import re
from itertools import islice

from phonenumbers import Leniency, PhoneNumberMatcher
from stdnum import iban, luhn
from stdnum.fi import hetu
from stdnum.se import personnummer

REGIONS = ("FI", "SE", "GB")
_READ_CHARS = 1200  # at the start and at the end, where people write who they are
_PHONES = 12  # so many that look like one are tried
_PHONE_TRIES = 3  # readings of each before it is left

_EMAIL = re.compile(
    r"(?<![\w.+@-])[\w.+-]{1,64}(?:@|\s?[\[(](?:at|ät|miukumauku)[\])]\s?)[\w-]{1,63}(?:\.[\w-]{1,63}){0,3}\.[^\W\d_]{2,24}(?!\w)",
    re.IGNORECASE,
)
_DATE = r"[0-9]{1,2}[./-][0-9]{1,2}[./-](?:[0-9]{2}){0,2}(?![0-9])"
_PHONE = re.compile(
    rf"(?<![\w+])(?<![0-9][.,:/–-])(?!{_DATE})"
    r"(?:\+|\(?0)[0-9]{0,4}(?:[ \u00a0()./‐-–-]{0,3}[0-9]){4,18}(?![0-9])"
)
_IDENTITY = re.compile(r"(?<!\w)(?:[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-Y]|(?:[0-9]{2})?[0-9]{6}[-+]?[0-9]{4})(?!\w)", re.I)
_ACCOUNT = re.compile(r"(?<!\w)[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?(?!\w)", re.I)
_CARD = re.compile(r"(?<!\w)[0-9]{4}([ -])[0-9]{4}\1[0-9]{4}\1[0-9]{4}(?!\w)")
# Posti; the Universal Postal Union's S10, which PostNord uses too; the long numbers of carriers
_PARCEL = re.compile(
    r"(?<!\w)(?:(?i:JJFI) ?[0-9](?: ?[0-9]){7,19}|(?i:[A-Z]{2}[0-9]{9}[A-Z]{2})|[A-Z]{2} [0-9]{9} [A-Z]{2}"
    r"|[0-9]{15,20})(?!\w)"
)

# What stands before a number: a word after which four digits are enough, one that needs six, one that needs "number".
_ORDER = (
    r"tilaus(?:ta\w{0,4}|ten)?|tilauks\w{0,10}|order(?:na|n|s)?|beställning(?:en|ar)?|seuran(?:ta|nan|nassa|takoodi)|"
    r"tracking"
)
_PACKET = r"paket\w{0,8}|lähety\w{0,9}|kolli|försändelsen?|parcel|package|shipment|rma|return|palautus"
_OWNED = (
    r"asiakas|asiakkaan|laskun?|viite|varaus|varauksen|reklamaatio|jäsen|tiketin|beställnings|kund|spårnings?|"
    r"fakturan?s?|ärendet?s?|retur|medlems|boknings?|customer|invoice|reference|ref|case|ticket|booking|account|"
    r"membership"
)
_NUMBER = r"numer\w{1,8}|nro|nummer\w{0,2}|nr|number|num|no|koodi\w{0,3}|kod|code|tunnu\w{1,7}|id"
_REFERENCE = re.compile(
    rf"(?:(?P<order>{_ORDER})|(?P<packet>{_PACKET})|{_OWNED})(?P<number>\s?[-(]?(?:{_NUMBER}))?"
    r"\.?(?:\s{1,3}(?:on|oli|är|is|was))?\s{0,3}:?\s{0,3}(?P<hash>#\s?)?"
    r"(?![0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9-]))[a-z]{0,4}-?(?P<digits>[0-9](?:-?[0-9]){2,19})[a-z]{0,2}"
    r"(?!\w)(?![,.:/–][0-9])(?!\s?(?:€|%|£|\$|(?:e|eur\w{0,7}|kr|sek|kpl|st|g|kg|ml|l|cm|mm|km|x)\b))"
)

_HOUSE = r"\s[0-9]{1,3}(?:\s?[a-zA-Z])?(?![\w€%])(?![.,:/–-][0-9])(?!\s?(?:€|%|(?:e|eur|kr|kpl|min|km|m)\b))"
_ROAD = (  # as in Mannerheimintie, Storgatan; a motorway is nobody's address
    r"(?!(?i:valta|moottori|kanta|maan|rauta|motor|järn|lands)(?:tie|vägen)\b)(?:"
    r"[A-ZÅÄÖ]\w{2,24}(?:tie|tiellä|polku|polulla|kaari|väylä|raitti|penger|puistikko|bulevardi|esplanadi|"
    r"vägen|gränd|stigen|allén|torget)|\w{3,24}(?:katu|kadulla|kuja|kujalla|gatan))"
)
_TOWN = r"(?:\s(?:as\.?\s?)?[0-9]{1,3})?,?\s(?:[0-9]{5}|[0-9]{3}\s[0-9]{2})\s[A-ZÅÄÖ][a-zåäö]{2,24}"
_STREET = re.compile(
    rf"(?<!\w)(?:{_ROAD}{_HOUSE}|[A-ZÅÄÖ]\w{{2,24}}\s[0-9]{{1,3}}(?:\s?[a-zA-Z])?{_TOWN}"
    r"|[0-9]{1,4}[a-zA-Z]?(?:\s(?!(?:Hard|Flash|Disk|USB|SSD)\b)[A-Z][a-z']{1,20}){1,3}"
    r"\s(?:Street|St|Road|Rd|Lane|Avenue|Ave|Drive|Close|Crescent|Terrace|Gardens)(?!\w))"
)


def holds_personal_data(text: str) -> bool:
    """Return whether the text holds a phone number, an e-mail or street address, an identity code, an account, or a
    number of an order, customer or parcel. Handles do not count: they are public names."""
    read = text if len(text) <= 2 * _READ_CHARS else f"{text[:_READ_CHARS]} {text[-_READ_CHARS:]}"
    digits = sum("0" <= char <= "9" for char in read)
    if _holds_address_of_mail(read):
        return True
    if not digits:
        return False
    return (
        _STREET.search(read) is not None
        or (digits >= 3 and any(_refers(match) for match in _REFERENCE.finditer(read.lower())))
        or (
            digits >= 7 and (_PARCEL.search(read) is not None or _holds_phone_number(read) or _holds_checked_code(read))
        )
    )


def _holds_address_of_mail(text: str) -> bool:
    return ("@" in text or "(" in text or "[" in text) and _EMAIL.search(text) is not None


def _refers(match: re.Match[str]) -> bool:
    """Whether a word and a number belong together, and are not a year or an amount."""
    if match["number"] or match["hash"]:
        return True
    count = sum(char != "-" for char in match["digits"])
    if match["order"]:
        return count > 4 or (count == 4 and not match["digits"].startswith(("19", "20")))
    return match["packet"] is not None and count >= 6


def _holds_phone_number(text: str) -> bool:
    """Only what begins with 0 or + is read: that is how numbers are written here, and prices are not."""
    return any(
        PhoneNumberMatcher(match.group(), region, Leniency.VALID, _PHONE_TRIES).has_next()
        for match in islice(_PHONE.finditer(text), _PHONES)
        for region in REGIONS
    )


def _holds_checked_code(text: str) -> bool:
    codes = [match.group() for match in _IDENTITY.finditer(text)]
    return (
        any(hetu.is_valid(code) or personnummer.is_valid(code) for code in codes)
        or any(iban.is_valid(match.group()) for match in _ACCOUNT.finditer(text))
        or any(luhn.is_valid(re.sub(r"\D", "", match.group())) for match in _CARD.finditer(text))
    )
