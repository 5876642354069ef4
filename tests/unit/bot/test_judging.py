"""A file of texts in, a line with a verdict out for each; or a sentence, and nothing half-written."""

from __future__ import annotations

import csv
import gzip
import json
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.judging import judge_file
from classifier.judges import load_judge
from classifier.outputs import BadInput
from classifier.verdict import Judge, Verdict
from tests.fakes import FakeJudge, verdict_of


def judged(
    source: Path, target: Path | None = None, column: str = "text", judge: Judge | None = None
) -> list[dict[str, Any]]:
    target = target or source.with_name("out.jsonl")
    judge_file(judge or FakeJudge(), source, target, column)
    raw = target.read_bytes()
    lines = (gzip.decompress(raw) if target.suffix == ".gz" else raw).decode().splitlines()
    return [json.loads(line) for line in lines]


def a_file(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refused(source: Path, column: str = "text") -> str:
    """The sentence that a file is refused with, having left nothing behind."""
    before = sorted(source.parent.iterdir())
    with pytest.raises(BadInput) as raised:
        judge_file(FakeJudge(), source, source.with_name("out.jsonl"), column)
    assert sorted(source.parent.iterdir()) == before
    return str(raised.value)


def test_each_line_gets_one_in_the_same_order_with_its_own_id(tmp_path: Path) -> None:
    lines = [{"id": f"m{number}", "text": ["surkea", "kiitos", "hei"][number % 3]} for number in range(600)]
    source = a_file(tmp_path, "in.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
    out = judged(source)
    assert [line["id"] for line in out] == [line["id"] for line in lines]
    assert [line["label"] for line in out[:3]] == ["negative", "positive", "neutral"]


def test_a_line_holds_what_the_command_promises(tmp_path: Path) -> None:
    [line] = judged(a_file(tmp_path, "in.csv", "text\nsurkea\n"))
    assert line == {
        "id": 1, "language": "fi", "sentiment": {"negative": 0.9, "neutral": 0.07, "positive": 0.03},
        "label": "negative", "arousal": 0.8, "reasons": {}, "flags": {}, "abstained": False, "abstention": None,
        "truncated": False,
    }  # fmt: skip


def test_csv_with_line_breaks_in_a_text_keeps_one_line_each(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["id", "text"], ["a", "hei\nkiitos, moi"], ["b", ""], ["c", 'sanoi "surkea"']])
    out = judged(path)
    assert [(line["id"], line["label"]) for line in out] == [("a", "positive"), ("b", "neutral"), ("c", "negative")]


def test_a_csv_saved_by_excel_is_read(tmp_path: Path) -> None:
    assert (
        judged(a_file(tmp_path, "in.csv", "\ufefftext;x\n".replace(";", ",") + "kiitos,1\n"))[0]["label"] == "positive"
    )


def test_compressed_files_on_both_sides(tmp_path: Path) -> None:
    source = a_file(tmp_path, "in.jsonl.gz", gzip.compress(b'{"text": "kiitos"}\n'))
    assert judged(source, tmp_path / "out.jsonl.gz")[0]["label"] == "positive"


@pytest.mark.parametrize("text", ["", " ", "ä" * 100_000, "\u202eمرحبا", "😡😡", "\x00"])
def test_any_text_is_judged(tmp_path: Path, text: str) -> None:
    assert len(judged(a_file(tmp_path, "in.jsonl", json.dumps({"text": text}) + "\n"))) == 1


HARD = [
    "", " ", "a" * 1_000_000, "\ud800 hei \udfff", "a\x00b", "\x00", "😡😡", "👨\u200d👩\u200d👧", "\u202eمرحبا طلبي",
    "\u200b\u200d\ufeff", "\u2028\u2029\x85", "Z̷̡̛a̶l̴g̵o̸", "=1+1", '"', "\\", "{}", "null",
]  # fmt: skip


@pytest.mark.parametrize("name", ["onnx", "lexicon"])
def test_the_hardest_texts_get_a_line_each_from_the_real_judges(tmp_path: Path, name: str) -> None:
    source = a_file(tmp_path, "in.jsonl", "".join(json.dumps({"text": text}) + "\n" for text in HARD))
    out = judged(source, judge=load_judge(name))
    assert [line["id"] for line in out] == list(range(1, len(HARD) + 1))
    assert [line["abstention"] for line in out[:2]] == ["nothing_to_read"] * 2
    assert [line["truncated"] for line in out[:3]] == [False, False, True]


@pytest.mark.parametrize("value", ["null", '""', "NaN", "1e999", "[1]", '{"a": 1}', "true"])
def test_what_is_no_text_is_a_verdict_that_abstains(tmp_path: Path, value: str) -> None:
    source = a_file(tmp_path, "in.jsonl", f'{{"text": "kiitos"}}\n{{"text": {value}}}\n{{"text": "paska"}}\n')
    out = judged(source, judge=load_judge("lexicon"))
    assert [(line["abstained"], line["abstention"]) for line in out] == [
        (False, None), (True, "nothing_to_read"), (False, None),
    ]  # fmt: skip


def test_a_row_of_csv_that_ends_early_is_a_verdict_that_abstains(tmp_path: Path) -> None:
    source = a_file(tmp_path, "in.csv", "id,text\n1,kiitos\n2\n3,\n")
    out = judged(source, judge=load_judge("lexicon"))
    assert [line["abstention"] for line in out] == [None, "nothing_to_read", "nothing_to_read"]


def test_a_number_is_read_as_its_digits(tmp_path: Path) -> None:
    digits = "9" * 5000
    source = a_file(tmp_path, "in.jsonl", f'{{"text": 7.5}}\n{{"text": {digits}, "id": {digits}}}\n')
    judge = FakeJudge()
    out = judged(source, judge=judge)
    assert judge.given == [["7.5", digits]]
    assert out[1]["id"] == digits


@pytest.mark.parametrize("id", ["null", "NaN", "1e999", "[]", "{}"])
def test_an_id_that_names_nothing_is_the_number_of_the_line(tmp_path: Path, id: str) -> None:
    assert judged(a_file(tmp_path, "in.jsonl", f'{{"id": {id}, "text": "hei"}}\n'))[0]["id"] == 1


@pytest.mark.parametrize("between", [";", "\t"])
def test_a_csv_with_semicolons_or_tabs_is_read_as_excel_writes_it_here(tmp_path: Path, between: str) -> None:
    source = a_file(tmp_path, "in.csv", f"id{between}text\n7{between}kiitos, hyvä 9,90 €\n")
    assert [(line["id"], line["label"]) for line in judged(source)] == [("7", "positive")]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(codec=None), max_size=60), max_size=12), st.sampled_from(["in.jsonl", "in.csv"]))
