"""Where a card can be opened: the address Slack gives it, made from the workspace's own and asked of nobody."""

from __future__ import annotations

import re

from responders.slack.escaping import safe_url

_CHANNEL, _TS = re.compile(r"[CGD][A-Z0-9]+"), re.compile(r"\d+\.\d+")


def permalink(workspace_url: str, channel: str, ts: str) -> str | None:
    """As chat.getPermalink gives it, without a call for each row; None where one of the three is not what it should be.

    `workspace_url` is auth.test's, such as https://shop.slack.com/.
    """
    base = safe_url(workspace_url)
    if base is None or not _CHANNEL.fullmatch(channel) or not _TS.fullmatch(ts):
        return None
    return f"{base.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"
