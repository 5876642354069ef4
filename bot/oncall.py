"""Behind `palovahti oncall`: who is on duty, whom a chain would call, and a test that calls them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from sqlalchemy import make_url

from bot.clocks import Clock
from bot.clocks import wall as machine_time
from bot.escalating import duty_in, ringer_of
from bot.settings import Settings, SettingsProblem, read_secrets, read_settings
from bot.shop_settings import Language
from bot.wiring import open_store
from models.errors import PlatformError
from responders.duties import duty_now
from responders.oncall import (
    LEVELS,
    By,
    Call,
    Chain,
    Duty,
    Schedule,
    call_of,
    chain_for,
    due_steps,
    next_hand_over,
    who_is_on,
)
from responders.oncall_ringing import Message, Ringer

TITLE: Mapping[Language, str] = {
    "fi": "Koe: Palovahdin päivystysketju",
    "sv": "Prov: Palovahtis jourkedja",
    "en": "Test: Palovahti's on-call chain",
}
TEXT: Mapping[Language, str] = {
    "fi": "Tämä on ketjun ”{chain}” kokeilu, vaihe {number}/{count}. Mitään ei ole tapahtunut.",
    "sv": "Det här är ett prov av kedjan ”{chain}”, steg {number} av {count}. Ingenting har hänt.",
    "en": "This is a test of the chain “{chain}”, step {number} of {count}. Nothing has happened.",
}


def show_oncall(
    path: Path, console: Console, *, at: datetime | None, as_json: bool, clock: Clock = machine_time
) -> int:
    """Prints who is on duty at `at` (None: now; without a zone it is in the shop's), and whom an alert would call."""
    settings = read_settings(path)
    zone = settings.shop.zone
    when = (at if at is None or at.tzinfo else at.replace(tzinfo=zone)) or clock()
    when = when.astimezone(UTC)
    duty = _duty(settings, when)
    if as_json:
        body = {
            "at": when.astimezone(zone).isoformat(timespec="seconds"),
            "schedules": [_turn(one, duty, when) for one in duty.schedules.values()],
            "chains": {level: _plan(duty, level, when) for level in LEVELS},
        }
        console.print_json(json.dumps(body))
        return 0
    if not duty.schedules and not duty.chains:
        console.print("Nobody is on call: there is no [oncall] in the settings. docs/oncall.md tells how to write it.")
        return 0
    for schedule in duty.schedules.values():
        _say(console, _turn_said(schedule, duty, when, zone))
    for level in LEVELS:
        _say(console, "")
        for line in _plan_said(duty, level, when):
            _say(console, line)
    return 0


def _duty(settings: Settings, at: datetime) -> Duty:
    """The settings' duty, with what people have taken meanwhile where there is a store."""
    duty = duty_in(settings)
    url = make_url(settings.store.url)
    if url.database is None or not Path(url.database).exists():
        return duty
    engine, sessions = open_store(settings.store.url)
    with sessions() as session:
        duty = duty_now(session, duty, at)
    engine.dispose()
    return duty


def _turn(schedule: Schedule, duty: Duty, when: datetime) -> dict[str, Any]:
    name, later = who_is_on(schedule, when), next_hand_over(schedule, when)
    return {
        "schedule": schedule.name,
        "on_duty": name,
        "out_of_turn": any(one.begins <= when < one.ends for one in schedule.overrides),
        "phone": duty.people[name].phone if name else None,
        "next_hand_over": later and later.at.astimezone(schedule.zone).isoformat(timespec="seconds"),
        "next": later and later.person,
    }


def _turn_said(schedule: Schedule, duty: Duty, when: datetime, shop: ZoneInfo) -> str:
    name, later = who_is_on(schedule, when), next_hand_over(schedule, when)
    phone = duty.people[name].phone if name else None
    said = f"{schedule.name}: {name}" + (f", {phone}" if phone else "")
    if any(one.begins <= when < one.ends for one in schedule.overrides):
        said += " (out of turn)"
    if later is None:
        return f"{said}, for good"
    at = later.at.astimezone(schedule.zone)
    where = "" if schedule.zone == shop else f" {schedule.zone.key}"
    return f"{said}, until {at:%a %Y-%m-%d %H:%M}{where}, then {later.person}"


def _plan(duty: Duty, level: str, when: datetime) -> dict[str, Any] | None:
    chain = chain_for(duty.chains, level, when)
    if chain is None:
        return None
    return {
        "chain": chain.name,
        "steps": [
            {
                "after_minutes": _minutes(after),
                "by": str(call.by),
                "to": _whom(chain, number, call),
                "quiet": call.quiet,
            }
            for number, after, call in _calls(duty, chain, level, when)
        ],
        "again_after_minutes": _minutes(chain.length),
        "kept_minutes": _minutes(chain.kept),
    }


def _plan_said(duty: Duty, level: str, when: datetime) -> list[str]:
    chain = chain_for(duty.chains, level, when)
    if chain is None:
        return [f"{level}: no chain is for this level and hour."]
    lines = [f"{level}: the chain {chain.name}"]
    for number, after, call in _calls(duty, chain, level, when):
        quiet = " (quiet hours: not called)" if call.quiet else ""
        lines.append(f"  +{_minutes(after):>3} min  {_said(chain, number, call)}{quiet}")
    lines.append(f"  +{_minutes(chain.length):>3} min  from the beginning, until somebody has it")
    lines.append(f"  who has it keeps it quiet for {_minutes(chain.kept)} min")
    return lines


def _calls(duty: Duty, chain: Chain, level: str, when: datetime) -> list[tuple[int, timedelta, Call]]:
    """The first round of a chain that begins at `when`: the steps' numbers, how long after, and whom they call."""
    rings = due_steps(chain, when, None, when + chain.offset(len(chain.steps) - 1))
    return [(ring.number, ring.at - when, call_of(chain.steps[ring.number], duty, level, ring.at)) for ring in rings]


def _said(chain: Chain, number: int, call: Call) -> str:
    step, whom = chain.steps[number], _whom(chain, number, call)
    if call.by is By.SCHEDULE:
        return f"{whom} ({step.to}), Slack"
    return f"{whom}, Slack" if call.by is By.PERSON else f"{call.by} {whom}"


def _whom(chain: Chain, number: int, call: Call) -> str:
    return call.person or chain.steps[number].to


def ring_for_test(path: Path, console: Console, *, level: str, as_json: bool, clock: Clock = machine_time) -> int:
    """Sends every step of the chain that an alert of `level` would begin now, marked as a test, without the waits.

    The status is 0 when every step was taken by the other side; a step in somebody's quiet hours is left out.
    """
    settings, now = read_settings(path), clock()
    duty, language = _duty(settings, now), settings.slack.card_language
    chain = chain_for(duty.chains, level, now)
    if chain is None:
        raise SettingsProblem([f"{path}: no chain is for {level} at this hour. Add one to oncall.chains."])
    ringer = ringer_of(settings, read_secrets())
    results = []
    for number, step in enumerate(chain.steps):
        call = call_of(step, duty, level, now)
        text = TEXT[language].format(chain=chain.name, number=number + 1, count=len(chain.steps))
        message = Message(TITLE[language], text, level, f"oncall:test:{now:%Y%m%dT%H%M%S}:{number}", test=True)
        problem = None if call.quiet else _tried(ringer, call, message)
        said = "quiet hours: not called" if call.quiet else problem or "ok"
        results.append({"step": number + 1, "by": str(call.by), "to": _whom(chain, number, call), "result": said})
        if not as_json:
            _say(console, f"{number + 1}  {_said(chain, number, call)}: {said}")
    well = all(result["result"] in ("ok", "quiet hours: not called") for result in results)
    if as_json:
        console.print_json(json.dumps({"ok": well, "chain": chain.name, "steps": results}))
    return 0 if well else 1


def _tried(ringer: Ringer, call: Call, message: Message) -> str | None:
    """The sentence of what went wrong; None when it went well."""
    try:
        ringer.ring(call, message)
    except PlatformError as error:
        return f"{error.advice} ({error.code})"
    return None


def _minutes(length: timedelta) -> int:
    return round(length / timedelta(minutes=1))


def _say(console: Console, line: str) -> None:
    console.print(line, markup=False, soft_wrap=True)
