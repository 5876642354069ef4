from datetime import UTC, datetime

from classifier.heat.series import SeriesScorer


def test_a_series_says_what_was_odd_about_its_clock():
    scorer = SeriesScorer()
    for hour in (0, 1, 2, 1, 3, 90, 91):
        assert 0 <= scorer.score(datetime.fromtimestamp(hour * 3600 + 10**9, UTC), 3.0) <= 1
    assert scorer.oddities == {"late": 1, "gap": 1}


def test_a_repeated_peak_is_an_echo_and_a_much_higher_one_is_news():
    scorer, start = SeriesScorer(), 1_767_571_200
    values = [10.0] * 480 + [80.0, 80.0] + [10.0] * 4 + [2000.0]
    scores = [scorer.score(datetime.fromtimestamp(start + i * 3600, UTC), value) for i, value in enumerate(values)]
    first, echo, *_, higher = scores[480:]
    assert first > 0.5
    assert echo < first
    assert higher > first
