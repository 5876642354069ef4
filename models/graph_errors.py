"""What a Graph API error means for us, decided by its numbers alone: message texts change and are translated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.errors import OutcomeUnknown, PlatformError, Refused, SignInAgain, TryLater

TOKEN_GONE = {102, 190}
THROTTLED = {4, 17, 32, 613}
PERMISSION = {3, 10, *range(200, 300)}
TROUBLE_OVER_THERE = {1, 2, 1200}
WINDOW_CLOSED_SUBCODES = {2018065, 2018278, 2534022}
PAGE_RESTRICTED_SUBCODE = 1893063
PERSON_UNREACHABLE_SUBCODES = {1545041, 2018001, 2018108}
PERSON_UNREACHABLE = 551
NO_SUCH_OBJECT_SUBCODE = 33
NO_SUCH_OBJECT = 803
BAD_PARAMETER = 100
BLOCKED_BY_POLICY = 368
DEAD_VERSION = 2635


def graph_error(
    answer: object, *, status: int, needs: str, writing: bool, regain_s: float | None = None
) -> PlatformError:
    """The error to raise for Graph's error `answer`; `needs` is the permission that the call takes.

    Where the effect of a write is in doubt it is OutcomeUnknown; a read in the same place is TryLater.
    """
    error = answer.get("error") if isinstance(answer, Mapping) else None
    if not isinstance(error, Mapping):
        return in_doubt("unreadable_answer", writing)
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    if code in TOKEN_GONE:
        return SignInAgain(
            "token_expired",
            "The Facebook Page token is expired or revoked: make a new one for PALOVAHTI_FACEBOOK_PAGE_TOKEN.",
        )
    if code == DEAD_VERSION:
        return Refused(
            "dead_version", "Facebook no longer speaks this Graph version: set facebook.graph_version to a newer one."
        )
    if code in THROTTLED or 80000 <= code < 80100:
        return TryLater("throttled", "Facebook asks us to slow down; we wait and go on by ourselves.", regain_s)
    if subcode in WINDOW_CLOSED_SUBCODES:
        return Refused(
            "window_closed", "Messenger no longer takes a reply: too long since the customer's last message."
        )
    if subcode == PAGE_RESTRICTED_SUBCODE:
        return Refused("page_restricted", "Facebook has barred this Page from sending messages: see its Page Quality.")
    if subcode in PERSON_UNREACHABLE_SUBCODES or code == PERSON_UNREACHABLE:
        return Refused("person_unreachable", "Messenger cannot reach this person: blocked us, or closed the account.")
    if code in PERMISSION:
        return SignInAgain(
            "missing_permission", f"The Facebook Page token lacks {needs}: grant it to the app and make a new token."
        )
    if code == BLOCKED_BY_POLICY:
        return Refused("blocked_by_policy", "Facebook holds this action to be against its rules for now.")
    if subcode == NO_SUCH_OBJECT_SUBCODE or code == NO_SUCH_OBJECT:
        return Refused("gone", "It is deleted or hidden from us on Facebook.")
    if code in TROUBLE_OVER_THERE or error.get("is_transient") is True or status >= 500:
        return in_doubt("platform_trouble", writing)
    if code == BAD_PARAMETER:
        return Refused(
            "bad_parameter",
            "Facebook did not accept the call; if the app demands secret proofs, set PALOVAHTI_FACEBOOK_APP_SECRET.",
        )
    return Refused(f"graph_{code}", f"Facebook refused with its error {code}.")


def in_doubt(code: str, writing: bool) -> PlatformError:
    """No usable answer: after a write nobody knows what happened, after a read nothing did."""
    if writing:
        return OutcomeUnknown(code, "Facebook did not say whether it took the reply: look in the thread.")
    return TryLater(code, "Facebook has trouble answering; we try again by ourselves.")


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0
