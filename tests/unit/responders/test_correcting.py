"""A person puts a reading right: it is kept with who, when and what stood before, and counts at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from classifier.verdict import Abstention
from migrations import upgrade
from models.audit import AuditEntry
from models.base import Sessions, open_engine, open_sessions
from models.corrections import Correction
from models.jobs import Job, JobKind
from models.states import ReplyState
from models.verdicts import VerdictRow
from responders.correcting import Correcting
from responders.playbooks.playbook import FLAGS, REASONS
from responders.roles import Everybody, NamedRoles, Role
from responders.routes import limits
from responders.slack.actions import Corrected, Draft, Person, Reading, Said
from responders.suggest import Suggester
from tests.builders import (
    ANNA,
    MIKAEL,
    NOON,
    SHOP,
    a_comment,
    a_dm,
    a_draft,
    a_post,
    approvals,
    cases,
    considering,
    heat,
    judge_all,
    mentions,
    minutes,
    playbooks,
    put_reply,
    replies,
    store_posts,
    the_reply,
    trail,
)

ANGRY = Said("negative", True, frozenset({"delivery"}), frozenset({"legal"}))
HAPPY = Said("positive", False, frozenset({"praise"}), frozenset())
CALM = Said("neutral", False, frozenset(), frozenset())


def correcting(store: Sessions, **named: Any) -> Correcting:
    given: dict[str, Any] = {
        "clock": lambda: NOON + minutes(5), "wall": lambda: NOON + minutes(5),
        "suggester": Suggester(playbooks(), SHOP, limits()), "explain": lambda _: (), "roles": Everybody(),
    }  # fmt: skip
    return Correcting(sessions=store, **(given | named))


def the_reading(store: Sessions, case_id: int) -> Reading:
    reading = correcting(store).reading(case_id)
    assert reading is not None
    return reading


def correct(store: Sessions, case_id: int, said: Said, who: Person = ANNA, **named: Any) -> Corrected:
    """What `who` says of the case's mention after reading what stands there now."""
    reading = the_reading(store, case_id)
    return correcting(store, **named).correct(case_id, reading.mention_id, reading.correction, said, who)


def verdicts(store: Sessions) -> list[VerdictRow]:
    with store() as session:
        return list(session.scalars(select(VerdictRow).order_by(VerdictRow.mention_id)))


def corrections(store: Sessions) -> list[Correction]:
    with store() as session:
        return list(session.scalars(select(Correction).order_by(Correction.id)))


def cards_asked_for(store: Sessions) -> set[str]:
    with store() as session:
        return set(session.scalars(select(Job.key).where(Job.kind == JobKind.SHOW_CARD, Job.urgent)))


def test_a_reading_has_the_judges_figures_and_what_counts_now(store: Sessions) -> None:
    store_posts(store, a_dm("Missä pakettini on?"))
    judge_all(store, reasons={"delivery": 0.8, "praise": 0.1}, flags={"legal": 0.6}, arousal=0.7)
    considering().consider_waiting(sessions=store, now=NOON, wall=NOON)
    reading = the_reading(store, cases(store)[0].id)
    assert (reading.text, reading.channel, reading.judge_version) == ("Missä pakettini on?", "x", "fake-1")
    assert (reading.label, reading.shares) == ("neutral", {"negative": 0.1, "neutral": 0.8, "positive": 0.1})
    assert reading.reasons == {"delivery": 0.8, "praise": 0.1}
    assert reading.now == Said("neutral", True, frozenset({"delivery"}), frozenset({"legal"}))
    assert (reading.correction, reading.corrected_by, reading.corrected_at) == (0, None, None)


def test_a_case_about_no_text_has_no_reading(store: Sessions) -> None:
    heat(store, None, "warning", brand=True)
    considering().consider_waiting(sessions=store, now=NOON, wall=NOON)
    assert correcting(store).reading(cases(store)[0].id) is None
    assert correcting(store).reading(999) is None


def test_a_correction_is_kept_with_who_when_and_what_the_judge_had_said(store: Sessions) -> None:
    draft = a_draft(store, a_dm())
    assert correct(store, draft.case_id, ANGRY).code == "stored"
    [row] = corrections(store)
    assert (row.label, row.high_arousal, row.reasons, row.flags) == ("negative", True, ["delivery"], ["legal"])
    assert (row.by, row.at, row.judge_version, row.channel) == ("U0ANNA", NOON + minutes(5), "fake-1", "x")
    assert (row.before["label"], row.before["neutral"], row.before["arousal"]) == ("neutral", 0.8, 0.1)
    with store() as session:
        line = session.scalars(select(AuditEntry).where(AuditEntry.action == "verdict.corrected")).one()
    assert (line.actor, line.case_id) == ("U0ANNA", draft.case_id)
    assert "paketti" not in str(line.detail).lower()


