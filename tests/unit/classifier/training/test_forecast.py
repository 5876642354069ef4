"""Learning the forecast from a small made world, by the command's own steps."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from classifier.heat.changes import Subject
from classifier.heat.files import read_posts
from classifier.heat.forecast import Forecaster
from classifier.heat.signals import FOLLOWED_SIGNALS
from classifier.training.forecast import main, reached_at
from tests.unit.classifier.heat.days import MORNING, a_fire, a_post, ordinary_day

OUTRAGE = {
    "t0": "2026-01-20T12:00:00Z",
    "t10": "2026-01-20T12:10:00Z",
    "t50": "2026-01-20T13:00:00Z",
    "t90": "2026-01-21T12:00:00Z",
    "t95": "2026-01-21T18:00:00Z",
    "size": 200,
}


def line_of(post):
    return json.dumps(
        {
            "brand": post.brand,
            "channel": post.channel,
            "external_id": post.external_id,
            "thread_id": post.thread_id,
            "author_id": post.author_id,
            "author_followers": post.author_followers,
            "created_at": post.created_at.isoformat(),
            "text_key": post.text_key,
            "is_share": post.is_share,
            "sentiment": {"negative": post.negative},
            "arousal": post.arousal,
            "in_own_channel": post.in_own_channel,
            "brand_replied": post.brand_replied,
        }
    )


@pytest.fixture
def world(tmp_path: Path) -> Path:
    folder = tmp_path / "world"
    folder.mkdir()
    for number in range(2):
        fires = [a_fire(day * 1440 + 300, size=60, every=2.0, thread_id=f"fire{day}") for day in (15, 18, 21)]
        calm = [a_post(day * 1440 + 200 + i, 0.9, thread_id=f"calm{day}") for day in range(23) for i in range(4)]
        posts = [*ordinary_day(23), *calm, *(post for fire in fires for post in fire)]
        posts.sort(key=lambda post: post.created_at)
        (folder / f"events-{number:04d}.jsonl").write_text("\n".join(map(line_of, posts)) + "\n")
        (folder / f"events-{number:04d}.jsonl").rename(folder / f"events-{number:04d}.jsonl.gz")  # plain is read too
        outrages = [_truth(fire) for fire in fires]
        truth = {"brand": "nuotiopuoti", "posts": len(posts), "rate_per_hour": 4.0, "outrages": outrages}
        truth["scored_from"] = (MORNING + timedelta(days=14)).isoformat()
        (folder / f"truth-{number:04d}.json").write_text(json.dumps(truth))
    return folder


def _truth(fire):
    at = [post.created_at.isoformat() for post in fire]
    parts = {"t0": 0, "t10": 6, "t50": 30, "t90": 54, "t95": 57}
    return {name: at[place] for name, place in parts.items()} | {"size": 60, "thread_ids": [fire[0].thread_id]}


def test_a_world_is_gathered_learnt_and_straightened(world, tmp_path, capsys):
    rows, learnt = tmp_path / "rows", tmp_path / "forecast.json"
    main(["gather", str(world), "--out", str(rows)])
    main(["gather", str(world), "--out", str(rows)])  # what is done is not read again
    assert capsys.readouterr().out.count("rows-0000.npz") == 1
    main(["learn", str(rows), "--fresh", str(rows), "--out", str(learnt)])
    main(["straighten", str(world), "--out", str(learnt)])
    forecaster = Forecaster(learnt)
    calm, hot = ([height] * len(FOLLOWED_SIGNALS) for height in (-9.0, 9.0))
    assert forecaster.odds(Subject.THREAD, hot) >= forecaster.odds(Subject.THREAD, calm) > -9.0
    assert forecaster.straightened(Subject.THREAD, 6.0) >= forecaster.straightened(Subject.THREAD, -6.0)
    assert sum(1 for _ in read_posts(world / "events-0000.jsonl.gz")) > 1000


def test_rows_that_are_not_there_are_told(tmp_path):
    with pytest.raises(SystemExit, match="gather"):
        main(["learn", str(tmp_path), "--fresh", str(tmp_path), "--out", str(tmp_path / "forecast.json")])


@pytest.mark.parametrize(("needed", "minutes"), [(1, 0), (20, 10), (60, 35), (100, 60), (201, None)])
def test_when_so_many_had_spoken_lies_between_the_quantiles(needed, minutes):
    at = reached_at(OUTRAGE, needed)
    began = datetime.fromisoformat("2026-01-20T12:00:00Z").timestamp()
    assert at == (float("inf") if minutes is None else pytest.approx(began + 60 * minutes))
