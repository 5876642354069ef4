"""What the weeks show: figures as they are counted by hand, and a sentence only where a week stands out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from classifier.drift import Judged, Week, beginning, weeks_of
from classifier.mixes import distance, far_apart, stands_out

HELSINKI = ZoneInfo("Europe/Helsinki")
SUNDAY = datetime(2026, 11, 15, 12, tzinfo=UTC)  # week 46
PLAIN = Judged(
    at=SUNDAY, judge_version="onnx-2", language="fi", label="neutral", confidence=0.9, abstained=False,
    truncated=False, reasons={"delivery": 0.9, "praise": 0.2},
)  # fmt: skip


def week(count: int, back: int = 0, **changed: object) -> list[Judged]:
    """A week's mentions, a quarter of them negative and a tenth abstained."""
    found = []
    for place in range(count):
        one = replace(PLAIN, at=SUNDAY - timedelta(weeks=back))
        one = replace(one, label="negative" if place % 4 == 0 else "neutral", abstained=place % 10 == 0)
        found.append(replace(one, **changed))  # type: ignore[arg-type]
    return found


def look(*judged: list[Judged], weeks: int = 4) -> list[Week]:
    return weeks_of([one for some in judged for one in some], HELSINKI, SUNDAY, weeks)


HISTORY = [one for back in (1, 2, 3) for one in week(100, back)]


def test_a_quiet_week_has_its_figures_and_no_remark() -> None:
    last = look(HISTORY, week(100))[-1]
    assert (last.name, last.number, last.monday) == ("2026-W46", 46, date(2026, 11, 9))
    assert last.tally.mentions == 100
    assert last.tally.labels == {"negative": 25, "neutral": 75}
    assert last.tally.reasons == {"delivery": 100}
    assert (last.tally.abstained, last.tally.truncated, last.tally.corrected) == (10, 0, 0)
    assert last.tally.confidence == pytest.approx(0.9)
    assert last.label_distance == pytest.approx(0)
    assert last.remarks == ()


@pytest.mark.parametrize(
    ("changed", "remark"),
    [
        ({"abstained": True}, "Week 46: 100 % abstained, usually 10 %: a new kind of text, or another language?"),
        ({"label": "negative"}, "100 % negative, usually 25 %: trouble among customers, or texts it reads wrongly?"),
        ({"label": "neutral"}, "0 % negative, usually 25 %: a calm week, or trouble it does not see?"),
        ({"truncated": True}, "100 % cut for length, usually 0 %: e-mails or pasted texts among them?"),
        ({"language": "et"}, "100 % in language 'et', usually 0 %, which the judge was not taught."),
        ({"language": "sv"}, "100 % in language 'sv', usually 0 %."),
        ({"confidence": 0.6}, "the judge was 60 % sure of its side, usually 90 %: words it does not know?"),
        ({"judge_version": "onnx-3"}, "another judge began to read (onnx-3), so what changed may be the judge."),
        ({"label": "positive"}, "another mix of sides than in the weeks before (positive 100 %, usually 0 %; neutral"),
        ({"reasons": {"praise": 0.7}}, "mix of contact reasons than in the weeks before (delivery 0 %, usually 100 %"),
        ({"reasons": {}}, "none 100 %, usually 0 %"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_week_that_stands_out_is_told_in_a_sentence(changed: dict[str, object], remark: str) -> None:
    found = look(HISTORY, week(100, **changed))
    assert any(remark in one for one in found[-1].remarks), found[-1].remarks
    assert all(one.remarks == () for one in found[:-1])


def test_agreement_is_the_share_of_corrections_that_left_the_side() -> None:
    usual = [replace(one, corrected_to=one.label) for one in week(20, 1)]
    agreed = [replace(one, corrected_to=one.label) for one in week(3)]
    turned = [replace(one, corrected_to="positive") for one in week(12)]
    last = look(HISTORY, usual, week(60), agreed, turned)[-1]
    assert (last.tally.corrected, last.tally.agreed) == (15, 3)
    assert "Week 46: people left the side as it was in 20 % of 15 corrections, usually in 100 %." in last.remarks


def test_little_history_is_shown_and_not_compared() -> None:
    found = look(week(60, 1), week(100, abstained=True))
    assert [one.tally.mentions for one in found] == [0, 0, 60, 100]
    assert not any(one.compared or one.remarks for one in found)


def test_a_week_with_few_mentions_is_not_compared() -> None:
    assert not look(HISTORY, week(29, abstained=True))[-1].compared
    assert look(HISTORY, week(30, abstained=True))[-1].compared


def test_weeks_begin_on_monday_in_the_shops_zone() -> None:
    monday = datetime(2026, 11, 8, 22, 30, tzinfo=UTC)  # half past midnight in Helsinki
    found = look([replace(PLAIN, at=monday), replace(PLAIN, at=monday - timedelta(hours=1))], weeks=2)
    assert [one.tally.mentions for one in found] == [1, 1]
    assert beginning(HELSINKI, SUNDAY, 2) == datetime(2026, 11, 2, tzinfo=HELSINKI)


def test_a_year_ends_in_the_week_that_iso_says() -> None:
    found = weeks_of([], HELSINKI, datetime(2027, 1, 2, tzinfo=UTC), 2)
    assert [one.name for one in found] == ["2026-W52", "2026-W53"]


def test_the_distance_is_a_metric_between_nothing_and_one() -> None:
    same, other, third = {"a": 3, "b": 1}, {"c": 5}, {"a": 1, "c": 1}
    assert distance(same, {"a": 300, "b": 100}) == pytest.approx(0)
    assert distance(same, other) == pytest.approx(1)
    assert distance(same, third) == pytest.approx(distance(third, same))
    assert distance(same, other) <= distance(same, third) + distance(third, other)
    assert distance({"a": 1}, {"a": 1, "b": 1}) == pytest.approx(0.5579, abs=1e-4)  # as scipy has it


def test_small_samples_stand_out_only_when_they_differ_by_more_than_chance() -> None:
    assert stands_out(5, 10, 200, 1000) == 0
    assert stands_out(10, 10, 200, 1000) == 1
    assert stands_out(40, 100, 200, 1000) == 1
    assert stands_out(3, 100, 200, 1000) == -1
    assert stands_out(52, 1000, 20, 1000) == 0  # clear, but under five points
    assert not far_apart({"a": 16, "b": 14}, {"a": 300, "b": 300})
    assert far_apart({"a": 28, "b": 2}, {"a": 300, "b": 300})
