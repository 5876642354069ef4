"""Whatever people, customers, platforms and crashes do, in whatever order: the promises hold after every step."""

from __future__ import annotations

import atexit
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.unit.responders.case_world import HAPPENS, Choice, World, populated


@cache
def template() -> Path:
    """The shop as every run of the machine finds it."""
    folder = tempfile.TemporaryDirectory(prefix="palovahti-casework-")
    atexit.register(folder.cleanup)
    path = Path(folder.name) / "template.db"
    populated(path)
    return path


class Casework(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.world = World(template(), template().parent)

    @rule(name=st.sampled_from(HAPPENS), data=st.data())
    def happens(self, name: str, data: st.DataObject) -> None:
        def pick(among: Sequence[Choice]) -> Choice:
            return data.draw(st.sampled_from(among))

        self.world.step(name, pick)

    def teardown(self) -> None:
        self.world.close()


TestCasework = Casework.TestCase
TestCasework.settings = settings(
    max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
