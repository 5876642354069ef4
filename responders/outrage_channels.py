"""Keeps the channel of an outrage: opened once, its summary pinned and redrawn, updates asked for, closed at last."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from json import dumps

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.audit import record
from models.base import Sessions, insert_new
from models.cases import Case
from models.escalations import OutrageChannel
from models.jobs import JobKind, put
from models.states import CaseState
from responders.draw import Drawing
from responders.duties import duty_now, on_duty
from responders.escalations import live_escalation
from responders.oncall import Duty
from responders.permission import refused
from responders.ports import Card, Notifier
from responders.roles import Act, Roles
from responders.slack.actions import Outcome, Person
from responders.slack.catalogue import Words, words_for
from responders.slack.outrage_cards import OutrageView, Part, summary_card, topic_of, update_due_card
from responders.slack.rooms import Rooms
from responders.standing import Standing, stand

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class OutrageRules:
    """Who is invited beside those on duty, how often an update is due, and whether it is archived when over."""

    invite: tuple[str, ...]
    update_every: timedelta
    archives: bool


@dataclass(frozen=True)
class OutrageChannels:
    """Looks every `look_s`. All that it does in Slack may be done twice."""

    sessions: Sessions
    duty: Duty
    drawing: Drawing
    rooms: Rooms
    notifier: Notifier
    rules: OutrageRules
    alert_channel: str
    look_s: float = 60.0

    def tend(self, case_id: int, now: datetime, wall: datetime) -> None:
        """One look at the case's channel, and what follows. Raises what Slack's side raises."""
        room = self._room(case_id, now)
        if room is None or room.closed_at is not None:
            return
        if room.channel is None:
            room = self._keep(room, channel=self.rooms.open(room.name))
            self._record(room, now, "outrage_channel.opened")
        assert room.channel is not None
        said = self.rooms.said_last(room.channel, room.updated_at)
        if said is not None and said > room.updated_at:
            room = self._keep(room, updated_at=said)
        view, invited, over = self._gather(room, now)
        room = self._show(room, view, now)
        if room.ready_at is None:
            self.rooms.set_topic(str(room.channel), topic_of(view, self._words))
            self.rooms.pin(str(room.channel), str(room.summary_ts))
            self.rooms.invite(str(room.channel), invited)
            room = self._keep(room, ready_at=now)
        if over:
            self._close(room, now)
            return
        self._remind(room, now)
        with self.sessions.begin() as session:
            put(session, JobKind.OUTRAGE_CHANNEL, str(case_id), wall + timedelta(seconds=self.look_s))

    @property
    def _words(self) -> Words:
        return words_for(self.drawing.language)

    def _room(self, case_id: int, now: datetime) -> OutrageChannel | None:
        """The case's row, written when it is an outrage for the first time; None where it needs no channel."""
        with self.sessions.begin() as session:
            case = session.get(Case, case_id)
            find = select(OutrageChannel).where(OutrageChannel.case_id == case_id)
            room = session.scalars(find).first()
            if room is not None or case is None or case.level != "outrage" or case.state is CaseState.CLOSED:
                return room
            day = now.astimezone(self.drawing.zone)
            name = f"fire-{case.number}-{day:%Y-%m-%d}"
            row = {"case_id": case_id, "name": name, "opened_at": now, "updated_at": now}
            insert_new(session, OutrageChannel, [row], ["case_id"])
            return session.scalars(find).one()

    def _gather(self, room: OutrageChannel, now: datetime) -> tuple[OutrageView, list[str], bool]:
        with self.sessions() as session:
            case = session.get_one(Case, room.case_id)
            live, counts = live_escalation(session, case.id), self.drawing.view(session, case, now).counts
            over = case.state is CaseState.CLOSED
            on = [one.slack_id for one in on_duty(duty_now(session, self.duty, now), now)]
        view = OutrageView(
            case_id=case.id,
            number=case.number,
            brand=case.brand,
            level=case.level or "none",
            negatives=counts.negatives if counts is not None else 0,
            people=counts.people if counts is not None else 0,
            card_channel=case.card_channel or self.alert_channel,
            parts={part: getattr(room, f"{part}_name") for part in Part},
            updated_at=room.updated_at,
            held_by=live.held_by_name if live is not None else None,
            held_until=live.held_until if live is not None else None,
            closed_at=(case.closed_at or now) if over else None,
        )
        return view, list(dict.fromkeys([*(one for one in on if one), *self.rules.invite])), over

    def _show(self, room: OutrageChannel, view: OutrageView, now: datetime) -> OutrageChannel:
        card = summary_card(view, self._words, self.drawing.zone)
        if room.summary_ts is not None and room.shown == _seen(card):
            return room
        key = f"outrage-{room.case_id}"
        standing = Standing(key, str(room.channel), room.summary_ts, room.summary_wished_at)
        posted = stand(standing, card, self.notifier, lambda: self._wish(room, now))
        place = {"summary_ts": posted.ts} if posted is not None else {}
        return self._keep(room, shown=_seen(card), **place)

    def _wish(self, room: OutrageChannel, now: datetime) -> None:
        self._keep(room, summary_wished_at=now)

    def _remind(self, room: OutrageChannel, now: datetime) -> None:
        """Written before the post: who dies in between asks for the update one time later."""
        last = max(room.updated_at, room.reminded_at or room.updated_at)
        if now - last < self.rules.update_every:
            return
        room = self._keep(room, reminded_at=now)
        minutes = round((now - room.updated_at) / timedelta(minutes=1))
        self.notifier.post(str(room.channel), update_due_card(minutes, self._words), f"due-{room.id}-{now.isoformat()}")

    def _close(self, room: OutrageChannel, now: datetime) -> None:
        if self.rules.archives:
            self.rooms.archive(str(room.channel))
        else:
            self.rooms.unpin(str(room.channel), str(room.summary_ts))
        self._record(self._keep(room, closed_at=now), now, "outrage_channel.closed")

    def _keep(self, room: OutrageChannel, **values: object) -> OutrageChannel:
        with self.sessions.begin() as session:
            session.execute(update(OutrageChannel).where(OutrageChannel.id == room.id).values(**values))
            return session.get_one(OutrageChannel, room.id, populate_existing=True)

    def _record(self, room: OutrageChannel, now: datetime, action: str) -> None:
        with self.sessions.begin() as session:
            record(session, now, action, case_id=room.case_id, channel=room.channel)
        logger.info("%s case=%d channel=%s", action, room.case_id, room.channel)


