import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.heat.changes import Subject, Turn
from classifier.heat.engine import HeatEngine
from classifier.heat.policy import HeatPolicy, Level
from tests.unit.classifier.heat.days import MORNING, a_fire, a_post, changes_of, ordinary_day

POLICY = HeatPolicy()


def highest(changes):
    return max((change.level for change in changes), default=Level.NONE)


def codes(change):
    return [reason.code for reason in change.reasons]


@pytest.mark.parametrize("every", [1.0, 3.0, 8.0])
@pytest.mark.parametrize("days", [0, 1, 20])
def test_a_forty_comment_negative_thread_is_a_warning_before_its_twelfth_comment(every, days):
    fire_at = days * 1440 + 240
    engine = HeatEngine()
    engine.warm(sorted(ordinary_day(days or 1), key=lambda post: post.created_at)[: None if days else 24])
    for number, post in enumerate(a_fire(fire_at, every=every), 1):
        reached = highest(c for c in engine.observe(post) if c.thread_id == "fire" and c.subject is Subject.THREAD)
        if reached >= Level.WARNING:
            assert number < 12
            return
    pytest.fail("the thread never reached warning")


@pytest.mark.parametrize("days", [1, 20])
def test_an_ordinary_day_is_quiet_even_the_first(days):
    assert highest(changes_of(ordinary_day(days))) == Level.NONE


@pytest.mark.parametrize("days", [1, 20])
@pytest.mark.parametrize("misjudged_every", [1000, 8])
def test_a_giveaway_of_130_comments_is_silent(days, misjudged_every):
    burst = [
        a_post((days - 1) * 1440 + 300 + i / 2, 0.9 if i % misjudged_every == 5 else 0.03, thread_id="giveaway",
               in_own_channel=True)
        for i in range(130)
    ]  # fmt: skip
    assert highest(changes_of(ordinary_day(days) + burst)) == Level.NONE


@pytest.mark.parametrize("comments", [3, 5])
def test_an_ordinary_complaint_thread_is_at_most_watched(comments):
    posts = ordinary_day() + a_fire(300, size=comments, every=2.0)
    assert highest(changes_of(posts)) <= Level.WATCH


def test_one_person_writing_forty_times_is_one_person():
    posts = ordinary_day() + a_fire(300, author_id="angry")
    assert highest(changes_of(posts)) <= Level.WATCH


@pytest.mark.parametrize("is_share", [False, True])
def test_copies_and_shares_are_no_new_voices(is_share):
    copied = {"text_key": "copied", "is_share": is_share}
    posts = ordinary_day() + a_fire(300, **copied)
    assert highest(changes_of(posts)) <= Level.WATCH


def test_a_warning_says_who_how_many_in_what_time_and_how_little_it_knows():
    warning = next(c for c in changes_of(ordinary_day()[:40] + a_fire(400)) if c.level is Level.WARNING)
    pace = next(reason for reason in warning.reasons if reason.code == "thread_pace")
    assert pace.numbers["people"] >= 4
    assert pace.numbers["posts"] >= pace.numbers["people"]
    assert 1 <= pace.numbers["minutes"] <= 60
    assert warning.reasons[-1].code == "little_history"
    assert warning.turn is Turn.RISEN
    assert 0 < warning.probability < 1


def test_history_is_not_called_little_after_two_days():
    warning = next(c for c in changes_of(ordinary_day(5) + a_fire(4 * 1440 + 400)) if c.level is Level.WARNING)
    assert "little_history" not in codes(warning)


def test_the_unanswered_thread_on_our_own_page_ranks_higher_and_says_why():
    def last_score(**named):
        engine = HeatEngine(HeatPolicy(hotter_step=0.01))  # every rise is told
        changes = changes_of(ordinary_day(2)[:-60] + a_fire(1440 + 300, size=9, every=4.0, **named), engine)
        later = engine.tick("nuotiopuoti", MORNING + timedelta(minutes=1440 + 335))
        return [c for c in [*changes, *later] if c.thread_id == "fire" and c.subject is Subject.THREAD][-1]

    alone, answered = last_score(in_own_channel=True), last_score(in_own_channel=True, brand_replied=True)
    assert alone.score > answered.score
    assert "unanswered" in codes(alone)
    assert "unanswered" not in codes(answered)


