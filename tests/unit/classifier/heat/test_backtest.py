"""What a setting would have done: nothing counts before it is known, everything is graded by how it ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from classifier.heat.backtest import WARM_UP, Backtest, angry_by_hour, run, spans_of
from classifier.heat.outcome import OutrageRule, look_back
from classifier.heat.policy import HeatPolicy, Level
from classifier.heat.posts import JudgedPost
from models.states import Grade
from tests.unit.classifier.heat.days import MORNING, a_fire, a_post, ordinary_day

DAY = 1440
RULE = OutrageRule()
POLICY = HeatPolicy()


def in_order(*posts: JudgedPost) -> list[JudgedPost]:
    return sorted(posts, key=lambda post: post.created_at)


def a_past(*fires_on: int, days: int = 24, brand: str = "nuotiopuoti") -> list[JudgedPost]:
    """Ordinary days, and on some of them a thread of sixty angry people."""
    fires = [post for day in fires_on for post in a_fire(day * DAY + 240, size=60, thread_id=f"fire{day}")]
    return [replace(post, brand=brand) for post in in_order(*ordinary_day(days), *fires)]


def calls(found: Backtest) -> list[tuple[object, ...]]:
    return [(alert.subject, alert.key, call) for alert, _ in found.alerts for call in alert.calls]


def test_an_outrage_is_caught_before_half_of_it() -> None:
    found = run(a_past(20), POLICY, RULE)
    (fire,) = found.fires
    assert (found.caught, found.missed) == (1, 0)
    lead = found.lead(fire)
    assert lead is not None
    assert timedelta() < lead < fire.half - fire.began
    assert found.leads is not None
    assert found.leads.lower == found.leads.median == found.leads.upper == lead
    assert {grade for grade, count in found.grades.items() if count} <= {Grade.EARLY, Grade.RIGHT}
    assert found.alerts_a_week == pytest.approx(len(found.alerts) / found.weeks)


def test_what_comes_within_twelve_hours_is_one_episode() -> None:
    second = a_fire(20 * DAY + 700, size=60, thread_id="beside")
    next_day = a_fire(21 * DAY + 480, size=60, thread_id="later")
    found = run(in_order(*a_past(20), *second, *next_day), POLICY, RULE)
    assert len(found.alerts) > round(found.episodes_a_week * found.weeks) == 2


def test_the_first_two_weeks_do_not_count() -> None:
    posts = a_past(10)
    found = run(posts, POLICY, RULE)
    assert (found.fires, found.alerts, found.leads) == ((), (), None)
    span = found.spans["nuotiopuoti"]
    assert span.since - span.heard == WARM_UP
    assert span.until == posts[-1].created_at
    assert found.weeks == pytest.approx((span.until - span.since) / timedelta(weeks=1))


def test_a_past_that_is_too_short_has_no_weeks() -> None:
    found = run(a_past(days=9), POLICY, RULE)
    assert (found.weeks, found.alerts_a_week, found.alerts) == (0, 0, ())
    assert run([], POLICY, RULE).weeks == 0


def test_what_came_before_since_only_warms_up() -> None:
    since = MORNING + timedelta(days=19)
    found = run(a_past(16, 22), POLICY, RULE, since=since)
    assert found.spans["nuotiopuoti"].since == since
    assert ["facebook fire22" in fire.threads for fire in found.fires] == [True]
    assert found.alerts
    assert all(alert.at >= since for alert, _ in found.alerts)


def test_what_comes_after_until_only_tells_the_end() -> None:
    posts = a_past(20)
    whole = run(posts, POLICY, RULE)
    called = whole.alerts[0][0].at
    cut = run(posts, POLICY, RULE, until=called + timedelta(minutes=1))
    assert calls(cut) == calls(whole)[: len(calls(cut))]
    assert cut.alerts[0][1] == whole.alerts[0][1]
    assert cut.missed == 0
    assert all(alert.at <= cut.spans["nuotiopuoti"].until for alert, _ in cut.alerts)


@pytest.mark.parametrize("posts_heard", [1500, 1700, 1730])
def test_the_first_posts_give_the_same_alerts_without_the_others(posts_heard: int) -> None:
    posts = a_past(16, 20)
    before = run(posts[:posts_heard], POLICY, RULE)
    assert calls(before) == calls(run(posts, POLICY, RULE))[: len(calls(before))]


def test_a_setting_that_never_calls_misses() -> None:
    deaf = replace(POLICY, warning=1000.0, outrage=2000.0, reach_followers=10**9)
    found = run(a_past(20), deaf, RULE)
    assert (found.alerts, found.caught, found.missed, found.leads) == ((), 0, 1, None)
    assert found.lead(found.fires[0]) is None


def test_a_jumpy_setting_is_false() -> None:
    jumpy = replace(POLICY, watch=-50.0, warning=-40.0, least_people=0)
    found = run(a_past(), jumpy, RULE)
    assert found.fires == ()
    assert found.grades[Grade.FALSE] == len(found.alerts) > 0


def test_each_brand_has_its_own_fortnight() -> None:
    other = [post for post in a_past(16, brand="toinen") if post.created_at >= MORNING + timedelta(days=5)]
    found = run(in_order(*a_past(20), *other), POLICY, RULE)
    assert [fire.brand for fire in found.fires] == ["nuotiopuoti"]
    assert {alert.brand for alert, _ in found.alerts} == {"nuotiopuoti"}
    assert found.weeks == pytest.approx(sum(span.weeks for span in found.spans.values()))


def test_what_was_looked_back_on_may_be_shared() -> None:
    posts = a_past(20)
    assert run(posts, POLICY, RULE, past=look_back(posts, RULE)) == run(posts, POLICY, RULE)


def test_time_passes_while_nobody_writes() -> None:
    ours = [
        a_post(20 * DAY + 900 + place / 10, 0.9, thread_id="ours", in_own_channel=True, author_id=f"guest{place}")
        for place in range(8)
    ]
    posts = in_order(*a_past(days=21), *ours, a_post(21 * DAY))
    impatient = replace(POLICY, unanswered_weight=3.0, outrage_people=5)
    found = run(posts, impatient, RULE)
    later = [call for alert, _ in found.alerts for call in alert.calls if call.at > ours[-1].created_at]
    assert [call.level for call in later] == [Level.OUTRAGE]


def test_the_caller_sees_how_far_the_posts_were_read() -> None:
    seen: list[JudgedPost] = []

    def watched(posts: list[JudgedPost]) -> list[JudgedPost]:
        seen.extend(posts)
        return posts

    posts = a_past()
    run(posts, POLICY, RULE, watched=watched)  # type: ignore[arg-type]
    assert seen == posts


def test_spans_of_nothing() -> None:
    assert spans_of([]) == {}


def test_angry_people_are_counted_by_hour_without_copies() -> None:
    said = [
        a_post(0, 0.9, author_id="a"),
        a_post(5, 0.9, author_id="a"),
        a_post(6, 0.9, author_id=None),
        a_post(7, 0.9, author_id=None),
        a_post(8, 0.4),
        a_post(9, 0.9, is_share=True),
        a_post(61, 0.9, text_key="copied"),
        a_post(62, 0.9, text_key="copied"),
        a_post(61 + DAY, 0.9, text_key="copied"),
        a_post(0, 0.9, brand="toinen"),
    ]
    hour = datetime(2026, 11, 17, 5, tzinfo=UTC)
    assert angry_by_hour(said, 0.5) == {
        "nuotiopuoti": {hour: 3, hour + timedelta(hours=1): 1, hour + timedelta(hours=25): 1},
        "toinen": {hour: 1},
    }
