"""What a judge says of one text, and the port every judge meets.

The shape follows river's classifier (one item in, one answer out), widened to batches because a
neural judge is several times faster on a batch than on single texts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

NOTHING: Mapping[str, float] = MappingProxyType({})


class Label(StrEnum):
    """Where the text stands towards the shop."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"  # balanced, no evaluation, or a plain request without blame
    POSITIVE = "positive"


class Abstention(StrEnum):
    """Why a judge does not stand behind its label."""

    NOTHING_TO_READ = "nothing_to_read"  # no letters, digits or faces beside names and links
    OTHER_LANGUAGE = "other_language"
    UNSURE = "unsure"


class ContactReason(StrEnum):
    """What the customer wants solved or speaks of; a text has several or none."""

    DELIVERY = "delivery"  # where is it, late, lost, damaged on the way, address, carrier, pick-up
    PRODUCT_FAULT = "product_fault"  # broken, wrong or missing item, poor quality, bad result of a bought service
    RETURN_REFUND = "return_refund"  # return, refund, exchange, warranty, withdrawal, compensation
    PAYMENT_INVOICE = "payment_invoice"  # charge, invoice, price, discount code, cost of sending
    ORDER_CHANGE = "order_change"  # cancel or change what has not been delivered, end a contract
    PRODUCT_QUESTION = "product_question"  # asked before buying: size, stock, features, hours, terms
    ACCOUNT_TECHNICAL = "account_technical"  # site, app, login, newsletter, nagging for reviews
    SERVICE_EXPERIENCE = "service_experience"  # how people behave, answer or can be reached
    PRAISE = "praise"  # clear thanks, recommendation or approval


class RiskFlag(StrEnum):
    """A risk that a person must see whatever the sentiment is; most texts have none."""

    SAFETY = "safety"  # claimed bodily or health harm, or danger
    LEGAL = "legal"  # lawyer, authority, police, accusation of fraud
    BOYCOTT = "boycott"  # tells others to stay away or to spread the word
    DISCRIMINATION = "discrimination"
    PRESS = "press"  # a journalist asks, or the media are told
    PERSONAL_DATA = "personal_data"  # phone, e-mail, address, order or tracking number in the text
    ABUSE = "abuse"  # insult, threat or slur aimed at people


LIKELY = 0.5
"""A reason or flag counts as said from this probability on: where its measured balance of misses and alarms lies."""


@dataclass(frozen=True)
class Verdict:
    """The judgement of one text: language, sentiment towards the shop, arousal, reasons of contact, risk flags.

    `negative`, `neutral` and `positive` are probabilities that add up to one. `arousal` is 0..1 and high for angry,
    outraged or shouting texts; enthusiasm is low. `abstention` says why the judge does not stand behind its label,
    where it does not. `truncated` means that a middle part of a long text was left unread. `reasons` and `flags` map
    each `ContactReason` and `RiskFlag` to a probability (see `LIKELY`) and are empty for a judge that gives none.
    `embedding` is a direction in signed bytes, by which texts that say the same lie near each other (by cosine), in
    whatever language; None where there is nothing to read, and for a judge that gives none.
    """

    language: str  # ISO 639-1, or "und" when the text holds nothing to read
    label: Label
    negative: float
    neutral: float
    positive: float
    arousal: float
    abstention: Abstention | None = None
    truncated: bool = False
    reasons: Mapping[str, float] = field(default_factory=lambda: NOTHING)
    flags: Mapping[str, float] = field(default_factory=lambda: NOTHING)
    embedding: bytes | None = None

    @property
    def abstained(self) -> bool:
        """True when a person should look before trusting the label."""
        return self.abstention is not None


class Judge(Protocol):
    """Turns texts into verdicts; pure from the caller's side.

    The same text gets the same verdict whatever the batch, the input is left untouched, the order is kept,
    and one unreadable text never fails its batch.
    """

    @property
    def version(self) -> str:
        """Name and version of the judge, stored beside each verdict."""
        ...

    def judge(self, texts: Sequence[str]) -> list[Verdict]:
        """Return one verdict per text, in the order given."""
        ...
