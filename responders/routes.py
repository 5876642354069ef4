"""The way to the customer of one mention, and how long a reply there may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.mentions import Mention
from responders.lengths import Limit
from responders.publishers import x_length
from responders.reachability import Route, reach

Limits = Mapping[tuple[str, bool], Limit]  # by channel, and whether it is a direct message

LONGEST_OTHER = Limit(8000)


@dataclass(frozen=True)
class Abilities:
    """What the platforms have granted us. `human_agent`: Meta's feature for answers up to seven days later."""

    human_agent: bool = False


def limits() -> Limits:
    """The platforms' own limits: X 280 weighted and 10,000 in a DM, Facebook comments 8,000, Messenger 2,000."""
    return {
        ("x", False): Limit(x_length.LONGEST, x_length.length),
        ("x", True): Limit(10_000),
        ("facebook", False): Limit(8000),
        ("facebook", True): Limit(2000),
    }


def limit_for(known: Limits, channel: str, private: bool) -> Limit:
    """The limit of a channel; a recorded stream's replies go nowhere and have a long one."""
    return known.get((channel, private), LONGEST_OTHER)


def route_for(session: Session, mention: Mention, abilities: Abilities, now: datetime) -> Route:
    """The route for a reply to `mention` that leaves `now`."""
    last_from_customer = None
    if mention.place == "dm":
        last_from_customer = session.scalar(
            select(func.max(Mention.created_at)).where(
                Mention.thread_id == mention.thread_id, Mention.from_us.is_(False)
            )
        )
    return reach(
        channel=mention.channel,
        place=mention.place,
        replyable=mention.replyable,
        last_from_customer=last_from_customer,
        now=now,
        human_agent_granted=abilities.human_agent,
    )