def test_it_counts_at_once_and_the_judges_own_figures_are_still_shown(store: Sessions) -> None:
    draft = a_draft(store, a_dm())
    correct(store, draft.case_id, ANGRY)
    [verdict] = verdicts(store)
    assert (verdict.label, verdict.negative, verdict.neutral, verdict.positive) == ("negative", 1.0, 0.0, 0.0)
    assert verdict.arousal == 1.0
    assert verdict.reasons == {name: float(name == "delivery") for name in REASONS}
    assert verdict.flags == {name: float(name == "legal") for name in FLAGS}
    reading = the_reading(store, draft.case_id)
    assert (reading.label, reading.shares["neutral"], reading.arousal) == ("neutral", 0.8, 0.1)
    assert (reading.now, reading.corrected_by, reading.corrected_at) == (ANGRY, "U0ANNA", NOON + minutes(5))


def test_what_the_judge_said_stays_the_judges_after_a_second_correction(store: Sessions) -> None:
    draft = a_draft(store, a_dm())
    assert correct(store, draft.case_id, ANGRY).ok
    assert correct(store, draft.case_id, HAPPY, MIKAEL).code == "stored"
    reading = the_reading(store, draft.case_id)
    assert (reading.label, reading.now, reading.corrected_by) == ("neutral", HAPPY, "U0MIKAEL")
    assert [row.label for row in corrections(store)] == ["negative", "positive"]


def test_the_draft_is_made_anew_and_the_card_is_redrawn(store: Sessions) -> None:
    draft = a_draft(store, a_dm("Kiitos tästä todella nopeasta toimituksesta!"))
    done = correct(store, draft.case_id, replace(ANGRY, flags=frozenset()))
    assert (done.code, done.draft) == ("stored", Draft.NEW)
    reply = the_reply(store, draft.id)
    assert reply.text != draft.text
    assert reply.version == draft.version + 1
    assert "reply.redrafted" in trail(store)
    assert cards_asked_for(store) == {str(draft.case_id)}


def test_a_draft_that_comes_out_the_same_is_not_said_to_have_changed(store: Sessions) -> None:
    draft = a_draft(store, a_dm("Missä pakettini viipyy?"))
    assert correct(store, draft.case_id, Said("neutral", True, frozenset(), frozenset())).draft is Draft.SAME
    assert the_reply(store, draft.id).version == draft.version


@pytest.mark.parametrize(
    "taken_up",
    [
        {"state": ReplyState.DRAFTED, "edited_by": "Mikael Öst"},
        {"state": ReplyState.DRAFTED, "suggestion_rank": 1},
        {"state": ReplyState.APPROVED},
        {"state": ReplyState.UNCONFIRMED},
        {"state": ReplyState.REFUSED},
    ],
)
def test_a_reply_that_somebody_took_up_is_left_as_it_is(store: Sessions, taken_up: dict[str, Any]) -> None:
    draft = a_draft(store, a_dm("Kiitos tästä todella nopeasta toimituksesta!"))
    put_reply(store, draft.id, **taken_up)
    done = correct(store, draft.case_id, ANGRY)
    assert (done.code, done.draft) == ("stored", Draft.KEPT)
    assert (the_reply(store, draft.id).text, the_reply(store, draft.id).version) == (draft.text, draft.version)


def test_a_closed_case_is_corrected_without_a_new_draft(store: Sessions) -> None:
    draft = a_draft(store, a_dm())
    approvals(store).reject(draft.id, 1, "Roskaa", MIKAEL)
    assert correct(store, draft.case_id, ANGRY) == Corrected("stored", "x", Draft.SAME)
    assert len(replies(store)) == 1


def test_the_alert_of_the_thread_is_redrawn_too(store: Sessions) -> None:
    store_posts(store, a_comment("Surkea palvelu, missä pakettini on?"))
    judge_all(store)
    considering().consider_waiting(sessions=store, now=NOON, wall=NOON)
    heat(store, mentions(store)[0].thread_id, "warning")
    considering().consider_waiting(sessions=store, now=NOON, wall=NOON)
    contact, alert = cases(store, "contact")[0], cases(store, "alert")[0]
    done = correct(store, contact.id, replace(HAPPY, reasons=frozenset()))
    assert done.channel == "facebook"
    assert cards_asked_for(store) == {str(contact.id), str(alert.id)}


