"""Broken playbook files: every fault at once, each with its file, its line and the way out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responders.playbooks.loading import SHIPPED, PlaybookProblems, load_playbooks
from responders.playbooks.reading import read_playbook

GOOD = (SHIPPED / "thanks.md").read_text(encoding="utf-8")


def faults(text: str) -> str:
    playbook, problems = read_playbook("mine.md", text)
    assert playbook is None
    return "\n".join(problems)


def test_a_good_file_has_no_faults() -> None:
    playbook, problems = read_playbook("mine.md", GOOD)
    assert problems == ()
    assert playbook is not None
    assert playbook.id == "mine"


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("priority = 45", "priority = = 45", "mine.md: the settings between the +++ lines are not valid TOML"),
        ("priority = 45", "priority = 45\ncolour = 3", 'mine.md:5: unknown key "colour"; use reason, flag'),
        ("priority = 45", "priority = 450", 'mine.md:4: "priority" must be a whole number from 0 to 100'),
        ("priority = 45", "priority = true", 'mine.md:4: "priority" must be'),
        ("priority = 45", 'hand_over = "yes"', 'mine.md:4: "hand_over" must be true or false'),
        ("priority = 45", 'needs = ["fax"]', "mine.md:4: \"needs\" holds 'fax'; use contact_form, email"),
        ("priority = 45", 'places = "dm"', 'mine.md:4: "places" must be a list like ["public"]'),
        ("priority = 45", "places = []", 'mine.md:4: "places" must be a list like ["public"]'),
        ('reason = "praise"', 'reason = "kehu"', "mine.md:2: \"reason\" is 'kehu'; use delivery, product_fault"),
        ('fits = "happy"', 'fits = "sad"', "mine.md:5: \"fits\" is 'sad'; use words, asks, happy"),
        ('["positive"]', '["glad"]', "mine.md:3: \"sentiments\" holds 'glad'; use negative, neutral or positive"),
        ('sv = "Tack och beröm"\n', "", 'mine.md:7: [name] lacks sv; add a line like sv = "..."'),
        ('sv = "Tack och beröm"', 'sv = "Tack"\nno = "Takk"', '[name] has unknown language "no"; use fi, sv or en'),
        ('"suosittel",', "7,", 'mine.md:12: [when] fi must be a list of phrases like ["paketti ei tullut"]'),
        ('"suosittel",', '"suosittel|",', '[when] fi has "suosittel|"; put letters on both sides of every |'),
        ("## sv dm", "## sv dmm", 'heading "## sv dmm"; write "## fi public", "## sv dm" or "## en question"'),
        ("## sv dm", "## sv public", 'heading "## sv public" is here twice; keep one'),
        ("Kiitos, ihana kuulla!", "Kiitos, {nimi}!", "unknown slot {nimi}; use contact_form, email, greeting"),
        ("Kiitos, ihana kuulla!", "Kiitos {shop!", "a brace without its pair; write a slot as {phone}"),
        ("Tack, vad roligt", "{order_number} Tack, vad roligt", "would show a customer's own data in public"),
        ("+++\n\n## fi public", "+++\nHei\n## fi public", "text before the first heading; put it under one"),
        ("## fi public\n", "## fi public\n| ", "a line that begins with | stands in for the line above it"),
        ("## en public", "## en public\n\n## en question\nMore?\n## en pub", 'question is missing in fi; add "##'),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place_and_the_way_out(was: str, becomes: str, told: str) -> None:
    assert was in GOOD
    assert told in faults(GOOD.replace(was, becomes, 1))


def test_a_missing_language_is_told_for_each_place() -> None:
    cut = GOOD[: GOOD.index("## en public")]
    assert 'the text for en is missing; add a heading "## en public" and its text' in faults(cut)
    assert 'the text for en is missing; add a heading "## en dm" and its text' in faults(cut)


def test_a_heading_without_text_is_told() -> None:
    cut = GOOD[: GOOD.index("## en dm")] + "## en dm\n\n"
    assert '"## en dm" has no text under it' in faults(cut)


def test_a_text_that_could_come_out_empty_is_told() -> None:
    said = "{greeting} Thank you, that's lovely to hear! We'll pass it on to the whole team."
    assert "this text is empty when the shop has not given its slots" in faults(GOOD.replace(said, "Call us: {phone}"))


@pytest.mark.parametrize("text", ["", "hei", "+++\npriority = 1", "## fi public\n+++\n+++\n"])
def test_a_file_without_settings_is_told(text: str) -> None:
    assert "mine.md:1: the settings are missing" in faults(text)


def test_toml_faults_carry_the_line_of_the_file() -> None:
    assert "at line 4" in faults(GOOD.replace("priority = 45", "priority = = 45"))


def test_windows_line_ends_and_a_byte_order_mark_are_no_fault(tmp_path: Path) -> None:
    (tmp_path / "thanks.md").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load_playbooks(tmp_path)


def test_all_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(GOOD.replace("priority", "prio").replace("## sv dm", "## xx dm"), encoding="utf-8")
    (tmp_path / "b.md").write_bytes(GOOD.encode("utf-16"))
    with pytest.raises(PlaybookProblems) as caught:
        load_playbooks(tmp_path)
    told = str(caught.value)
    assert f'{tmp_path}/a.md:4: unknown key "prio"' in told
    assert 'heading "## xx dm"' in told
    assert f"{tmp_path}/b.md: the file is not UTF-8 text; save it again as UTF-8" in told


def test_the_shops_file_takes_the_place_of_the_shipped_one_and_others_stay(tmp_path: Path) -> None:
    (tmp_path / "thanks.md").write_text(GOOD.replace("ihana kuulla", "mahtavaa"), encoding="utf-8")
    (tmp_path / "new-one.md").write_text(GOOD, encoding="utf-8")
    (tmp_path / "README.md").write_text("How we answer.", encoding="utf-8")
    mine = {playbook.id: playbook for playbook in load_playbooks(tmp_path)}
    shipped = {playbook.id: playbook for playbook in load_playbooks()}
    assert mine.keys() - shipped.keys() == {"new-one"}
    assert mine["thanks"] != shipped["thanks"]
    assert mine["details"] == shipped["details"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PlaybookProblems, match="there is no such folder; create it or remove"):
        load_playbooks(tmp_path / "gone")


def test_a_last_resort_must_stay(tmp_path: Path) -> None:
    narrowed = (SHIPPED / "details.md").read_text(encoding="utf-8").replace('fits = "always"', 'fits = "words"')
    (tmp_path / "details.md").write_text(narrowed, encoding="utf-8")
    with pytest.raises(PlaybookProblems, match='no playbook fits every message; keep one with fits = "always"'):
        load_playbooks(tmp_path)


@given(st.text(max_size=300), st.integers(0, len(GOOD)))
def test_any_text_put_anywhere_is_read_or_told_never_raised(noise: str, at: int) -> None:
    playbook, problems = read_playbook("mine.md", GOOD[:at] + noise + GOOD[at:])
    assert (playbook is None) == bool(problems)
