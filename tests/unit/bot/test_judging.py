"""A file of texts in, a line with a verdict out for each; or a sentence, and nothing half-written."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from bot.judging import judge_file
from classifier.outputs import BadInput
from tests.fakes import FakeJudge


def judged(source: Path, target: Path | None = None, column: str = "text") -> list[dict[str, Any]]:
    target = target or source.with_name("out.jsonl")
    judge_file(FakeJudge(), source, target, column)
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
        "label": "negative", "arousal": 0.8, "reasons": {}, "flags": {}, "abstained": False,
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
        ("in.jsonl", '{"text": "hei"}\n{"teksti": "hei"}\n', ("line 2", 'a text in "text"', "--text-column")),
        ("in.jsonl", '{"text": 7}\n', ("line 1",)),
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
    ids=["broken JSON", "empty line", "no text", "a number", "a list", "nested", "latin-1", "no column", "empty csv",
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
