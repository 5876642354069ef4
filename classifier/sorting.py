"""Sorts a brand's complaints into topics: what `heat.topics` decides, and the rows that remember it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from classifier.heat.topics import FADES_AFTER, MOST, Topics
from classifier.heat.topics import Topic as Known
from models.mentions import Mention
from models.verdicts import Topic, VerdictRow


class TopicSorter:
    """One brand's topics in memory, each as its row has it. To be thrown away when the caller's transaction fails."""

    def __init__(self, brand: str) -> None:
        self._brand = brand
        self._spaces: dict[str, Topics] = {}

    def sort(self, session: Session, mention_ids: Sequence[int], now: datetime) -> None:
        """Gives those of the mentions that are complaints their topic, in order of time, in the caller's transaction.

        Verdicts keep an embedding of complaints in public only, so nothing else has a topic; shares add no voice.
        """
        complaints = session.execute(
            select(VerdictRow.id, VerdictRow.embedding, VerdictRow.judge_version, Mention.created_at)
            .join(Mention, Mention.id == VerdictRow.mention_id)
            .where(Mention.id.in_(mention_ids), Mention.is_share.is_(False), VerdictRow.embedding.is_not(None))
            .order_by(Mention.created_at, Mention.id)
        ).all()
        told: list[dict[str, Any]] = []
        moved: dict[int, Known] = {}
        for row in complaints:
            topics = self._topics(session, _space(row.judge_version))
            said = min(row.created_at, now)  # a post from the future does not fade the others
            if topics.too_late(said):
                continue
            id = topics.nearest(row.embedding, said) or self._begin(session, _space(row.judge_version), said)
            moved[id] = topics.join(id, row.embedding, said)
            told.append({"id": row.id, "topic_id": id})
        if told:
            kept = ("id", "centroid", "weight", "newest_at")
            session.execute(update(Topic), [{name: getattr(one, name) for name in kept} for one in moved.values()])
            session.execute(update(VerdictRow), told)

    def _topics(self, session: Session, space: str) -> Topics:
        if space not in self._spaces:
            self._spaces[space] = _read(session, self._brand, space)
        return self._spaces[space]

    def _begin(self, session: Session, space: str, at: datetime) -> int:
        row = Topic(brand=self._brand, space=space, centroid=b"", weight=0.0, newest_at=at)
        session.add(row)
        session.flush()
        return row.id


def _space(judge_version: str) -> str:
    """Which network's embeddings these are: what a shop taught its judge changes the verdicts, not them."""
    return judge_version.split("+", 1)[0]


def _read(session: Session, brand: str, space: str) -> Topics:
    """The brand's live topics, as the last run left them."""
    ours = (Topic.brand == brand, Topic.space == space)
    newest = session.scalar(select(func.max(Topic.newest_at)).where(*ours))
    if newest is None:
        return Topics()
    live = session.scalars(
        select(Topic)
        .where(*ours, Topic.newest_at >= newest - FADES_AFTER)
        .order_by(Topic.newest_at.desc(), Topic.id.desc())
        .limit(MOST)
    )
    return Topics(Known(row.id, row.centroid, row.weight, row.newest_at) for row in live)
