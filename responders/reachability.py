"""How a reply can reach the customer: by the platform's API, by a person's own hand, or not at all, and until when.

The codes in `Route.why`, which cards put into words:

    code                   kind     means
    open                   api      the platform takes our reply
    human_agent            api      past 24 hours; goes out as a person's message, which the platform granted us
    not_summoned           by_hand  X takes replies from an app only when the author mentioned or quoted us
    replies_limited        by_hand  the author limited who can reply
    no                     by_hand  the platform takes no replies from an app here
    human_agent_missing    by_hand  past 24 hours, and the right to answer later through the API is not granted;
                                    the platform's own inbox still takes a person's answer
    window_closed          none     past 7 days: nothing goes through until the customer writes again;
                                    an e-mail reaches them if they gave us an address
    customer_not_written   none     a direct message may only answer one
    taken_in               by_hand  a person brought it from where no API reaches; they answer there themselves
    recorded               none     a recorded stream; there is nobody at the other end
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from responders.ports import Window

RESPONSE_WINDOW = timedelta(hours=24)
HUMAN_AGENT_WINDOW = timedelta(days=7)


class RouteKind(StrEnum):
    """Who carries the reply over."""

    API = "api"
    BY_HAND = "by_hand"
    NONE = "none"


@dataclass(frozen=True)
class Route:
    """The way to the customer. `until` is when this way closes, None when it does not; `why` is a code from above.

    `then` is the code of the way that is left after `until`.
    """

    kind: RouteKind
    why: str
    window: Window = Window.NONE
    until: datetime | None = None
    then: str = ""


def reach(
    *,
    channel: str,
    place: str,
    replyable: str,
    last_from_customer: datetime | None,
    now: datetime,
    human_agent_granted: bool,
) -> Route:
    """The route for a reply that leaves `now`; ask again at the moment of sending, for windows close.

    `place` and `replyable` are the listener's values. `last_from_customer` is when the customer last wrote in this
    conversation of direct messages.
    """
    if channel == "replay" or replyable == "recorded":
        return Route(RouteKind.NONE, "recorded")
    if replyable != "yes":
        return Route(RouteKind.BY_HAND, replyable)
    if place != "dm":
        return Route(RouteKind.API, "open")
    if last_from_customer is None:
        return Route(RouteKind.NONE, "customer_not_written")
    if channel != "facebook":
        return Route(RouteKind.API, "open")
    return _messenger(last_from_customer, now, human_agent_granted)


def _messenger(last_from_customer: datetime, now: datetime, human_agent_granted: bool) -> Route:
    response_until = last_from_customer + RESPONSE_WINDOW
    if now < response_until:
        then = "human_agent" if human_agent_granted else "human_agent_missing"
        return Route(RouteKind.API, "open", Window.RESPONSE, response_until, then)
    agent_until = last_from_customer + HUMAN_AGENT_WINDOW
    if now >= agent_until:
        return Route(RouteKind.NONE, "window_closed")
    if human_agent_granted:
        return Route(RouteKind.API, "human_agent", Window.HUMAN_AGENT, agent_until, "window_closed")
    return Route(RouteKind.BY_HAND, "human_agent_missing", Window.NONE, agent_until, "window_closed")
