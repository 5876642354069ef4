"""What goes into a playbook's slots, and a wording with its slots filled.

A slot's value comes from the shop's profile, from the customer's display name when it is plainly a first name, or from
the customer's own words. Nothing else is ever said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from responders.names import first_name
from responders.playbooks.playbook import SLOT, Line, Wording, slots_in
from responders.profile import ShopProfile

_HELLO = {"fi": "Hei", "sv": "Hej", "en": "Hi"}

# A number is taken for an order number only when the customer calls it one, or when it looks like nothing else:
# a bare number may be a phone, a postcode or a price.
_ORDER_NUMBER = re.compile(
    r"(?:tilaus\w*|order\w*|beställning\w*|bestallning\w*)\s*"
    r"(?:numero\w*|nro\b\.?|num\b\.?|nummer\w*|nr\b\.?|number|no\b\.?|id\b)?\s*(?:on|is|är)?\s*[:=#]?\s*"
    r"([A-Z]{1,4}-?\d{4,12}|\d{4,12})\b"
    r"|(?<!\w)#([A-Z]{0,4}-?\d{4,12})\b"
    r"|(?<![\w-])([A-Z]{1,4}-\d{4,12})\b",
    re.IGNORECASE,
)
_READ_AT_MOST = 4000


def slot_values(
    profile: ShopProfile, language: str, reason: str | None, author: str | None, texts: Sequence[str], now: datetime
) -> dict[str, str]:
    """Every slot that can be filled, no other; `texts` are the customer's own, the one to answer last."""
    name = first_name(author)
    values = {
        "greeting": f"{_HELLO[language]} {name}!" if name else f"{_HELLO[language]}!",
        "shop": profile.name,
        "phone": profile.phone,
        "email": profile.email,
        "contact_form": profile.contact_form,
        "help_page": profile.help_page,
        "return_page": profile.return_page,
        "privacy_page": profile.privacy_page,
        "return_days": str(profile.return_days) if profile.return_days else None,
        "opening_hours": profile.opening_hours.get(language),
        "order_number": order_number(texts),
        "notice": _notice(profile, language, reason, now),
    }
    return {slot: value.strip() for slot, value in values.items() if value and value.strip()}


def plain_greeting(language: str) -> str:
    return f"{_HELLO[language]}!"


def order_number(texts: Sequence[str]) -> str | None:
    """The order number the customer wrote, the latest text first."""
    for text in reversed(texts):
        found = _ORDER_NUMBER.search(text[:_READ_AT_MOST])
        if found:
            return next(group for group in found.groups() if group)
    return None


def fill(wording: Wording, values: Mapping[str, str]) -> str:
    """The text with each line said in the first way whose slots are all known; a line with no such way is left out."""
    paragraphs = (" ".join(said for line in lines if (said := _say(line, values))) for lines in wording)
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _say(line: Line, values: Mapping[str, str]) -> str:
    for way in line:
        if all(slot in values for slot in slots_in(way)):
            return SLOT.sub(lambda slot: values[slot[1]], way)
    return ""


def _notice(profile: ShopProfile, language: str, reason: str | None, now: datetime) -> str | None:
    today = now.astimezone(profile.zone).date()
    for notice in profile.notices:
        if notice.reason == reason and notice.first_day <= today <= notice.last_day:
            return notice.text.get(language)
    return None