def test_who_comes_second_is_told_who_was_first_and_stores_nothing(store: Sessions) -> None:
    draft = a_draft(store, a_dm())
    seen = the_reading(store, draft.case_id)
    assert correct(store, draft.case_id, ANGRY).ok
    done = correcting(store).correct(draft.case_id, seen.mention_id, seen.correction, HAPPY, MIKAEL)
    assert done == Corrected("corrected_meanwhile", "x", by_id="U0ANNA", at=NOON + minutes(5))
    assert not done.ok
    assert verdicts(store)[0].label == "negative"
    assert len(corrections(store)) == 1


def test_a_submission_that_comes_twice_is_stored_once(store: Sessions) -> None:
    draft = a_draft(store, a_dm())
    seen = the_reading(store, draft.case_id)
    codes = [
        correcting(store).correct(draft.case_id, seen.mention_id, seen.correction, ANGRY, ANNA).code for _ in range(3)
    ]
    assert codes == ["stored", "again", "again"]
    assert len(corrections(store)) == trail(store).count("verdict.corrected") == 1


@pytest.fixture
def on_disk(tmp_path: Path) -> Iterator[Sessions]:
    engine = open_engine(f"sqlite:///{tmp_path / 'p.db'}")
    upgrade(engine)
    yield open_sessions(engine)
    engine.dispose()


def test_of_four_people_at_once_one_corrects(on_disk: Sessions) -> None:
    draft = a_draft(on_disk, a_dm())
    seen, desk = the_reading(on_disk, draft.case_id), correcting(on_disk)
    barrier, codes = threading.Barrier(4), []

    def act(number: int) -> None:
        barrier.wait()
        who = Person(f"U{number}", f"Henkilö {number}")
        codes.append(desk.correct(draft.case_id, seen.mention_id, seen.correction, ANGRY, who).code)

    threads = [threading.Thread(target=act, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["corrected_meanwhile"] * 3 + ["stored"]
    assert len(corrections(on_disk)) == 1


def test_what_is_read_so_already_is_no_correction(store: Sessions) -> None:
    draft = a_draft(store, a_dm())
    assert correct(store, draft.case_id, CALM) == Corrected("same", "x")
    assert corrections(store) == []
    assert cards_asked_for(store) == set()


def test_who_agrees_with_an_abstaining_judge_settles_it(store: Sessions) -> None:
    store_posts(store, a_dm())
    judge_all(store, abstention=Abstention.UNSURE)
    considering().consider_waiting(sessions=store, now=NOON, wall=NOON)
    [case] = cases(store)
    assert the_reading(store, case.id).abstention == "unsure"
    assert correct(store, case.id, CALM).code == "stored"
    assert not verdicts(store)[0].abstained
    assert the_reading(store, case.id).abstained  # the judge did


def test_who_may_not_decide_may_not_correct(store: Sessions) -> None:
    draft = a_draft(store, a_dm())
    assert (
        correct(
            store, draft.case_id, ANGRY, MIKAEL, roles=NamedRoles({Role.APPROVER: frozenset({"U0ANNA"})}, None)
        ).code
        == "not_allowed"
    )
    assert corrections(store) == []
    assert correct(store, draft.case_id, ANGRY, ANNA, roles=NamedRoles({Role.APPROVER: frozenset({"U0ANNA"})}, None)).ok


def test_a_mention_that_is_gone_is_said_so(store: Sessions) -> None:
    assert correcting(store).correct(1, 999, 0, ANGRY, ANNA) == Corrected("not_found")


def test_a_correction_is_about_the_text_that_was_shown_though_the_case_moved_on(store: Sessions) -> None:
    draft = a_draft(store, a_dm("Kiitos tästä todella nopeasta toimituksesta!"))
    seen = the_reading(store, draft.case_id)
    newer = a_draft(store, a_dm("Missä pakettini viipyy?", created_at=NOON + minutes(1)), NOON + minutes(1))
    assert newer.id == draft.id
    correcting(store).correct(draft.case_id, seen.mention_id, seen.correction, ANGRY, ANNA)
    assert [verdict.label for verdict in verdicts(store)] == ["negative", "neutral"]
    assert the_reply(store, draft.id).text == newer.text


def test_the_words_behind_come_from_the_judge(store: Sessions) -> None:
    draft = a_draft(store, a_post("Missä pakettini on?"))
    reading = the_reading(store, draft.case_id)
    asked: list[Reading] = []

    def explain(one: Reading) -> list[str]:
        asked.append(one)
        return ["pakettini"]

    assert correcting(store, explain=explain).words_behind(reading) == ["pakettini"]
    assert asked == [reading]
