"""User groups give roles, are asked anew at once when they change, and refuse everybody while nobody can tell."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

import pytest
from flask import Flask
from slack_sdk import WebClient

from models.errors import TryLater
from responders.roles import UNKNOWN, Everybody, NamedRoles, Role, belongs
from responders.slack.app import create_app
from responders.slack.client import web_client
from responders.slack.doors import PATH, http_door
from responders.slack.groups import STALE_AFTER_S, Groups, listen_for_staff
from responders.slack.notifier import SlackNotifier
from responders.slack.probe import probe
from sandbox.faults import Fault
from sandbox.serving import serve
from sandbox.slack import SlackSandbox
from sandbox.store import Store
from tests.unit.responders.slack.builders import an_alert
from tests.unit.responders.slack.workspace import (
    CHANNEL,
    SECRET,
    TOKEN,
    RecordedActions,
    RecordedGrades,
    RecordedReadings,
    Workspace,
)

CARE, LEADS = "S0CARE", "S0LEADS"
WAIT_S = 20.0


@dataclass
class Staffed:
    place: Workspace
    groups: Groups
    client: WebClient
    later_s: float = 0.0  # how far the clock of what is believed stands ahead

    @property
    def slack(self) -> SlackSandbox:
        return self.place.slack


@contextmanager
def staffed() -> Iterator[Staffed]:
    """Anna and Mikael answer customers, Sara leads; our app hears the events."""
    store = Store()
    slack = SlackSandbox(store, lambda: datetime.now(UTC), TOKEN, SECRET)
    slack.usergroups.create(CARE, "asiakaspalvelu", ["U0ANNA", "U0MIKAEL"])
    slack.usergroups.create(LEADS, "esihenkilot", ["U0SARA"])
    server = serve(slack.app)
    api = f"{server.url}/api/"
    client = web_client(TOKEN, api)
    groups = Groups(client, lambda: time.monotonic() + made.later_s)
    actions, readings, grades = RecordedActions(), RecordedReadings(), RecordedGrades()
    app = create_app(
        client=client,
        signing_secret=SECRET,
        actions=actions,
        readings=readings,
        grades=grades,
        more=[listen_for_staff(groups)],
    )
    door = serve(cast(Flask, http_door(app)))
    slack.interactivity_url = door.url + PATH
    made = Staffed(
        Workspace(slack, actions, readings, grades, SlackNotifier(TOKEN, api), slack.interactivity_url), groups, client
    )
    try:
        yield made
    finally:
        door.close()
        app.listener_runner.listener_executor.shutdown(wait=True)
        server.close()
        store.close()


@pytest.fixture
def here() -> Iterator[Staffed]:
    with staffed() as made:
        yield made


def waited_for(true: Callable[[], bool]) -> bool:
    """An event is acknowledged first and heard a moment later."""
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.01)
    return False


def _roles(here: Staffed, **given: frozenset[str]) -> NamedRoles:
    return NamedRoles({Role(name): ids for name, ids in given.items()}, Role.VIEWER, here.groups)


def _deaf(here: Staffed) -> None:
    for path in ("/api/usergroups.users.list", "/api/users.info"):
        here.slack.faults.add(Fault("status", path=path, status=503, body="", times=-1))


def test_a_group_gives_its_members_the_role_and_the_highest_counts(here: Staffed) -> None:
    roles = _roles(here, approver=frozenset({CARE, "U0SARA"}), lead=frozenset({LEADS}))
    assert [roles.role_of(one) for one in ("U0ANNA", "U0SARA", "U0MIKAEL")] == [
        Role.APPROVER,
        Role.LEAD,
        Role.APPROVER,
    ]
    assert belongs("U0ANNA", {CARE}, here.groups)
    assert not belongs("U0SARA", {CARE, "U0ANNA"}, here.groups)


def test_who_is_taken_out_of_the_group_loses_the_role_at_once(here: Staffed) -> None:
    roles = _roles(here, approver=frozenset({CARE}))
    assert roles.role_of("U0ANNA") is Role.APPROVER
    assert here.slack.usergroups.change(CARE, ["U0MIKAEL"]).result(WAIT_S) == 200
    assert waited_for(lambda: roles.role_of("U0ANNA") is Role.VIEWER)
    assert roles.role_of("U0MIKAEL") is Role.APPROVER


def test_a_group_that_is_switched_off_gives_nothing(here: Staffed) -> None:
    roles = _roles(here, approver=frozenset({CARE}))
    assert roles.role_of("U0ANNA") is Role.APPROVER
    assert here.slack.usergroups.disable(CARE).result(WAIT_S) == 200
    assert waited_for(lambda: roles.role_of("U0ANNA") is Role.VIEWER)


def test_who_has_left_may_do_nothing_also_where_a_list_names_them(here: Staffed) -> None:
    named, everybody = _roles(here, admin=frozenset({"U0ANNA"})), Everybody(here.groups)
    assert (named.role_of("U0ANNA"), everybody.role_of("U0ANNA")) == (Role.ADMIN, Role.ADMIN)
    assert here.slack.usergroups.deactivate("U0ANNA").result(WAIT_S) == 200
    assert waited_for(lambda: named.role_of("U0ANNA") is None)
    assert everybody.role_of("U0ANNA") is None


def test_without_the_event_a_change_is_seen_after_a_minute(here: Staffed) -> None:
    roles = _roles(here, approver=frozenset({CARE}))
    assert roles.role_of("U0ANNA") is Role.APPROVER
    here.slack.interactivity_url = None  # nobody hears the event
    here.slack.usergroups.change(CARE, []).result(WAIT_S)
    here.slack.workspace.deactivate("U0MIKAEL")
    assert roles.role_of("U0ANNA") is Role.APPROVER
    here.later_s = 61.0
    assert roles.role_of("U0ANNA") is Role.VIEWER
    assert roles.role_of("U0MIKAEL") is None


def test_while_slack_cannot_be_asked_its_last_word_counts_for_five_minutes(here: Staffed) -> None:
    roles = _roles(here, approver=frozenset({CARE}))
    assert roles.role_of("U0ANNA") is Role.APPROVER
    _deaf(here)
    here.later_s = STALE_AFTER_S - 30
    assert roles.role_of("U0ANNA") is Role.APPROVER
    here.later_s = STALE_AFTER_S + 30
    with pytest.raises(TryLater) as problem:
        roles.role_of("U0ANNA")
    assert problem.value.code == UNKNOWN


def test_what_an_event_told_to_have_changed_is_not_believed_from_before(here: Staffed) -> None:
    roles = _roles(here, approver=frozenset({CARE}))
    assert roles.role_of("U0ANNA") is Role.APPROVER
    _deaf(here)
    here.groups.group_changed(CARE)
    with pytest.raises(TryLater):
        roles.role_of("U0ANNA")


def test_a_list_that_names_the_person_counts_while_a_group_cannot_be_looked_into(here: Staffed) -> None:
    roles = _roles(here, approver=frozenset({"U0ANNA"}), lead=frozenset({LEADS}))
    here.slack.faults.add(Fault("status", path="/api/usergroups.users.list", status=503, body="", times=-1))
    assert roles.role_of("U0ANNA") is Role.APPROVER
    with pytest.raises(TryLater):
        roles.role_of("U0MIKAEL")


def test_a_shop_without_roles_works_while_slack_does_not_say_who_left(here: Staffed) -> None:
    _deaf(here)
    assert Everybody(here.groups).role_of("U0ANNA") is Role.ADMIN


def test_who_presses_meanwhile_is_told_that_nothing_was_done(here: Staffed) -> None:
    here.place.actions.failure = TryLater(UNKNOWN, "Slack does not say.")
    here.place.press(here.place.post(an_alert()), "approve")
    assert here.place.told() == (
        "Oikeuksiasi ei voi juuri nyt tarkistaa, koska Slack ei vastaa. Mitään ei tehty. Yritä hetken päästä uudelleen."
    )


def test_the_check_proves_each_group(here: Staffed) -> None:
    here.slack.usergroups.create("S0EMPTY", "tyhja", [])
    seen = probe(here.client, [CHANNEL], ["S0GONE", CARE, "S0EMPTY"], datetime.now(UTC))
    found = {one.sentence: one.ok for one in seen if one.id == "slack:group"}
    assert found == {
        "S0CARE can be read (2 in it)": True,
        "S0EMPTY has nobody in it": False,
        "S0GONE: no_such_subteam": False,
    }