@pytest.mark.parametrize("answered", [False, True])
def test_silence_on_our_own_page_heats_the_thread_without_a_new_post(answered):
    engine = HeatEngine(HeatPolicy(hotter_step=0.1))
    changes = changes_of(ordinary_day()[:40] + a_fire(400, size=4, every=8.0, in_own_channel=True), engine)
    assert highest(changes) == Level.WATCH
    if answered:
        engine.answered("nuotiopuoti", "facebook", "fire")
    silence = [engine.tick("nuotiopuoti", MORNING + timedelta(minutes=424 + passed)) for passed in range(20)]
    hotter = [change for changes in silence for change in changes if change.subject is Subject.THREAD]
    assert [change.turn for change in hotter][:1] == ([] if answered else [Turn.HOTTER])
    assert all("unanswered" in codes(change) for change in hotter)


def test_a_widely_read_author_raises_the_level_one_step_and_the_reason_says_so():
    plain = changes_of([a_post(0, 0.9, author_followers=19_999)])
    wide = changes_of([a_post(0, 0.9, author_followers=20_000)])
    assert highest(plain) == Level.NONE
    assert highest(wide) == Level.WATCH
    assert wide[0].reasons[0].numbers == {"followers": 20_000} or "reach" in codes(wide[0])


def test_a_share_by_a_widely_read_author_counts_for_its_reach_though_not_as_a_voice():
    complaint = a_post(0, 0.9, thread_id="t", text_key="said")
    share = a_post(30, 0.9, thread_id="t", text_key="said", is_share=True, author_followers=90_000)
    change = changes_of([complaint, share])[-1]
    assert (change.level, change.at) == (Level.WATCH, share.created_at)
    assert next(r for r in change.reasons if r.code == "thread_pace").numbers["people"] <= 1


def test_a_fire_in_the_comments_of_a_giveaway_is_seen():
    entries = [a_post(200 + i, 0.03, thread_id="fire", in_own_channel=True) for i in range(120)]
    fire = a_fire(330, size=30, every=2.0, in_own_channel=True)
    assert highest(changes_of(ordinary_day(1) + entries + fire)) >= Level.WARNING


@pytest.mark.parametrize("share", [0.2, 0.35, 0.6])
def test_the_first_day_of_a_large_brand_is_no_alarm_for_its_size_alone(share):
    chance = random.Random(5)
    posts = [a_post(i / 8, 0.9 if chance.random() < share else 0.1) for i in range(8 * 60 * 12)]
    assert highest(changes_of(posts)) <= Level.WATCH


def test_praise_from_a_widely_read_author_raises_nothing():
    assert changes_of([a_post(0, 0.02, author_followers=900_000)]) == []


def test_many_small_threads_are_seen_at_the_brand():
    fire = [a_post(9 * 1440 + 300 + i, 0.9) for i in range(80)]
    changes = changes_of(ordinary_day(10) + fire)
    assert any(c.subject is Subject.BRAND and c.level >= Level.WARNING for c in changes)
    assert all(c.subject is Subject.BRAND for c in changes if c.level >= Level.WARNING)


def test_one_complaint_from_many_who_know_nothing_of_each_other_is_one_fire():
    fire = [a_post(9 * 1440 + 300 + 6 * i, 0.9, topic="17", thread_id=f"own{i}") for i in range(14)]
    raised = [c for c in changes_of(ordinary_day(10) + fire) if c.level >= Level.WARNING and c.subject is Subject.TOPIC]
    assert (raised[0].topic, raised[0].thread_id, raised[0].channel) == ("17", None, None)
    assert "topic_pace" in codes(raised[0])
    assert set(raised[0].evidence) <= {post.external_id for post in fire}


