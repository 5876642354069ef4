"""Who stands in a Slack user group, and who has left the workspace: asked from Slack, believed for a minute."""

from __future__ import annotations

import http.client
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from models.errors import PlatformError, TryLater
from responders.roles import UNKNOWN
from responders.slack.errors import translated
from responders.slack.listening import Body, Listen, Listening

logger = logging.getLogger(__name__)

BELIEVED_S = 60.0
"""After so long Slack is asked again, even where none of its events told of a change."""
STALE_AFTER_S = 300.0
"""While Slack cannot be asked, what it said last is believed for so long and no longer."""
LEFT_ALONE_S = 5.0
"""After a call that failed Slack is not asked again for so long, so that a press waits for one call, not five."""
ASK_WITHIN_S = 2
"""A window's answer has to reach Slack within 3 seconds of its press."""

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class _Known(Generic[Answer]):
    answer: Answer
    at: float


class Groups:
    """Meets responders.roles.Staff. Every call may raise TryLater: then it is not known, and nobody may act on it.

    What an event tells to have changed is forgotten at once, and asked anew by the next act.
    """

    def __init__(self, client: WebClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = WebClient(
            token=client.token, base_url=client.base_url, timeout=ASK_WITHIN_S, retry_handlers=[], logger=client.logger
        )
        self._clock = clock
        self._lock = threading.Lock()
        self._members: dict[str, _Known[frozenset[str]]] = {}
        self._left: dict[str, _Known[bool]] = {}
        self._changes = 0  # an answer that was asked for before a change is not kept after it
        self._quiet_until = float("-inf")

    def members(self, group_id: str) -> frozenset[str]:
        """The Slack ids in the group; nobody where there is no such group, or it is switched off."""
        return self._known(self._members, group_id, lambda: self._ask_members(group_id))

    def has_left(self, user_id: str) -> bool:
        """Whether the person's account is deactivated, or is none of this workspace."""
        return self._known(self._left, user_id, lambda: self._ask_left(user_id))

    def group_changed(self, group_id: str) -> None:
        with self._lock:
            self._changes += 1
            self._members.pop(group_id, None)
            self._quiet_until = float("-inf")

    def person_changed(self, user_id: str, left: bool) -> None:
        """What the event itself says: who has left has left, also while Slack cannot be asked."""
        with self._lock:
            self._changes += 1
            self._left[user_id] = _Known(left, self._clock())

    def _known(self, kept: dict[str, _Known[Answer]], key: str, ask: Callable[[], Answer]) -> Answer:
        with self._lock:
            known, now, changes = kept.get(key), self._clock(), self._changes
            may_ask = now >= self._quiet_until
        if known is not None and now - known.at <= BELIEVED_S:
            return known.answer
        problem: Exception | None = None
        if may_ask:
            try:
                answer = ask()
            except (SlackClientError, OSError, http.client.HTTPException) as error:
                problem = self._failed(error)
            else:
                with self._lock:
                    if changes == self._changes:
                        kept[key] = _Known(answer, now)
                return answer
        if known is not None and now - known.at <= STALE_AFTER_S:
            return known.answer
        raise TryLater(
            UNKNOWN, "Slack does not say who is in the user groups. `palovahti check` tells why."
        ) from problem

    def _failed(self, error: Exception) -> PlatformError:
        problem = translated(error, repeatable=True)
        with self._lock:
            self._quiet_until = self._clock() + LEFT_ALONE_S
        logger.warning("slack rights not known code=%s", problem.code)
        return problem

    def _ask_members(self, group_id: str) -> frozenset[str]:
        try:
            return frozenset(self._client.usergroups_users_list(usergroup=group_id)["users"])
        except SlackApiError as error:
            if error.response.get("error") == "no_such_subteam":
                return frozenset()
            raise

    def _ask_left(self, user_id: str) -> bool:
        try:
            return bool(self._client.users_info(user=user_id)["user"].get("deleted"))
        except SlackApiError as error:
            if error.response.get("error") in ("user_not_found", "user_not_visible"):
                return True
            raise


def listen_for_staff(groups: Groups) -> Listen:
    """Hears who joined or left a group or the workspace, and lets go of what is known of them."""

    def listen(listening: Listening) -> None:
        @listening.app.event("subteam_members_changed")
        def members_changed(event: Body) -> None:
            groups.group_changed(str(event["subteam_id"]))
            logger.info("slack group changed group=%s", event["subteam_id"])

        @listening.app.event("subteam_updated")
        def group_updated(event: Body) -> None:
            groups.group_changed(str(event["subteam"]["id"]))
            logger.info("slack group changed group=%s", event["subteam"]["id"])

        @listening.app.event("user_change")
        def person_changed(event: Body) -> None:
            user = event["user"]
            groups.person_changed(str(user["id"]), bool(user.get("deleted")))
            if user.get("deleted"):
                logger.info("slack person left user=%s", user["id"])

    return listen
