"""What counts as said, by the names and the line of the judge."""

from __future__ import annotations

from classifier import verdict
from classifier.verdict import ContactReason, RiskFlag
from responders.likely import LIKELY, MUST_BE_SEEN, PERSONAL_DATA, likely, must_be_seen
from responders.playbooks.playbook import FLAGS, REASONS


def test_names_and_line_are_the_judges_own() -> None:
    assert tuple(ContactReason) == REASONS
    assert tuple(RiskFlag) == FLAGS
    assert verdict.LIKELY == LIKELY
    assert {RiskFlag.PERSONAL_DATA, *MUST_BE_SEEN} == set(RiskFlag)
    assert RiskFlag.PERSONAL_DATA == PERSONAL_DATA


def test_what_is_likely_comes_surest_first() -> None:
    assert likely({"delivery": 0.5, "praise": 0.49, "payment_invoice": 0.9}) == ("payment_invoice", "delivery")
    assert likely({}) == ()


def test_personal_data_calls_for_nobody() -> None:
    assert must_be_seen({"personal_data": 0.99, "press": 0.6, "abuse": 0.7, "legal": 0.3}) == ("abuse", "press")
