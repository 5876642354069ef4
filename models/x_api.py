"""What the X source and the X publisher share: the keys, what an error answer asks us to do, what rate headers ask.

Classified by status, problem type and numeric code where X gives them; its 403 answers to a post often carry nothing
but a sentence (`type: about:blank`), so those, and only those, are told apart by their words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models.errors import PlatformError, Refused, SignInAgain, TryLater

_HOUR_S = 3600.0

# words of X's refusal, its old numeric code, our code, what a person can do
_REFUSALS = (
    ("duplicate content", 187, "duplicate", "We have said exactly this here before; look at the thread, or reword it."),
    (
        "reply to this conversation is not allowed",
        433,
        "not_summoned",
        "X takes replies only where the author mentioned or quoted us and lets us reply; answer by hand on X.",
    ),
    ("deleted or not visible", 385, "parent_gone", "The post was deleted or hidden; there is nothing to answer."),
    ("too long", 186, "too_long", "Shorten the text: X counts 280, links as 23 and emoji as 2."),
    ("permission to dm", 349, "dm_closed", "This person takes no messages from us; answer where they wrote."),
)


@dataclass(frozen=True)
class XKeys:
    """OAuth 1.0a user context: it does not run out after two hours, and every call we make takes it."""

    consumer_key: str
    consumer_secret: str = field(repr=False)
    access_token: str = field(repr=False)
    access_token_secret: str = field(repr=False)


def problem(status: int, headers: Mapping[str, str], body: object, wall_s: float) -> PlatformError:
    """The error to raise for an answer outside 2xx, for calls that an answer 5xx leaves undone. `wall_s`: Unix time."""
    told: Mapping[str, Any] = body if isinstance(body, dict) else {}
    kind = str(told.get("type", "")).rpartition("/")[2]
    codes = _codes(told)
    if status == 402 or kind in ("credits", "usage-capped"):
        return TryLater(
            "spending_limit", "The X credits or spending limit are used up; top up in X's console.", _HOUR_S
        )
    if status == 429:
        return TryLater("rate_limited", "X asks us to wait; nothing to do.", until_reset_s(headers, wall_s))
    if status == 401:
        return SignInAgain("token_refused", "X no longer accepts our keys; create new ones in X's console.")
    if status == 403:
        return _forbidden(told, kind, codes)
    if status >= 500:
        return TryLater("x_down", f"X answered {status}; it usually passes.")
    if status == 404:
        return Refused("not_found", "X does not know this address or account; check the account id in the settings.")
    return Refused("invalid_request", f"X answered {status} to our request; if it goes on, report it with the log.")


def _forbidden(told: Mapping[str, Any], kind: str, codes: frozenset[int]) -> PlatformError:
    if 453 in codes or kind == "client-forbidden" or "required_enrollment" in told:
        return Refused("plan_lacks_this", "Your X plan lacks this; enrol the app's project in pay-per-use at X.")
    if kind in ("oauth1-permissions", "unsupported-authentication"):
        advice = "Give the app read, write and direct message permission at X, then create new access tokens."
        return SignInAgain("permission_missing", advice)
    if codes & {64, 326}:
        return SignInAgain("account_locked", "X has locked or suspended the account; log in to X and follow its steps.")
    words = str(told.get("detail", "")).lower()
    for phrase, code, name, advice in _REFUSALS:
        if code in codes or phrase in words:
            return Refused(name, advice)
    return Refused("forbidden", "X refused this; see whether the same works by hand on X.")


def _codes(told: Mapping[str, Any]) -> frozenset[int]:
    errors = told.get("errors")
    listed = [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
    return frozenset(one["code"] for one in [*listed, told] if isinstance(one.get("code"), int))


def until_reset_s(headers: Mapping[str, str], wall_s: float) -> float | None:
    """Seconds until the rate window opens again, None when the headers do not say; a whole second is added for clocks
    that differ."""
    reset = _number(headers, "x-rate-limit-reset")
    for name in ("x-app-limit-24hour", "x-user-limit-24hour"):
        if _number(headers, f"{name}-remaining") == 0:
            reset = _number(headers, f"{name}-reset") or reset
    if reset is not None:
        return max(0.0, reset - wall_s) + 1.0
    return _number(headers, "retry-after")


def pace_s(headers: Mapping[str, str], wall_s: float) -> float | None:
    """Seconds between calls that spread what is left of the window evenly over it; None when the headers do not say."""
    remaining, wait = _number(headers, "x-rate-limit-remaining"), until_reset_s(headers, wall_s)
    if remaining is None or wait is None:
        return None
    return wait / max(1.0, remaining)


def used_up(headers: Mapping[str, str]) -> bool:
    """True when the next call would be refused for its rate."""
    names = ("x-rate-limit-remaining", "x-app-limit-24hour-remaining", "x-user-limit-24hour-remaining")
    return any(_number(headers, name) == 0 for name in names)


def _number(headers: Mapping[str, str], name: str) -> float | None:
    try:
        return float(headers[name])
    except (KeyError, ValueError):
        return None
