"""The migrations build exactly the tables the code describes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session, sessionmaker

from listener.normalise import copied_words, text_key
from migrations import config_for, upgrade
from models.base import Base, open_engine, open_sessions
from models.mentions import Mention
from models.verdicts import VerdictRow
from tests.builders import a_post

A_THREAD = (
    "INSERT INTO thread (id, channel, account, external_id, in_own_channel, is_private, first_at, last_at) "
    "VALUES (1, 'x', 'us', 't1', 0, 0, '2026-11-10 12:00:00', '2026-11-10 12:00:00')"
)
A_MENTION = (
    "INSERT INTO mention (id, thread_id, channel, account, external_id, place, text, text_key, is_share, from_us, "
    "replyable, created_at, received_at) VALUES (1, 1, 'x', 'us', 'm1', 'mention', 'Missä paketti?', 'k', 0, 0, "
    "'yes', '2026-11-10 12:00:00', '2026-11-10 12:00:00')"
)
A_VERDICT = (
    "INSERT INTO verdict (id, mention_id, judge_version, language, label, negative, neutral, positive, arousal, "
    "abstained, truncated, judged_at) VALUES (1, 1, 'lexicon-1', 'fi', 'neutral', 0.1, 0.8, 0.1, 0.2, 1, 0, "
    "'2026-11-10 12:00:00')"
)


@pytest.fixture
def first_store() -> Iterator[Engine]:
    """A store as the first release left it, with one verdict in it."""
    engine = open_engine("sqlite://")
    with engine.begin() as connection:
        command.upgrade(config_for(connection), "0001")
        for row in (A_THREAD, A_MENTION, A_VERDICT):
            connection.execute(text(row))
    yield engine
    engine.dispose()


def test_a_migrated_store_is_what_the_tables_say(store: sessionmaker[Session]) -> None:
    with store() as session:
        differences = compare_metadata(MigrationContext.configure(session.connection()), Base.metadata)
    assert differences == []


def test_every_table_that_holds_a_persons_words_names_its_retention() -> None:
    holding = {table.name for table in Base.metadata.tables.values() if "text" in table.c}
    assert holding == {"mention", "suggestion", "reply", "reply_text", "case_note"}
    assert all(Base.metadata.tables[name].info.get("retention") for name in holding)


def test_the_first_releases_store_keeps_its_verdicts(first_store: Engine) -> None:
    upgrade(first_store)
    upgrade(first_store)  # at every start
    with open_sessions(first_store)() as session:
        [kept] = session.scalars(select(VerdictRow))
    assert (kept.label, kept.negative, kept.abstained, kept.judge_version) == ("neutral", 0.1, True, "lexicon-1")
    assert (kept.reasons, kept.flags, kept.abstention) == ({}, {}, None)


def test_old_and_new_rows_have_the_same_key_for_the_same_words(first_store: Engine) -> None:
    texts = [
        "Missä paketti?",
        "PASKAAAAA firma t.co/x",
        "Älkää ostako tältä kaupalta enää mitään 4/50",
        "😡",
        "Ｈｅｉ 1234",
    ]
    with first_store.begin() as connection:
        connection.execute(text("UPDATE mention SET text = :text"), {"text": texts[0]})
        for number, said in enumerate(texts[1:], 2):
            again = A_MENTION.replace("VALUES (1,", f"VALUES ({number},").replace("'m1'", f"'m{number}'")
            connection.execute(text(again.replace("'Missä paketti?'", ":text")), {"text": said})
    upgrade(first_store)
    with open_sessions(first_store)() as session:
        rows = session.scalars(select(Mention).order_by(Mention.id)).all()
    assert [row.text for row in rows] == texts
    assert [row.text_key for row in rows] == [
        text_key(copied_words(row.text), a_post(row.text, external_id=row.external_id, channel=row.channel))
        for row in rows
    ]
    assert [row.words for row in rows] == [2, 2, 6, 0, 2]
    assert all(row.author_created_at is None for row in rows)


def test_going_back_to_the_first_release_keeps_them_too(first_store: Engine) -> None:
    upgrade(first_store)
    with first_store.begin() as connection:
        command.downgrade(config_for(connection), "0001")
        assert connection.execute(text("SELECT label, abstained FROM verdict")).all() == [("neutral", 1)]
