import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.heat.series_files import score_series
from classifier.outputs import BadInput


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