def test_any_texts_get_one_finite_well_formed_line_each_in_order(tmp_path: Path, texts: list[str], name: str) -> None:
    source = tmp_path / name
    with source.open("w", newline="", encoding="utf-8", errors="replace") as file:
        if name == "in.csv":
            csv.writer(file).writerows([["id", "text"], *([f"n{place}", text] for place, text in enumerate(texts))])
        else:
            file.writelines(json.dumps({"id": f"n{place}", "text": text}) + "\n" for place, text in enumerate(texts))
    judge_file(load_judge("lexicon"), source, tmp_path / "out.jsonl")
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").split("\n")
    assert lines.pop() == ""
    out = [json.loads(line, parse_constant=pytest.fail) for line in lines]
    assert [line["id"] for line in out] == [f"n{place}" for place in range(len(texts))]
    for line in out:
        assert sum(line["sentiment"].values()) == pytest.approx(1, abs=1e-3)
        assert 0 <= line["arousal"] <= 1
        assert line["abstained"] is (line["abstention"] is not None)


def test_long_texts_are_judged_few_at_a_time(tmp_path: Path) -> None:
    judge = FakeJudge()
    judged(a_file(tmp_path, "in.csv", "text\n" + ("ä" * 1_500_000 + "\n") * 7), judge=judge)
    assert [len(batch) for batch in judge.given] == [3, 3, 1]


def test_reading_is_never_ahead_of_writing_by_more_than_a_batch(tmp_path: Path) -> None:
    """A slow disk slows the reader: what was read and not yet written is one batch, however long the file."""
    out = tmp_path / "out.jsonl.part"
    told: list[int] = []

    def look(count: int) -> None:
        told.append(count)
        assert count <= 256
        assert len(out.read_bytes()) > (sum(told) - 2 * 256) * 100

    source = a_file(tmp_path, "in.jsonl", '{"text": "hei"}\n' * 5000)
    judge_file(FakeJudge(), source, tmp_path / "out.jsonl", advance=look)
    assert sum(told) == 5000


