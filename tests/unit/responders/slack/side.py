"""A workspace with Home, the command and taking in by hand at work on a real store, as the product wires them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.people_side import people_side
from bot.roles_settings import RoleSettings, TeamSettings, roles_of
from bot.settings import Settings, StoreSettings
from bot.shop_settings import ShopSettings
from bot.slack_settings import SlackSettings
from listener.intake import keep_by_hand
from migrations import upgrade
from models.base import Sessions, open_engine, open_sessions
from models.cases import Case
from responders.matters import Ground
from responders.roles import PEOPLE_ALONE
from responders.routes import Abilities, limits
from responders.slack.actions import Outcome, Person
from responders.slack.command_views import Duties
from responders.slack.home_views import ApprovesMany
from responders.slack.intake_views import Intakes
from responders.suggest import Suggester
from responders.taking_in import TakingIn
from tests.builders import NOON, SHOP, playbooks
from tests.fakes import FrozenClock
from tests.unit.responders.slack.workspace import PATIENCE_S, Workspace, a_workspace

ANNA, MIKAEL, SARA = "U0ANNA", "U0MIKAEL", "U0SARA"


@dataclass
class StoreTakes:
    """Gives a case to whoever asks first, as casework does."""

    sessions: Sessions
    asked: list[tuple[int, str]] = field(default_factory=list)

    def take(self, case_id: int, who: Person) -> Outcome:
        self.asked.append((case_id, who.id))
        with self.sessions.begin() as session:
            case = session.get_one(Case, case_id)
            if case.owner_id is not None:
                return Outcome(False, "already_assigned", by=case.owner_name, by_id=case.owner_id, at=NOON)
            case.owner_id, case.owner_name = who.id, who.name
        return Outcome(True)


@dataclass
class Side:
    """What a test presses and reads."""

    room: Workspace
    sessions: Sessions
    clock: FrozenClock
    takes: StoreTakes
    intakes: Intakes

    def open_home(self, user: str = ANNA) -> str:
        """Opens Home and returns what it says, waited for."""
        before = self.room.slack.workspace.home_of(user)
        assert self.room.slack.entries.open_home(user).result(PATIENCE_S).problem == ""
        return self.home_after(before, user)

    def home_after(self, before: Any, user: str = ANNA) -> str:
        old = before["hash"] if before else None
        view = eventually(lambda: _newer(self.room.slack.workspace.home_of(user), old))
        return said(view["blocks"])

    def press_home(self, action_id: str, value: Any = None, user: str = ANNA, nth: int = 0) -> str:
        """Presses in Home and returns what it then says."""
        before = self.room.slack.workspace.home_of(user)
        assert before is not None
        block_id = [one["block_id"] for one in before["blocks"] if action_id in _actions(one)][nth]
        pressed = self.room.slack.entries.click_home(user, block_id, action_id, value, {block_id: {action_id: value}})
        assert pressed.result(PATIENCE_S).problem == ""
        return self.home_after(before, user)

    def ask(self, text: str, user: str = ANNA, channel: str = "C0ASIAKAS") -> str:
        """Types /palovahti with `text`, and returns the answer that only this person sees."""
        slack = self.room.slack
        seen = len(self._hidden(user))
        slack.entries.command(user, channel, "/palovahti", text).result(PATIENCE_S)
        [*_, answer] = eventually(lambda: self._hidden(user)[seen:])
        return said(answer["message"].get("blocks") or []) or str(answer["message"]["text"])

    def take_in(self, user: str = ANNA, **values: Any) -> Any:
        """Fills the form that is open and submits it; what is not named stays as it stands there."""
        window = self.room.window(user)
        filled: dict[str, dict[str, Any]] = {}
        for block in window["blocks"]:
            element = block["element"]
            start = element.get("initial_value") or (element.get("initial_option") or {}).get("value")
            filled[block["block_id"]] = {element["action_id"]: values.get(block["block_id"], start)}
        return self.room.slack.submit(user, window["id"], filled).result(PATIENCE_S)

    def _hidden(self, user: str) -> list[Any]:
        changed = self.room.slack.workspace.changes(0, user)
        return sorted(
            (one for one in changed if one["visible_to"] == user and not one["deleted"]),
            key=lambda one: float(one["message"]["ts"]),
        )


@contextmanager
def a_side(
    folder: Path,
    *,
    roles: RoleSettings | None = None,
    teams: Sequence[TeamSettings] = (),
    approves: ApprovesMany | None = None,
    duties: Duties | None = None,
    settings: dict[str, Any] | None = None,
) -> Iterator[Side]:
    engine = open_engine(f"sqlite:///{folder / 'side.db'}")
    upgrade(engine)
    sessions, clock = open_sessions(engine), FrozenClock(NOON)
    takes = StoreTakes(sessions)
    given = roles_of(roles or RoleSettings(), PEOPLE_ALONE)
    ground = Ground("Nuotiopuoti", Suggester(playbooks(), SHOP, limits()))
    wired = Settings(
        shop=ShopSettings(name="Nuotiopuoti", languages=("fi", "sv", "en")),
        store=StoreSettings(url=f"sqlite:///{folder / 'side.db'}"),
        slack=SlackSettings(alert_channel="C0PALOVAHTI", contact_channel="C0ASIAKAS"),
        teams=tuple(teams),
        **(settings or {}),
    )
    more = people_side(
        wired,
        sessions=sessions,
        clock=clock,
        wall=clock,
        roles=given,
        staff=PEOPLE_ALONE,
        ground=ground,
        abilities=Abilities(),
        takes=takes,
        approves=approves,
        duties=duties,
    )
    with a_workspace(more) as room:
        room.notifier._client.auth_test()  # the stand-in learns its own address, which response_urls need
        intakes = TakingIn(sessions=sessions, clock=clock, wall=clock, roles=given, ground=ground, keep=keep_by_hand)
        yield Side(room, sessions, clock, takes, intakes)
    engine.dispose()


def said(blocks: Sequence[dict[str, Any]]) -> str:
    """Every text of the blocks, a line each."""
    return "\n".join(_texts(list(blocks)))


def eventually(read: Callable[[], Any]) -> Any:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        found = read()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError("it never came")


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for one in part:
            yield from _texts(one)
    elif isinstance(part, dict):
        if isinstance(part.get("text"), str):
            yield part["text"]
        for name, one in part.items():
            if name != "options":
                yield from _texts(one)


def _actions(block: dict[str, Any]) -> set[str]:
    elements = [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]
    return {str(one.get("action_id")) for one in elements}


def _newer(view: Any, old: str | None) -> Any:
    return view if view is not None and view["hash"] != old else None
