"""The settings of who is on duty and whom a chain rings: what may stand there, and what becomes of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field

from bot.section import Section
from responders.oncall import By, Chain, Duty, Hours, Override, Person, Schedule, Step

Route = Literal["schedule", "person", "group", "channel", "email", "webhook", "pagerduty", "opsgenie"]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_CLOCK = r"([01]\d|2[0-3]):[0-5]\d"
_MAIL = r"[^@\s]+@[^@\s]+"


def _known_zone(value: str | None) -> str | None:
    if value is not None and value not in available_timezones():
        raise ValueError(f'"{value}" is not a time zone; write it as in "Europe/Helsinki"')
    return value


Zone = Annotated[str | None, AfterValidator(_known_zone)]


class PersonSettings(Section):
    """One of those who can be on duty; one table for each. What stands here is never logged."""

    name: str = Field(min_length=1, description="What the schedules and the chains call them.")
    slack: str = Field(pattern=r"^[UW][A-Z0-9]+$", description="Slack user id, such as U0123ANNA.")
    phone: str | None = Field(None, description="Shown by `palovahti oncall`, so that a colleague can ring.")
    email: str | None = Field(None, pattern=rf"^{_MAIL}$", description="Needed for steps by e-mail.")
    quiet: str | None = Field(
        None, pattern=rf"^{_CLOCK}-{_CLOCK}$", description='Hours without a call but for an outrage: "22:00-07:00".'
    )
    timezone: Zone = Field(None, description="Where the quiet hours are counted; without it the shop's zone.")


class OverrideSettings(Section):
    """Somebody takes the duty for a while; one table for each."""

    person: str = Field(description="Who takes it.")
    begins: datetime = Field(description="From when on, as 2026-12-24T09:00:00 in the schedule's zone.")
    ends: datetime = Field(description="Until when.")


class ScheduleSettings(Section):
    """People who take turns; one table for each schedule."""

    name: str = Field(min_length=1, description="What the chains call it; not the name of a person.")
    members: tuple[str, ...] = Field(min_length=1, description="People's names, in the order of their turns.")
    starts: date = Field(description="The day on which the first one's turn begins, as 2026-11-23.")
    days: int = Field(7, ge=1, le=366, description="How many days a turn lasts.")
    hand_over: str = Field("09:00", pattern=rf"^{_CLOCK}$", description="The time of day at which turns change.")
    timezone: Zone = Field(None, description="The zone of all times of the schedule; without it the shop's.")
    overrides: tuple[OverrideSettings, ...] = Field((), description="Who takes the duty out of turn.")


class StepSettings(Section):
    """One call of a chain; one table for each, in their order."""

    by: Route = Field(
        description="schedule, person: a direct message. group: a mention of a user group in the channel of alerts. "
        "channel: a message. email, webhook, pagerduty, opsgenie: as they say."
    )
    to: str = Field(
        min_length=1,
        description="The schedule's or person's name; the group's id (S0123ABCD); the channel's id; for e-mail an "
        "address, or a schedule's or person's name; for the last three an https URL.",
    )
    wait_minutes: int = Field(5, ge=1, le=24 * 60, description="How long to wait before the next step.")


class ChainSettings(Section):
    """Whom to call in which order; of those for a level, the first whose hours hold is the one."""

    name: str = Field(min_length=1, description="What people call it.")
    levels: frozenset[Literal["warning", "outrage"]] = Field(
        frozenset({"outrage"}), min_length=1, description="The levels of alerts it is for: warning, outrage."
    )
    hours: str | None = Field(
        None, pattern=rf"^{_CLOCK}-{_CLOCK}$", description='When it holds, such as "17:00-09:00"; without it, always.'
    )
    days: tuple[Day, ...] = Field(DAYS, min_length=1, description="The weekdays on which its hours begin.")
    timezone: Zone = Field(None, description="The zone of its hours; without it the shop's.")
    kept_minutes: int = Field(
        30, ge=1, le=24 * 60, description="How long somebody who has taken the matter keeps the chain quiet."
    )
    steps: tuple[StepSettings, ...] = Field(min_length=1, description="Whom it calls, in order.")


class SmtpSettings(Section):
    """The server for steps by e-mail."""

    host: str = Field(min_length=1, description="The server's name.")
    port: int = Field(587, ge=1, le=65535, description="Its port.")
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="none only for a server on this machine."
    )
    sender: str = Field(pattern=rf"^{_MAIL}$", description="The address that mails come from.")
    username: str | None = Field(None, description="With it, PALOVAHTI_SMTP_PASSWORD is needed.")


class OnCallSettings(Section):
    """Who is on duty, and whom a chain calls when an alert reaches its level."""

    people: tuple[PersonSettings, ...] = Field((), description="Those who can be on duty.")
    schedules: tuple[ScheduleSettings, ...] = Field((), description="Who takes turns.")
    chains: tuple[ChainSettings, ...] = Field((), description="Whom to call in which order.")
    smtp: SmtpSettings | None = None

    def uses(self, *routes: Route) -> bool:
        return any(step.by in routes for chain in self.chains for step in chain.steps)


def oncall_problems(oncall: OnCallSettings, zone: ZoneInfo) -> list[str]:
    """A sentence for each thing that names what is not there or contradicts another; fields are right by now."""
    return [*_named_twice(oncall), *_in_schedules(oncall, zone), *_in_steps(oncall)]


def _named_twice(oncall: OnCallSettings) -> Iterator[str]:
    names = [(one.name, "people") for one in oncall.people] + [(one.name, "schedules") for one in oncall.schedules]
    for name, times in Counter(name for name, _ in names).items():
        if times > 1:
            where = " and ".join(dict.fromkeys(f"oncall.{place}" for one, place in names if one == name))
            yield f'{where}: the name "{name}" is there {times} times; give each its own.'


def _in_schedules(oncall: OnCallSettings, zone: ZoneInfo) -> Iterator[str]:
    known = {one.name for one in oncall.people}
    for number, schedule in enumerate(oncall.schedules):
        key = f"oncall.schedules.{number}"
        for name in dict.fromkeys((*schedule.members, *(one.person for one in schedule.overrides))):
            if name not in known:
                yield f'{key}: nobody in oncall.people is called "{name}"; add them, or mend the name.'
        overrides = _overrides(schedule, _zone(schedule.timezone, zone))
        for place, override in enumerate(overrides):
            if override.begins >= override.ends:
                yield f"{key}.overrides.{place} ends before it begins; mend `begins` or `ends`."
        for (first, one), (second, other) in combinations(enumerate(overrides), 2):
            if max(one.begins, other.begins) < min(one.ends, other.ends):
                yield f"{key}.overrides.{first} and .{second} hold at the same time; only one can be on duty."


def _in_steps(oncall: OnCallSettings) -> Iterator[str]:
    people = {one.name: one for one in oncall.people}
    schedules = {one.name: one for one in oncall.schedules}
    for number, chain in enumerate(oncall.chains):
        for place, step in enumerate(chain.steps):
            key = f'oncall.chains.{number}.steps.{place}.to = "{step.to}"'
            if step.by == "schedule" and step.to not in schedules:
                yield f"{key} is no schedule; add it to oncall.schedules, or mend the name."
            elif step.by == "person" and step.to not in people:
                yield f"{key} is nobody in oncall.people; add them, or mend the name."
            elif step.by == "group" and not re.fullmatch(r"S[A-Z0-9]+", step.to):
                yield f"{key} is no id of a user group, such as S0123ABCD."
            elif step.by == "email" and not re.fullmatch(_MAIL, step.to):
                yield from _mailed(key, step.to, people, schedules)
            elif step.by in ("webhook", "pagerduty", "opsgenie") and not _safe_url(step.to):
                yield f"oncall.chains.{number}.steps.{place}.to must be an https:// address (http:// on this machine)."
    if oncall.uses("email") and oncall.smtp is None:
        yield "oncall.smtp is missing; add it, for a chain has a step by e-mail."
    if oncall.smtp and oncall.smtp.security == "none" and oncall.smtp.host not in ("localhost", "127.0.0.1", "::1"):
        yield 'oncall.smtp.security = "none" sends mail in the open; set it to "starttls" or "tls".'


def _mailed(
    key: str, to: str, people: dict[str, PersonSettings], schedules: dict[str, ScheduleSettings]
) -> Iterator[str]:
    if to not in people and to not in schedules:
        yield f"{key} is neither an address, nor in oncall.people or oncall.schedules."
        return
    names: tuple[str, ...] = (to,)
    if to in schedules:
        names = tuple(dict.fromkeys((*schedules[to].members, *(one.person for one in schedules[to].overrides))))
    without = [name for name in names if name in people and people[name].email is None]
    if without:
        yield f"{key} goes by e-mail, and there is no address for {', '.join(without)}; add `email` in oncall.people."


def _safe_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    near = parts.hostname in ("localhost", "127.0.0.1", "::1")
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and near))


def duty_of(oncall: OnCallSettings, zone: ZoneInfo) -> Duty:
    """What the settings say, as `responders.oncall` takes it; `zone` is the shop's."""
    people = {
        one.name: Person(one.name, one.slack, one.phone, one.email, _hours(one.quiet, DAYS, _zone(one.timezone, zone)))
        for one in oncall.people
    }
    schedules = {
        one.name: Schedule(
            name=one.name,
            members=one.members,
            starts=one.starts,
            days=one.days,
            hand_over=time.fromisoformat(one.hand_over),
            zone=_zone(one.timezone, zone),
            overrides=_overrides(one, _zone(one.timezone, zone)),
        )
        for one in oncall.schedules
    }
    chains = tuple(
        Chain(
            name=one.name,
            levels=frozenset(one.levels),
            steps=tuple(Step(By(step.by), step.to, timedelta(minutes=step.wait_minutes)) for step in one.steps),
            kept=timedelta(minutes=one.kept_minutes),
            hours=_hours(
                one.hours or ("00:00-00:00" if one.days != DAYS else None), one.days, _zone(one.timezone, zone)
            ),
        )
        for one in oncall.chains
    )
    return Duty(people, schedules, chains)


def _zone(name: str | None, shop: ZoneInfo) -> ZoneInfo:
    return ZoneInfo(name) if name else shop


def _hours(text: str | None, days: tuple[Day, ...], zone: ZoneInfo) -> Hours | None:
    if text is None:
        return None
    begins, ends = map(time.fromisoformat, text.split("-"))
    return Hours(begins, ends, zone, frozenset(DAYS.index(day) for day in days))


def _overrides(schedule: ScheduleSettings, zone: ZoneInfo) -> tuple[Override, ...]:
    return tuple(Override(one.person, _utc(one.begins, zone), _utc(one.ends, zone)) for one in schedule.overrides)


def _utc(at: datetime, zone: ZoneInfo) -> datetime:
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
