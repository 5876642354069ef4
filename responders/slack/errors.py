"""Slack's failures as models.errors, each with what the admin can do about it."""

from __future__ import annotations

from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError

from models.errors import OutcomeUnknown, PlatformError, Refused, SignInAgain, TryLater

_SIGN_IN = {
    "invalid_auth": "The bot token is not valid. Copy it again from the app's OAuth & Permissions page.",
    "not_authed": "No bot token was sent. Set the Slack bot token.",
    "account_inactive": "The app or its workspace was deactivated. Install the app again and set the new token.",
    "token_revoked": "The bot token was revoked. Install the app again and set the new token.",
    "token_expired": "The bot token has expired. Install the app again, with token rotation off.",
    "not_allowed_token_type": "This is not a bot token. Use the one that starts with xoxb-.",
    "missing_scope": "The app lacks a scope. Compare its scopes with docs/slack.md, then install it again.",
    "no_permission": "The app lacks a permission. Compare its scopes with docs/slack.md, then install it again.",
    "org_login_required": "The workspace is moving to an organisation. Install the app again when it is done.",
    "ekm_access_denied": "The workspace's owners have suspended access to it. Ask them.",
    "access_denied": "The workspace does not let the app in. Ask its owners.",
}
_REFUSED = {
    "not_in_channel": "The bot is not in the channel. Invite it there: /invite @Palovahti.",
    "channel_not_found": "There is no such channel, or it is private and the bot is not in it. "
    "Check the channel in the settings and invite the bot.",
    "is_archived": "The channel is archived. Open it again or choose another in the settings.",
    "restricted_action": "The workspace lets only some people post in the channel. Allow the app to post there.",
    "msg_too_long": "The card's text is too long for Slack.",
    "msg_blocks_too_long": "The card is too long for Slack.",
    "invalid_blocks": "Slack does not take the card's blocks.",
    "message_not_found": "The card was deleted in Slack.",
    "cant_update_message": "The card was posted by another app and cannot be redrawn.",
    "edit_window_closed": "The workspace does not let messages be edited this late. Allow editing for the app.",
}
_LATER = frozenset({"ratelimited", "rate_limited", "service_unavailable", "team_added_to_org", "accesslimited"})
_PERHAPS_DONE = frozenset({"fatal_error", "internal_error", "request_timeout"})


def translated(error: Exception, *, repeatable: bool) -> PlatformError:
    """The error to raise instead. A `repeatable` call (a read, a redraw) that may have happened is simply tried again;
    any other is OutcomeUnknown.
    """
    if isinstance(error, SlackApiError):
        return _answered(error, repeatable)
    if isinstance(error, URLError) and isinstance(error.reason, ConnectionRefusedError | OSError):
        if not isinstance(error.reason, TimeoutError | ConnectionResetError | BrokenPipeError):
            return TryLater("unreachable", "Slack could not be reached. Check the network and the name service.")
    elif isinstance(error, SlackClientError):
        return Refused("bad_request", "The Slack library would not send the call.")
    if repeatable:
        return TryLater("no_answer", "Slack did not answer. Check the network.")
    return OutcomeUnknown("no_answer", "Slack did not answer, so the card may or may not be there.")


def _answered(error: SlackApiError, repeatable: bool) -> PlatformError:
    status = int(getattr(error.response, "status_code", 0) or 0)
    code = str(error.response.get("error") or "unknown")
    if status == 429 or code in _LATER:
        return TryLater("rate_limited", "Slack asks us to slow down.", _retry_after(error))
    if status >= 500 or code in _PERHAPS_DONE or " " in code:
        # A code with spaces is the library's own sentence about an answer that was not JSON.
        if repeatable:
            return TryLater("server_error", "Slack is having trouble.")
        return OutcomeUnknown("server_error", "Slack failed half-way, so the card may or may not be there.")
    if code in _SIGN_IN:
        return SignInAgain(code, _SIGN_IN[code])
    return Refused(code, _REFUSED.get(code, "Slack said no; docs.slack.dev explains the code."))


def _retry_after(error: SlackApiError) -> float | None:
    headers = {str(name).lower(): value for name, value in dict(error.response.headers or {}).items()}
    try:
        return max(0.0, float(headers["retry-after"]))
    except (KeyError, TypeError, ValueError):
        return None