def test_a_change_names_comments_behind_it():
    fire = a_fire(1440 + 300)
    changes = changes_of(ordinary_day(2) + fire)
    warning = next(c for c in changes if c.level is Level.WARNING and c.subject is Subject.THREAD)
    negative = {post.external_id for post in fire if post.negative > 0.5}
    assert len(warning.evidence) == 5
    assert set(warning.evidence) <= negative


def test_short_texts_are_no_copies_of_each_other():
    same = {"text_key": "hävytöntä", "short": True}
    posts = ordinary_day(3) + a_fire(2 * 1440 + 300, **same)
    assert highest(changes_of(posts)) >= Level.WARNING


@pytest.mark.parametrize(("per_hour", "later"), [(6, False), (200, True)])
def test_where_much_is_said_a_thread_must_say_more(per_hour, later):
    before, fire = ordinary_day(14, per_hour=per_hour), a_fire(14 * 1440 + 240, every=1.0)

    def hottest(policy):
        engine = HeatEngine(policy)
        engine.warm(before)
        return max(change.score for change in changes_of(fire, engine))

    lowered = hottest(replace(POLICY, many_weight=0.0)) - hottest(POLICY)
    assert lowered > 0.2 if later else lowered == 0


def test_a_quieter_setting_never_warns_sooner():
    posts = ordinary_day(5) + a_fire(4 * 1440 + 300, every=4.0)

    def warned_after(policy):
        changes = changes_of(posts, HeatEngine(policy))
        return min((c.at for c in changes if c.level >= Level.WARNING), default=datetime.max.replace(tzinfo=UTC))

    quiet, normal, keen = (warned_after(HeatPolicy.of(name)) for name in ("quiet", "normal", "keen"))
    assert keen <= normal <= quiet


def test_an_unknown_sensitivity_is_refused():
    with pytest.raises(ValueError, match="loud"):
        HeatPolicy.of("loud")


def test_a_fire_that_went_out_cools_once():
    changes = changes_of(ordinary_day(4) + a_fire(1440 + 300))
    turns = [c.turn for c in changes if c.subject is Subject.THREAD and c.thread_id == "fire"]
    assert turns[-1] is Turn.COOLED
    assert turns.count(Turn.RISEN) <= 3


def test_a_crisis_does_not_teach_the_brand_that_crises_are_normal():
    def score(first_fire):
        posts = ordinary_day(12) + first_fire + a_fire(11 * 1440 + 300, thread_id="second")
        return max(c.score for c in changes_of(posts) if c.thread_id == "second" and c.subject is Subject.THREAD)

    assert score(a_fire(7 * 1440 + 300, size=120, every=0.5)) > 0.6 * score([])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 3000),
            st.floats(0, 1),
            st.integers(0, 5),
            st.integers(0, 30),
            st.booleans(),
            st.sampled_from([0, 300, 25_000]),
            st.booleans(),
            st.sampled_from([None, "1", "2"]),
            st.integers(0, 60),
        ),
        max_size=80,
    ),
    st.integers(0, 80),
)
def test_what_is_said_depends_on_the_past_alone_and_always_the_same(rows, cut):
    posts = [
        a_post(minutes, negative, thread_id=f"t{thread}", author_id=f"a{author}" if author else None,
               text_key=f"k{text}", in_own_channel=own, author_followers=followers, is_share=share, topic=topic,
               channel=("x", "facebook")[thread % 2])
        for minutes, negative, thread, author, own, followers, share, topic, text in rows
    ]  # fmt: skip
    whole, part = HeatEngine(), HeatEngine()
    said = [whole.observe(post) for post in posts]
    assert [part.observe(post) for post in posts[:cut]] == said[:cut]
    for change in (change for changes in said for change in changes):
        assert change.level == change.previous or change.turn is not Turn.HOTTER
        assert (change.level > change.previous) == (change.turn is Turn.RISEN)
        assert 0 <= change.probability <= 1


