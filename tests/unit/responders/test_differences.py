"""What was changed from one text to another, in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responders.differences import changes_between
from responders.slack.case_views import Change, Edit

WORDS = st.lists(st.sampled_from(["hei", "paketti", "myöhässä", "pahoittelut", "7 €"]), max_size=12).map(" ".join)


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("Hei Aino!", "Hei Aino!", []),
        ("Hei  Aino!\n", "Hei Aino!", []),
        ("Hei Aino! Soitan.", "Hei Aino! Kirjoitan.", [Change(Edit.SWAPPED, "Soitan.", "Kirjoitan.")]),
        ("Hei!", "Hei Aino!", [Change(Edit.SWAPPED, "Hei!", "Hei Aino!")]),
        ("Saat hyvityksen heti.", "Saat hyvityksen.", [Change(Edit.SWAPPED, "hyvityksen heti.", "hyvityksen.")]),
        ("Hei Aino. Terveisin me", "Hei Aino. Pahoittelut. Terveisin me", [Change(Edit.ADDED, "", "Pahoittelut.")]),
        ("Saat 20 € heti huomenna", "Saat heti huomenna", [Change(Edit.REMOVED, "20 €", "")]),
        (
            "Hei, Aino. Soitan pian sinulle",
            "Hei Aino. Kirjoitan pian sinulle",
            [Change(Edit.SWAPPED, "Soitan", "Kirjoitan")],
        ),
        ("Hei, Aino", "Hei Aino", [Change(Edit.SWAPPED, "Hei,", "Hei")]),
    ],
)
def test_words_that_changed_are_told(before: str, after: str, changes: list[Change]) -> None:
    assert list(changes_between(before, after)) == changes


@given(before=WORDS, after=WORDS)
def test_nothing_is_told_only_where_nothing_changed(before: str, after: str) -> None:
    found = changes_between(before, after)
    assert bool(found) == (before.split() != after.split())
    assert all(one.before in before and one.after in after for one in found)
