"""The shipped playbooks: each reads cleanly in every language and place, whatever the shop and the customer gave."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from responders.drafting import suggest
from responders.lengths import Limit
from responders.playbooks.loading import load_playbooks
from responders.playbooks.playbook import LANGUAGES, REASONS, SLOTS, Fits, Playbook
from responders.playbooks.reading import KEYS
from responders.profile import Notice
from responders.publishers.x_length import LONGEST, length
from responders.slots import fill, slot_values
from responders.tone import check
from responders.whenwords import matches, words_of
from tests.unit.responders.matters import FULL, MINIMAL, NOW, ROOMY, a_matter

PLAYBOOKS = load_playbooks()
X_LIMIT = Limit(LONGEST, length)
EVERY = [
    pytest.param(playbook, language, place, id=f"{playbook.id}-{language}-{place}")
    for playbook in PLAYBOOKS
    for language in LANGUAGES
    for place in playbook.places
]
NAMES = ("Anna-Maria Korpela", None, "retki_reiska 🏕️")
TEXTS = ("Tilausnumero on NP-104233", "???")


def a_draft(playbook: Playbook, language: str, place: str, **named: object) -> str:
    profile = named.pop("profile", FULL)
    limit = named.pop("limit", ROOMY)
    matter = a_matter(str(named.pop("text", "")), playbook.sentiments[0], language, place, **named)
    told = replace(playbook, fits=Fits.ALWAYS)  # so that it is drafted though nothing in the text asks for it
    (draft,) = suggest(matter, [told], profile, limit, NOW)  # type: ignore[arg-type]
    assert not draft.missing
    return draft.text


def test_at_least_fourteen_playbooks_ship_and_cover_every_contact_reason() -> None:
    assert len(PLAYBOOKS) >= 14
    assert {playbook.reason for playbook in PLAYBOOKS} >= set(REASONS)


@pytest.mark.parametrize(("playbook", "language", "place"), EVERY)
@pytest.mark.parametrize("author", NAMES)
@pytest.mark.parametrize("text", TEXTS)
def test_it_fills_cleanly_for_a_shop_that_gave_everything(
    playbook: Playbook, language: str, place: str, author: str | None, text: str
) -> None:
    reply = a_draft(playbook, language, place, author=author, text=text)
    public = place == "public"
    assert check(reply, language=language, public=public, limit=ROOMY, profile=FULL) == ()
    assert reads_well(reply)
    assert ("Anna-Maria!" in reply) == (author == NAMES[0])
    assert reply.endswith(FULL.signature[language])
    assert not public or "104233" not in reply


@pytest.mark.parametrize(("playbook", "language", "place"), [case for case in EVERY if not case.values[0].needs])
def test_it_fills_cleanly_for_a_shop_that_gave_its_name_alone(playbook: Playbook, language: str, place: str) -> None:
    reply = a_draft(playbook, language, place, profile=MINIMAL)
    assert check(reply, language=language, public=place == "public", limit=ROOMY) == ()
    assert reads_well(reply)
    assert len(reply.split()) >= 5


@pytest.mark.parametrize(("playbook", "language", "place"), [case for case in EVERY if case.values[2] == "public"])
def test_its_public_words_fit_a_post_on_x(playbook: Playbook, language: str, place: str) -> None:
    reply = a_draft(playbook, language, place, author="Anna-Maria Korpela", limit=X_LIMIT)
    assert length(reply) <= LONGEST
    assert "Anna-Maria!" in reply  # nothing had to be left out to make it fit
    assert not playbook.question or reply == a_draft(playbook, language, place, author="Anna-Maria Korpela")


@pytest.mark.parametrize("playbook", PLAYBOOKS, ids=lambda playbook: playbook.id)
def test_its_when_words_are_found_in_themselves(playbook: Playbook) -> None:
    """A phrase that cannot match what it is made of (a slip in its choices, say) would never match anything."""
    for language in LANGUAGES:
        for phrase in playbook.when[language]:
            spoken = " ".join(token.split("|")[0].removeprefix("=") for token in phrase.split())
            assert matches([phrase], words_of(spoken)), phrase


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_is_only_ever_greeted(language: str) -> None:
    """Slots are never inflected, so none may be glued to letters or stand where a language would bend it."""
    for playbook in PLAYBOOKS:
        for place in playbook.places:
            for paragraph in playbook.wording[language, place]:
                for way in (way for line in paragraph for way in line):
                    for slot in SLOTS:
                        for before, after in around(way, "{" + slot + "}"):
                            assert not before.isalnum(), way
                            assert after not in "abcdefghijklmnopqrstuvwxyzåäö-'’", way


def around(text: str, slot: str) -> list[tuple[str, str]]:
    pieces = text.split(slot)
    return [((left[-1:] or " "), (right[:1] or " ")) for left, right in pairwise(pieces)]


def reads_well(reply: str) -> bool:
    flaws = ("  ", " .", " ,", " !", "..", "{", "}", "|", "None", "\n\n\n")
    return not any(flaw in reply for flaw in flaws) and reply == reply.strip()


def test_a_dated_notice_is_quoted_on_its_days_only() -> None:
    text = {"fi": "Toimitukset kestävät nyt 5–7 päivää."}
    notice = Notice("delivery", date(2026, 11, 20), date(2026, 12, 10), text)
    profile = replace(FULL, notices=(notice,))
    playbook = next(playbook for playbook in PLAYBOOKS if playbook.id == "not-arrived")

    def said(day: int, month: int, language: str = "fi", reason: str = "delivery") -> bool:
        values = slot_values(profile, language, reason, None, (), NOW.replace(month=month, day=day))
        return text["fi"] in fill(playbook.wording[language, "dm"], values)

    assert said(20, 11)
    assert said(10, 12)
    assert not said(19, 11)
    assert not said(11, 12)
    assert not said(20, 11, language="sv")
    assert not said(20, 11, reason="payment_invoice")


def test_the_keys_in_the_guide_are_the_keys_that_are_read() -> None:
    guide = (Path(__file__).parents[3] / "docs/playbooks.md").read_text(encoding="utf-8")
    for name in (*KEYS, *SLOTS, *Fits, *LANGUAGES):
        assert f"`{name}`" in guide or f"`{{{name}}}`" in guide, name
