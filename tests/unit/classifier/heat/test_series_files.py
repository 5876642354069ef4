import gzip
import tracemalloc
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.heat.series_files import score_series
from classifier.outputs import BadInput
from tests.unit.classifier.heat.counts import MONDAY


def an_hour(i):
    return f"2026-01-{5 + i // 24:02}T{i % 24:02}:00:00,{90 if i == 200 else 10}"


SERIES = ["timestamp,value", *map(an_hour, range(240))]


def scored(tmp_path, rows):
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("\n".join(rows), encoding="utf-8")
    score_series(source, target)
    return target.read_text(encoding="utf-8").splitlines()


def test_a_series_keeps_its_rows_and_points_at_the_odd_one(tmp_path):
    rows = scored(tmp_path, SERIES)
    assert rows[0] == "timestamp,value,anomaly_score"
    assert [row.rsplit(",", 1)[0] for row in rows[1:]] == SERIES[1:]
    scores = [float(row.rsplit(",", 1)[1]) for row in rows[1:]]
    assert all(0 <= score <= 1 for score in scores)
    assert max(range(240), key=scores.__getitem__) == 200


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 240))
def test_the_first_scores_do_not_depend_on_later_rows(tmp_path_factory, cut):
    folder = tmp_path_factory.getbasetemp()
    assert scored(folder, SERIES[: cut + 1]) == scored(folder, SERIES)[: cut + 1]


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ([], "line 1: there is no column 'timestamp'"),
        (["time,value"], "line 1: there is no column 'timestamp'"),
        (["timestamp,count"], "line 1: there is no column 'value'"),
        (["timestamp,value", "today,4"], "line 2, field 'timestamp': 'today'"),
        (["timestamp,value", "2026-01-01,x"], "line 2, field 'value': 'x'"),
        (["timestamp,value", "2026-01-01,nan"], "line 2, field 'value': 'nan'"),
        (["timestamp,value", "2026-01-01,-3"], "line 2, field 'value': '-3'"),
        (["timestamp,value", "2026-01-01,1_000"], "line 2, field 'value': '1_000'"),
        (["timestamp,value,value", "2026-01-01,1,2"], "line 1: there are 2 columns 'value'"),
        (["timestamp,value", "2026-01-01,1e300"], "line 2, field 'value': '1e300'"),
        (["timestamp,value", "0001-01-01,3"], "line 2, field 'timestamp': '0001-01-01'"),
        (["timestamp,value", "2026-01-01,4", "", "2026-01-01,inf"], "line 4, field 'value': 'inf'"),
        (["timestamp,value", "2026-01-01"], "line 2: 1 fields where the first line names 2"),
    ],
)
def test_a_bad_row_is_named(tmp_path, rows, named):
    with pytest.raises(BadInput) as told:
        scored(tmp_path, rows)
    assert named in str(told.value)
    assert str(told.value).endswith((".", "timestamp,value"))


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"\xff\xfe\x00", "not UTF-8"),
        (gzip.compress(b"x" * 10_000)[:-9], "breaks off or is damaged"),
        (b"\x1f\x8bgarbage", "breaks off or is damaged"),
    ],
)
def test_a_damaged_file_is_told(tmp_path, content, named):
    source = tmp_path / "in.csv"
    source.write_bytes(content)
    with pytest.raises(BadInput, match=named):
        score_series(source, tmp_path / "out.csv")


def test_the_input_is_never_overwritten(tmp_path):
    source = tmp_path / "in.csv"
    source.write_text("\n".join(SERIES), encoding="utf-8")
    with pytest.raises(BadInput, match="would overwrite the input"):
        score_series(source, source)
    assert source.read_text(encoding="utf-8") == "\n".join(SERIES)


def test_the_report_says_from_which_row_on_scores_rest_on_history(tmp_path):
    source = tmp_path / "in.csv"
    source.write_text("\n".join(SERIES), encoding="utf-8")
    report = score_series(source, tmp_path / "out.csv")
    assert report.on_history.startswith("240 rows. From row 49 (2026-01-07T00:00:00) on the scores rest on")
    source.write_text("\n".join(SERIES[:30]), encoding="utf-8")
    assert "29 rows, 28 hours: too little history" in score_series(source, tmp_path / "out.csv").on_history


def test_times_without_a_zone_are_the_shops_also_in_the_hour_that_autumn_repeats(tmp_path):
    times = ["02:00", "02:30", "03:00", "03:30", "03:00", "03:30", "04:00"]
    source = tmp_path / "in.csv"
    source.write_text("timestamp,value\n" + "".join(f"2026-10-25 {at}:00,3\n" for at in times), encoding="utf-8")
    report = score_series(source, tmp_path / "out.csv", ZoneInfo("Europe/Helsinki"))
    assert report.oddities == {}
    assert report.history_hours == 3.5 - 0.5
    assert score_series(source, tmp_path / "out.csv").oddities == {"late": 1, "same_time": 1}


def test_memory_does_not_grow_with_the_file(tmp_path):
    def peak(days):
        source = tmp_path / "in.csv"
        rows = (f"{(MONDAY + timedelta(minutes=30 * i)).isoformat()},{i % 7}" for i in range(48 * days))
        source.write_text("timestamp,value\n" + "\n".join(rows), encoding="utf-8")
        tracemalloc.start()
        try:
            score_series(source, tmp_path / "out.csv")
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1)
    assert peak(120) < peak(20) + 100_000