class TakingParts:
    """What people do in an outrage's channel: the first who takes a part has it."""

    def __init__(
        self, *, sessions: Sessions, roles: Roles, clock: Callable[[], datetime], wall: Callable[[], datetime]
    ) -> None:
        self._sessions = sessions
        self._roles = roles
        self._clock = clock
        self._wall = wall

    def take_part(self, case_id: int, part: Part, who: Person) -> Outcome:
        """Codes: not_your_call, role_unknown, already_in_role (`by`, `by_id`), room_closed, fire_not_found."""
        no = refused(self._roles, who, Act.TAKE)
        if no is not None:
            return Outcome(False, "not_your_call") if no.code == "not_allowed" else no
        with self._sessions.begin() as session:
            outcome = self._take(session, case_id, part, who)
        logger.info("outrage part case=%d part=%s person=%s code=%s", case_id, part, who.id, outcome.code or "ok")
        return outcome

    def _take(self, session: Session, case_id: int, part: Part, who: Person) -> Outcome:
        free = getattr(OutrageChannel, f"{part}_id").is_(None)
        taken = session.execute(
            update(OutrageChannel)
            .where(OutrageChannel.case_id == case_id, OutrageChannel.closed_at.is_(None), free)
            .values({f"{part}_id": who.id, f"{part}_name": who.name})
            .returning(OutrageChannel.id)
        ).first()
        if taken is None:
            room = session.scalars(select(OutrageChannel).where(OutrageChannel.case_id == case_id)).first()
            if room is None or room.closed_at is not None:
                return Outcome(False, "fire_not_found" if room is None else "room_closed")
            by, by_id = getattr(room, f"{part}_name"), getattr(room, f"{part}_id")
            return Outcome(False, "already_in_role", by, by_id)
        record(session, self._clock(), "outrage_channel.part", actor=who.id, case_id=case_id, part=str(part))
        put(session, JobKind.OUTRAGE_CHANNEL, str(case_id), self._wall(), urgent=True)
        return Outcome(True)


def _seen(card: Card) -> str:
    """What the summary says, in few characters: it is redrawn when that changes."""
    return sha256(dumps(card.blocks, sort_keys=True).encode()).hexdigest()[:16]
