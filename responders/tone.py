"""What is wrong with a reply before it goes out: two faults stop it, the others are told to the person who decides.

code            stops  field
unfilled_slot   yes    the blank, as "{phone}"
over_length     yes    by how much it is too long
personal_data   no     what a public reply would show: email, phone or order_number
belittling      no     the words
brush_off       no     the words that send the customer elsewhere with nothing to go by
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from responders.lengths import Limit
from responders.profile import ShopProfile
from responders.slots import order_number
from responders.tone_words import BELITTLING, ELSEWHERE, PRIVATE_TALK, SENTENCES
from responders.whenwords import matches, words_of

_BLANK = re.compile(r"\{[^{}\n]{0,60}\}")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w/.=-])(?:\+|00?)\d(?:[ \u00a0-]?\d){5,13}(?!\w)")
_LINK = re.compile(r"https?://\S+|\bwww\.\S+|\b[\w-]{2,}\.(?:fi|se|com|net|eu|example)\b")


@dataclass(frozen=True)
class Finding:
    """One fault; with `blocks` the reply may not be approved."""

    code: str
    blocks: bool
    field: str | None = None


def check(
    text: str, *, language: str, public: bool, limit: Limit, profile: ShopProfile | None = None
) -> tuple[Finding, ...]:
    """Every fault of `text`, those that stop it first. The shop's own phone and e-mail, in `profile`, are no faults."""
    findings = [Finding("unfilled_slot", True, blank) for blank in dict.fromkeys(_BLANK.findall(text))]
    over = limit.over(text)
    if over:
        findings.append(Finding("over_length", True, str(over)))
    if public:
        findings += [Finding("personal_data", False, kind) for kind in _personal(text, profile)]
    words = words_of(text)
    belittling = matches(BELITTLING.get(language, ()), words)
    if belittling:
        findings.append(Finding("belittling", False, belittling[0].words))
    elsewhere = matches(ELSEWHERE.get(language, ()), words)
    if elsewhere and not _has_next_step(text, language, public):
        findings.append(Finding("brush_off", False, elsewhere[0].words))
    return tuple(findings)


def finding_sentence(finding: Finding, language: str) -> str:
    """The fault as one or two sentences for the person who decides, in their own language."""
    return SENTENCES[language][finding.code].format(field=finding.field)


def _personal(text: str, profile: ShopProfile | None) -> list[str]:
    own_email = (profile.email or "").casefold() if profile else ""
    own_phone = _digits(profile.phone or "") if profile else ""
    spoken = _LINK.sub(" ", text)  # a link may hold digits of its own
    kinds = []
    if any(email.casefold() != own_email for email in _EMAIL.findall(text)):
        kinds.append("email")
    if any(_digits(phone) != own_phone for phone in _PHONE.findall(spoken)):
        kinds.append("phone")
    if order_number((spoken,)) is not None:
        kinds.append("order_number")
    return kinds


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _has_next_step(text: str, language: str, public: bool) -> bool:
    if _LINK.search(text) or _EMAIL.search(text) or _PHONE.search(text):
        return True
    # In public "write to us privately" is the next step itself; in a private talk it is going round in circles.
    return public and bool(matches(PRIVATE_TALK.get(language, ()), words_of(text)))