def test_memory_stays_flat_however_long_the_file(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        source = a_file(tmp_path, "in.jsonl", '{"text": "Kolme viikkoa odotettu eikä mitään kuulu"}\n' * count)
        tracemalloc.start()
        judge_file(ForgetfulJudge(), source, tmp_path / "out.jsonl")
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    peak(500)
    assert peak(6_000) < 1.2 * peak(600)


class ForgetfulJudge(FakeJudge):
    """Keeps nothing of what it was given."""

    def judge(self, texts: Sequence[str]) -> list[Verdict]:
        return [verdict_of(text) for text in texts]


def test_stopping_midway_leaves_neither_half_a_file_nor_a_changed_one(tmp_path: Path) -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    old = a_file(tmp_path, "out.jsonl", "the result of yesterday\n")
    source = a_file(tmp_path, "in.jsonl", '{"text": "hei"}\n' * 600)
    with pytest.raises(KeyboardInterrupt):
        judge_file(FakeJudge(meanwhile=stop), source, old)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]
    assert old.read_text() == "the result of yesterday\n"


def test_lone_surrogates_in_text_and_id_are_judged_and_written_as_something_readable(tmp_path: Path) -> None:
    source = a_file(tmp_path, "in.jsonl", '{"id": "a\\ud800", "text": "kiitos \\udfff"}\n')
    assert [(line["id"], line["label"]) for line in judged(source)] == [("a?", "positive")]


def test_a_hundred_thousand_characters_pass_in_csv_too(tmp_path: Path) -> None:
    assert len(judged(a_file(tmp_path, "in.csv", "text\n" + "ä" * 200_000 + "\n"))) == 1


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("in.jsonl", '{"text": "hei"}\n{"text": \n', ("in.jsonl, line 2", "not valid JSON", "Mend or remove")),
        ("in.jsonl", '{"text": "hei"}\n\n{"text": "moi"}\n', ("line 2", "not valid JSON")),
        ("in.jsonl", '{"text": "hei"}\n{"teksti": "hei"}\n', ("line 2", 'object with "text"', "--text-column")),
        ("in.jsonl", '{"text": "hei"}\n{"text": "' + "a" * 20_000_000 + '"}\n', ("line 2", "longer than 20000000")),
        ("in.jsonl", "[1]\n", ("line 1",)),
        ("in.jsonl", "[" * 100_000 + "\n", ("line 1", "nested")),
        ("in.jsonl", b'{"text": "hei"}\n{"text": "\xe4"}\n', ("not UTF-8", "Save the file as UTF-8")),
        ("in.csv", "id,teksti\n1,hei\n", ("line 1", 'no column "text"', "it has id, teksti", "--text-column")),
        ("in.csv", "", ("it has nothing",)),
        ("in.csv", b"text\nhei\n\xe4\n", ("Save the file as UTF-8",)),
        ("in.xlsx", "PK", (".csv or .jsonl",)),
        ("in.jsonl.gz", b"not gzip", ("in.jsonl.gz",)),
        ("in.jsonl.gz", gzip.compress(b'{"text": "hei"}\n' * 9999)[:60], ("in.jsonl.gz", "damaged")),
    ],
    ids=["broken JSON", "empty line", "no text", "too long", "a list", "nested", "latin-1", "no column", "empty csv",
         "latin-1 csv", "excel", "no gzip", "cut gzip"],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_file_line_and_way_out(
    tmp_path: Path, name: str, content: str | bytes, words: tuple[str, ...]
) -> None:
    told = refused(a_file(tmp_path, name, content))
    assert name in told
    for word in words:
        assert word in told


def test_a_result_of_before_stays_when_the_file_is_bad(tmp_path: Path) -> None:
    old = a_file(tmp_path, "out.jsonl", "the result of yesterday\n")
    refused(a_file(tmp_path, "in.jsonl", '{"text": "hei"}\nbroken\n'))
    assert old.read_text() == "the result of yesterday\n"


def test_a_target_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    source = a_file(tmp_path, "in.jsonl", '{"text": "hei"}\n')
    with pytest.raises(BadInput, match="No such file or directory"):
        judge_file(FakeJudge(), source, tmp_path / "no folder" / "out.jsonl")


def test_progress_counts_every_text(tmp_path: Path) -> None:
    counted: list[int] = []
    source = a_file(tmp_path, "in.csv", "text\n" + "hei\n" * 600)
    assert judge_file(FakeJudge(), source, tmp_path / "o.jsonl", advance=counted.append) == sum(counted) == 600
