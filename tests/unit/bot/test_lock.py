"""One process at a time works on a store, and a process that died holds nobody up."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.lock import AlreadyRunning, OnlyOne


def test_a_second_one_is_told_what_to_do_and_may_come_after_the_first(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'store.db'}"
    first = OnlyOne.take(url)
    with pytest.raises(AlreadyRunning, match=r"already running on .*store\.db\. Stop the other one first"):
        OnlyOne.take(url)
    first.release()
    first.release()
    OnlyOne.take(url).release()


def test_a_process_that_died_holds_nobody_up(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    code = f"import os; from bot.lock import OnlyOne; one = OnlyOne.take({url!r}); os.kill(os.getpid(), 9)"
    died = subprocess.run([sys.executable, "-c", code], check=False)
    assert died.returncode == -9
    OnlyOne.take(url).release()


def test_a_store_in_memory_is_everybodys_own() -> None:
    first, second = OnlyOne.take("sqlite://"), OnlyOne.take("sqlite:///:memory:")
    first.release()
    second.release()
