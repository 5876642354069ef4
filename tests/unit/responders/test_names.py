"""A first name is used only when it plainly is one."""

from __future__ import annotations

import pytest

from responders.names import first_name


@pytest.mark.parametrize(
    ("display_name", "greeted"),
    [
        ("Anna Virtanen", "Anna"),
        ("Anna-Liisa Korpela", "Anna-Liisa"),
        ("Håkan Lindström", "Håkan"),
        ("Matti V.", "Matti"),
        ("Päivi", "Päivi"),
        ("Jukka Pekka Mäkinen", "Jukka"),
    ],
)
def test_a_persons_name_gives_its_first_word(display_name: str, greeted: str) -> None:
    assert first_name(display_name) == greeted


@pytest.mark.parametrize(
    "display_name",
    [
        None, "", " ", "retkireiska", "Retki Reiska", "Suomen Latu", "Helsingin Sanomat", "anna", "ANNA VIRTANEN",
        "Anna 🌸", "Anna_V", "Anna91", "@anna", "Anna ja Matti Virtanen Oulusta", "Meri ja Metsä", "Anna Store",
        "Oskar Oy", "{phone}", "Äiti Kahvilla", "Anna-", "-", "A" * 500, "Anna\u200bVirtanen", "Dr. Anna",
    ],
)  # fmt: skip
def test_anything_else_gives_none(display_name: str | None) -> None:
    assert first_name(display_name) is None
