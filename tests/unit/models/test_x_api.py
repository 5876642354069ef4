"""What X's error answers and rate headers ask us to do. The bodies are those X sends, as reported in public threads."""

from __future__ import annotations

import pytest

from models.errors import PlatformError, Refused, SignInAgain, TryLater
from models.x_api import pace_s, problem, until_reset_s, used_up

NOW = 1_000.0


def blank(detail: str) -> dict[str, object]:
    return {"detail": detail, "type": "about:blank", "title": "Forbidden", "status": 403}


PLAN = {
    "errors": [{"message": "You currently have access to a subset of X API V2 endpoints.", "code": 453}],
}
ENROL = {
    "reason": "user-not-enrolled",
    "type": "https://api.x.com/2/problems/client-forbidden",
    "required_enrollment": "Pay-per-use",
    "detail": "This request is billed to the authenticated user.",
}
SCOPE = {
    "title": "Forbidden",
    "type": "https://api.twitter.com/2/problems/oauth1-permissions",
    "status": 403,
    "detail": "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.",
}
CAP = {"title": "UsageCapExceeded", "type": "https://api.twitter.com/2/problems/usage-capped", "period": "Monthly"}
ENGAGED = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author"
)


@pytest.mark.parametrize(
    ("status", "body", "error", "code"),
    [
        (400, {"title": "Invalid Request"}, Refused, "invalid_request"),
        (401, blank("Unauthorized"), SignInAgain, "token_refused"),
        (402, {"title": "CreditsDepleted"}, TryLater, "spending_limit"),
        (403, PLAN, Refused, "plan_lacks_this"),
        (403, ENROL, Refused, "plan_lacks_this"),
        (403, SCOPE, SignInAgain, "permission_missing"),
        (403, {"errors": [{"code": 326}]}, SignInAgain, "account_locked"),
        (403, blank("You are not allowed to create a Tweet with duplicate content."), Refused, "duplicate"),
        (403, {"errors": [{"code": 187}]}, Refused, "duplicate"),
        (403, blank(ENGAGED), Refused, "not_summoned"),
        (
            403,
            blank("You attempted to reply to a Tweet that is deleted or not visible to you."),
            Refused,
            "parent_gone",
        ),
        (403, blank("Your Tweet text is too long."), Refused, "too_long"),
        (403, blank("You do not have permission to DM one or more participants."), Refused, "dm_closed"),
        (403, blank("Something new"), Refused, "forbidden"),
        (403, None, Refused, "forbidden"),
        (403, ["odd"], Refused, "forbidden"),
        (403, {"errors": "odd", "detail": None}, Refused, "forbidden"),
        (404, None, Refused, "not_found"),
        (429, None, TryLater, "rate_limited"),
        (429, CAP, TryLater, "spending_limit"),
        (500, None, TryLater, "x_down"),
        (503, {"title": "Service Unavailable"}, TryLater, "x_down"),
    ],
)
def test_each_answer_has_its_meaning(status: int, body: object, error: type[PlatformError], code: str) -> None:
    found = problem(status, {}, body, NOW)
    assert (type(found), found.code) == (error, code)


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({}, None),
        ({"x-rate-limit-reset": "1060"}, 61.0),
        ({"x-rate-limit-reset": "900"}, 1.0),
        ({"x-rate-limit-reset": "soon"}, None),
        ({"retry-after": "30"}, 30.0),
        (
            {
                "x-rate-limit-reset": "1060",
                "x-user-limit-24hour-remaining": "0",
                "x-user-limit-24hour-reset": "8000",
            },
            7001.0,
        ),
    ],
)
def test_429_waits_for_the_reset_x_names(headers: dict[str, str], wait_s: float | None) -> None:
    found = problem(429, headers, None, NOW)
    assert isinstance(found, TryLater)
    assert found.retry_after_s == wait_s == until_reset_s(headers, NOW)


def test_what_is_left_of_a_window_is_spread_over_it() -> None:
    assert pace_s({"x-rate-limit-remaining": "14", "x-rate-limit-reset": "1899"}, NOW) == pytest.approx(900 / 14)
    assert pace_s({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "1899"}, NOW) == 900
    assert pace_s({}, NOW) is None


def test_any_limit_at_nought_is_used_up() -> None:
    assert used_up({"x-rate-limit-remaining": "0"})
    assert used_up({"x-rate-limit-remaining": "5", "x-app-limit-24hour-remaining": "0"})
    assert not used_up({"x-rate-limit-remaining": "1"})
    assert not used_up({})
