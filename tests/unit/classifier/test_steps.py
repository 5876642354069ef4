"""Judging and heat: each mention is read once and counted once, however often a step runs, fails or starts anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from classifier.heat.policy import HeatPolicy
from classifier.steps import HeatKeeper, classify_waiting
from classifier.verdict import Abstention, ContactReason, Label, RiskFlag, Verdict
from listener.posts import Author, Post
from migrations import upgrade
from models.base import Sessions, open_engine, open_sessions
from models.jobs import Job, JobKind
from models.mentions import Mention
from models.verdicts import Heat, VerdictRow
from tests.builders import NOON, a_comment, a_dm, a_post, a_verdict_row, from_us, mentions, minutes, store_posts
from tests.fakes import FakeJudge, verdict_of


def classify(store: Sessions, judge: FakeJudge, batch: int = 64) -> int:
    return classify_waiting(sessions=store, judge=judge, now=NOON, wall=NOON, batch=batch)


def a_keeper(store: Sessions) -> HeatKeeper:
    return HeatKeeper(brand="Nuotiopuoti", sessions=store, policy=HeatPolicy())


def verdicts(store: Sessions) -> list[VerdictRow]:
    with store() as session:
        return list(session.scalars(select(VerdictRow).order_by(VerdictRow.mention_id)))


def waiting_jobs(store: Sessions) -> dict[JobKind, float]:
    with store() as session:
        return {job.kind: (job.run_at - NOON).total_seconds() for job in session.scalars(select(Job))}


def readings(store: Sessions) -> dict[str, tuple[str, float]]:
    with store() as session:
        return {heat.subject: (heat.level, round(heat.score, 6)) for heat in session.scalars(select(Heat))}


def angry(minute: float, person: int, thread: str = "p1") -> Post:
    return a_comment(
        f"Surkeaa palvelua, odotan jo {person}. viikkoa!!", thread_id=thread, parent_id=thread,
        author=Author(str(person), f"Kävijä {person}"), created_at=NOON + minutes(minute),
    )  # fmt: skip


def a_storm(people: int = 30, first: int = 0) -> list[Post]:
    return [angry(number, 100 + number) for number in range(first, first + people)]


# judging


def test_each_mention_gets_its_own_verdict_once(store: Sessions) -> None:
    judge = FakeJudge()
    store_posts(store, a_post("Surkea kauppa"), a_post("Kiitos!"), a_post("Onko auki?"))
    assert classify(store, judge) == 3
    assert [row.label for row in verdicts(store)] == ["negative", "positive", "neutral"]
    assert [row.judge_version for row in verdicts(store)] == ["fake-1"] * 3
    assert all(mention.judged_at == NOON for mention in mentions(store))
    assert classify(store, judge) == 0
    assert len(judge.given) == 1


def test_reasons_flags_and_why_the_judge_abstained_are_kept_as_the_judge_said_them(store: Sessions) -> None:
    said = Verdict(
        "et", Label.NEUTRAL, 0.1, 0.8, 0.1, 0.1, Abstention.OTHER_LANGUAGE,
        reasons={ContactReason.DELIVERY: 0.912345}, flags={RiskFlag.LEGAL: 0.512345},
    )  # fmt: skip
    store_posts(store, a_post("Kus on minu pakk?"), a_post("Kiitos!"))
    classify(store, FakeJudge(says={"Kus on minu pakk?": said}))
    told, plain = verdicts(store)
    assert (told.reasons, told.flags) == ({"delivery": 0.9123}, {"legal": 0.5123})
    assert (told.abstained, told.abstention) == (True, "other_language")
    assert (plain.reasons, plain.flags, plain.abstained, plain.abstention) == ({}, {}, False, None)


def test_batches_go_oldest_first_and_the_next_is_asked_for_at_once(store: Sessions) -> None:
    judge = FakeJudge()
    store_posts(store, *(a_post(str(number)) for number in range(5)))
    assert [classify(store, judge, batch=2) for _ in range(4)] == [2, 2, 1, 0]
    assert judge.given == [["0", "1"], ["2", "3"], ["4"]]


def test_a_full_batch_asks_for_the_next_and_every_batch_for_heat(store: Sessions) -> None:
    store_posts(store, a_post(), a_post())
    classify(store, FakeJudge(), batch=2)
    assert waiting_jobs(store) == {JobKind.HEAT: 0, JobKind.CLASSIFY: 0}


def test_our_own_words_are_never_judged(store: Sessions) -> None:
    judge = FakeJudge()
    store_posts(store, from_us("Surkea juttu, korvaamme!"))
    assert classify(store, judge) == 0
    assert judge.given == []


def test_the_judge_reads_while_nobody_holds_the_store(store: Sessions) -> None:
    def write_meanwhile() -> None:
        with store.begin() as session:  # would wait for a lock, were a transaction open
            session.add(Job(kind=JobKind.POLL, key="meanwhile", run_at=NOON))

    store_posts(store, a_post())
    assert classify(store, FakeJudge(meanwhile=write_meanwhile)) == 1
    assert JobKind.POLL in waiting_jobs(store)


def test_who_judged_first_is_believed(store: Sessions) -> None:
    def somebody_else() -> None:
        with store.begin() as session:
            mention = session.scalars(select(Mention)).one()
            session.add(a_verdict_row(mention.id, verdict_of("kiitos")))

    store_posts(store, a_post("Surkea kauppa"))
    classify(store, FakeJudge(meanwhile=somebody_else))
    assert [row.label for row in verdicts(store)] == ["positive"]


def test_a_judge_that_fails_leaves_everything_waiting(store: Sessions) -> None:
    def fail() -> None:
        raise MemoryError

    store_posts(store, a_post())
    with pytest.raises(MemoryError):
        classify(store, FakeJudge(meanwhile=fail))
    assert classify(store, FakeJudge()) == 1


# heat


def heat_up(store: Sessions, keeper: HeatKeeper, minute: float, batch: int = 500) -> int:
    return keeper.refresh(now=NOON + minutes(minute), wall=NOON, batch=batch)


def test_a_storm_is_seen_and_somebody_is_asked_to_decide(store: Sessions) -> None:
    store_posts(store, *a_storm())
    classify(store, FakeJudge())
    assert heat_up(store, a_keeper(store), 30) == 30
    assert readings(store)["thread:1"][0] in ("warning", "outrage")
    assert waiting_jobs(store)[JobKind.CONSIDER] == 0
    with store() as session:
        assert all(heat.pending and heat.reasons for heat in session.scalars(select(Heat)))


def test_a_thread_that_heats_up_is_read_again_at_once_and_then_at_its_own_pace(store: Sessions) -> None:
    store_posts(store, *a_storm(people=12))
    classify(store, FakeJudge())
    heat_up(store, a_keeper(store), 12)
    with store.begin() as session:
        [job] = session.scalars(select(Job).where(Job.kind == JobKind.REREAD))
        assert (job.key, job.run_at, job.urgent) == ("1", NOON, True)
        job.run_at = NOON + minutes(13)  # as whoever read it asked
    store_posts(store, *a_storm(people=18, first=12))
    classify(store, FakeJudge())
    heat_up(store, a_keeper(store), 30)
    assert waiting_jobs(store)[JobKind.REREAD] == 13 * 60


def test_an_ordinary_thread_is_not_read_again(store: Sessions) -> None:
    store_posts(store, angry(0, 1), angry(1, 2))
    classify(store, FakeJudge())
    heat_up(store, a_keeper(store), 2)
    assert JobKind.REREAD not in waiting_jobs(store)


def test_a_mention_is_counted_once_over_runs_and_restarts(store: Sessions) -> None:
    store_posts(store, *a_storm(10))
    classify(store, FakeJudge())
    keeper = a_keeper(store)
    assert [heat_up(store, keeper, 10) for _ in range(2)] == [10, 0]
    assert heat_up(store, a_keeper(store), 10) == 0


def test_what_is_said_in_private_does_not_spread(store: Sessions) -> None:
    people = [Author(str(number), f"Kävijä {number}") for number in range(30)]
    store_posts(
        store,
        *(
            a_dm(
                f"Surkeaa, {who.name}!", author=who, thread_id=f"dm{who.external_id}", created_at=NOON + minutes(number)
            )
            for number, who in enumerate(people)
        ),
    )
    classify(store, FakeJudge())
    assert heat_up(store, a_keeper(store), 30) == 30
    assert readings(store) == {}


def test_the_passing_of_time_cools_and_asks_for_the_next_look(store: Sessions) -> None:
    store_posts(store, *a_storm())
    classify(store, FakeJudge())
    keeper = a_keeper(store)
    heat_up(store, keeper, 30)
    hot = readings(store)["thread:1"]
    for hour in range(1, 12):
        heat_up(store, keeper, 30 + 60 * hour)
    assert readings(store)["thread:1"] < hot
    assert readings(store)["thread:1"][0] == "none"
    assert waiting_jobs(store)[JobKind.HEAT] == 0  # asked for when the storm was judged


@contextmanager
def failing_commits(store: Sessions) -> Iterator[None]:
    def fail(*_: object) -> None:
        raise ConnectionError

    with store.begin() as session:
        engine = session.get_bind()
    event.listen(engine, "commit", fail)
    try:
        yield
    finally:
        event.remove(engine, "commit", fail)


def test_a_transaction_that_failed_is_as_if_it_had_never_been(store: Sessions) -> None:
    keeper = a_keeper(store)
    store_posts(store, *a_storm(15))
    classify(store, FakeJudge())
    heat_up(store, keeper, 15)
    store_posts(store, *a_storm(15, first=15))
    classify(store, FakeJudge())
    with failing_commits(store), pytest.raises(ConnectionError):
        heat_up(store, keeper, 30)
    assert heat_up(store, keeper, 30) == 15
    again = readings(store)
    assert again["thread:1"] == undisturbed(a_storm())["thread:1"]


def undisturbed(posts: list[Post]) -> dict[str, tuple[str, float]]:
    return played([(posts, False)])


def played(parts: list[tuple[list[Post], bool]]) -> dict[str, tuple[str, float]]:
    """The heat after all parts were heard in turn; True beside a part: the process starts anew before it."""
    engine = open_engine("sqlite://")
    upgrade(engine)
    store = open_sessions(engine)
    keeper = a_keeper(store)
    end = 0.0
    for posts, restarts in parts:
        if restarts:
            keeper = a_keeper(store)
        store_posts(store, *posts)
        classify(store, FakeJudge())
        end = max([end, *((post.created_at - NOON) / timedelta(minutes=1) for post in posts)])
        heat_up(store, keeper, end)
    found = readings(store)
    engine.dispose()
    return found


PEOPLE = st.integers(1, 40)
PART = st.lists(st.tuples(st.integers(0, 9), PEOPLE, st.booleans(), st.sampled_from(["p1", "p2"])), max_size=12)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(PART, st.booleans()), min_size=2, max_size=5))
def test_starting_anew_at_any_moment_reads_the_same_heat(
    parts: list[tuple[list[tuple[int, int, bool, str]], bool]],
) -> None:
    heard: list[tuple[list[Post], bool]] = []
    for number, (part, restarts) in enumerate(parts):
        said = sorted(part)
        posts = [
            angry(10 * number + minute, 100 + who, thread)
            if bad
            else a_comment(
                f"Hei {who} {minute}", thread_id=thread, parent_id=thread, author=Author(str(who), "Hei"),
                created_at=NOON + minutes(10 * number + minute),
            )
            for minute, who, bad, thread in said
        ]  # fmt: skip
        heard.append((posts, restarts))
    assert played(heard) == played([(posts, False) for posts, _ in heard])


def test_our_answer_is_heard_by_heat(store: Sessions) -> None:
    answered = a_comment("Pahoittelemme, selvitämme.", from_us=True, created_at=NOON + minutes(12))
    quiet = played([(a_storm(12), False), ([answered], False), (a_storm(3, first=13), False)])
    loud = played([(a_storm(12), False), (a_storm(3, first=13), False)])
    assert quiet["thread:1"][1] <= loud["thread:1"][1]
