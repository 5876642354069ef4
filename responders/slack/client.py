"""Slack's Web API client as we use it everywhere: with a timeout, without surprises, and silent about texts."""

from __future__ import annotations

import logging

from slack_sdk import WebClient

SLACK_API = "https://slack.com/api/"


def quiet_logger(name: str) -> logging.Logger:
    """A logger that stays above DEBUG, where the Slack libraries write whole messages and tokens, and says no more than
    we do ourselves.
    """
    logger = logging.getLogger(name)
    ours = logger.parent.getEffectiveLevel() if logger.parent else logging.INFO
    logger.setLevel(max(logging.INFO, ours))
    return logger


def web_client(token: str, base_url: str | None = None, timeout_s: int = 10) -> WebClient:
    """A client that never repeats a call by itself: the library's own retry after a dropped connection would post
    the same card twice.
    """
    return WebClient(
        token=token,
        base_url=base_url or SLACK_API,
        timeout=timeout_s,
        retry_handlers=[],
        logger=quiet_logger("responders.slack.web"),
    )
