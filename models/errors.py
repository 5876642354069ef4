"""The errors that cross a platform's border, named after what to do next.

PlatformError
├── TryLater          nothing happened over there; look again after `retry_after_s`
├── SignInAgain       the token is expired, revoked or lacks a scope; a person renews it
├── Refused           the platform said no and will say no again
└── OutcomeUnknown    the request left and no answer came: read back, then ask a person, never resend

Adapters translate their library's errors at the call, with `raise ... from`; nothing above them knows tweepy,
facebook-sdk, requests or Slack errors. `code` is short and stable (it is stored and logged); `advice` is one English
sentence for the admin. Neither ever holds a post's text, a name or a token.
"""

from __future__ import annotations


class PlatformError(Exception):
    """A platform did not do what was asked; `code` says what happened, `advice` what to do."""

    def __init__(self, code: str, advice: str) -> None:
        super().__init__(f"{code}: {advice}")
        self.code = code
        self.advice = advice


class TryLater(PlatformError):
    """Nothing happened over there; the same call may succeed after `retry_after_s` seconds (None: use own backoff)."""

    def __init__(self, code: str, advice: str, retry_after_s: float | None = None) -> None:
        super().__init__(code, advice)
        self.retry_after_s = retry_after_s


class SignInAgain(PlatformError):
    """The token no longer opens this door (expired, revoked, or a scope is missing); a person must renew it."""


class Refused(PlatformError):
    """The platform answered no, and would answer no again; nothing happened over there."""


class OutcomeUnknown(PlatformError):
    """The request left and no usable answer came back: it may have happened. Never resend; read back first."""