def test_warming_up_gives_the_same_memory_as_living_through_it():
    posts = sorted(ordinary_day(3) + a_fire(2 * 1440 + 300), key=lambda post: post.created_at)
    lived, warmed = HeatEngine(), HeatEngine()
    for post in posts[:-20]:
        lived.observe(post)
    warmed.warm(posts[:-20])
    assert [lived.observe(post) for post in posts[-20:]] == [warmed.observe(post) for post in posts[-20:]]


def test_newest_first_inside_a_page_makes_no_difference_to_the_count():
    ordered, shuffled = HeatEngine(), HeatEngine()
    calm, fire = ordinary_day()[:40], a_fire(400, size=11)
    changes_of(calm, ordered)
    changes_of(calm, shuffled)
    straight = [c for post in fire for c in ordered.observe(post)]
    turned = [c for post in reversed(fire) for c in shuffled.observe(post)]
    assert highest(turned) == highest(straight) == Level.WARNING
    assert shuffled.oddities["late"] == 10


def test_a_post_from_the_future_is_taken_as_said_now():
    engine = HeatEngine()
    engine.observe(a_post(10**6), now=MORNING)
    assert engine.oddities["ahead"] == 1
    engine.observe(a_post(3), now=MORNING + timedelta(minutes=3))
    assert "too_late" not in engine.oddities


def test_a_clock_that_was_wrong_is_set_back_when_nobody_knows_the_time():
    engine = HeatEngine()
    changes_of(ordinary_day()[:10], engine)
    engine.observe(a_post(10**6))
    changes = [c for post in a_fire(300) for c in engine.observe(post)]
    assert engine.oddities["clock_set_back"] == 1
    assert highest(changes) >= Level.WARNING


def test_old_posts_of_a_new_source_do_not_touch_a_known_clock():
    engine = HeatEngine()
    now = MORNING + timedelta(days=3)
    engine.observe(a_post(3 * 1440), now=now)
    assert [c for post in a_fire(0) for c in engine.observe(post, now=now)] == []
    assert engine.oddities["too_late"] == 40


def test_a_gap_of_days_is_counted_said_and_teaches_nothing():
    engine = HeatEngine()
    changes_of(ordinary_day(5), engine)
    fire = a_fire(9 * 1440 + 300)
    warning = next(c for post in fire for c in engine.observe(post) if c.level is Level.WARNING)
    assert engine.oddities["gap"] == 1
    assert "gap" in codes(warning)


def test_memory_stays_within_its_bounds():
    policy = HeatPolicy(most_threads=50, most_texts=100, most_people=10)
    engine = HeatEngine(policy)
    changes_of([a_post(i, 0.9) for i in range(600)], engine)
    brand = engine._brands["nuotiopuoti"]
    assert len(brand.followed) <= 50 + 60  # an hour's threads may come on top
    assert len(brand.texts) <= 100 + 60
    changes_of([a_post(6000)], engine)
    assert len(brand.followed) == 0


def test_a_thread_is_kept_while_somebody_speaks_of_it_and_dropped_a_day_later():
    engine, hour = HeatEngine(), 60
    complaints = [a_post(0, 0.9, thread_id="silent"), a_post(1, 0.9, thread_id="spoken of")]
    said_again = [a_post(20 * hour, thread_id="spoken of"), a_post(40 * hour, 0.9, thread_id="spoken of")]
    changes_of(complaints + said_again + [a_post(i * hour) for i in range(60)], engine)
    kept = engine._brands["nuotiopuoti"].followed
    assert [thread for _, _, thread in kept] == ["spoken of"]
    changes_of([a_post(i * hour) for i in range(60, 66)], engine)
    assert not kept


def test_an_unknown_author_counts_as_a_person_each_time():
    changes = changes_of(ordinary_day()[:40] + a_fire(400, author_id=None))
    assert highest(changes) >= Level.WARNING


def test_changes_carry_utc():
    change = changes_of([a_post(0, 0.9, author_followers=50_000)])[0]
    assert change.at.tzinfo is UTC
    assert isinstance(change.at, datetime)
