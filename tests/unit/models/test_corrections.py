"""What people put right is kept whole, and the last word on a mention counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from models.audit import AuditEntry
from models.base import Sessions
from models.corrections import Correction, latest_corrections, store_correction
from models.verdicts import VerdictRow
from tests.builders import ANNA, MIKAEL, NOON, a_comment, judge_all, mentions, store_posts


def put_right(store: Sessions, mention_id: int, label: str, by: str = ANNA.id, minutes: int = 0) -> Correction:
    with store.begin() as session:
        return store_correction(
            session, mention_id, label=label, high_arousal=True, reasons=["praise", "delivery"], flags=["safety"],
            by=by, at=NOON + timedelta(minutes=minutes), case_id=7,
        )  # fmt: skip


def a_judged_mention(store: Sessions, text: str = "Aivan surkea") -> int:
    store_posts(store, a_comment(text))
    judge_all(store)
    return mentions(store)[-1].id


def test_a_correction_stands_beside_what_the_judge_said(store: Sessions) -> None:
    mention = a_judged_mention(store)
    kept = put_right(store, mention, "positive")
    assert (kept.channel, kept.judge_version, kept.language, kept.label) == ("facebook", "fake-1", "fi", "positive")
    assert (kept.reasons, kept.flags) == (["delivery", "praise"], ["safety"])
    assert (kept.before["label"], kept.before["negative"], kept.before["abstained"]) == ("negative", 0.9, False)


def test_every_correction_is_kept_and_the_last_one_counts(store: Sessions) -> None:
    first, second = a_judged_mention(store), a_judged_mention(store, "Toinen")
    put_right(store, first, "positive")
    put_right(store, second, "neutral")
    with store.begin() as session:  # the correction takes the verdict's place
        session.scalars(select(VerdictRow).where(VerdictRow.mention_id == first)).one().label = "positive"
    put_right(store, first, "neutral", by=MIKAEL.id, minutes=5)
    with store() as session:
        assert len(session.scalars(select(Correction)).all()) == 3
        latest = {one.mention_id: one for one in latest_corrections(session)}
    assert (latest[first].label, latest[first].by) == ("neutral", MIKAEL.id)
    assert latest[first].before["label"] == "negative"  # the judge's, not the first person's
    assert latest[second].label == "neutral"


def test_the_trail_names_who_and_which_and_never_the_words(store: Sessions) -> None:
    mention = a_judged_mention(store)
    kept = put_right(store, mention, "positive")
    with store() as session:
        line = session.scalars(select(AuditEntry).where(AuditEntry.action == "verdict.corrected")).one()
    assert (line.actor, line.case_id) == (ANNA.id, 7)
    assert line.detail == {"mention": mention, "correction": kept.id}


def test_what_nobody_judged_cannot_be_put_right(store: Sessions) -> None:
    store_posts(store, a_comment())
    with pytest.raises(NoResultFound):
        put_right(store, mentions(store)[-1].id, "positive")
