"""Sends the morning's digest: one message a day and place, also over restarts, lost answers and changing clocks."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from models.audit import record
from models.base import Sessions
from models.errors import OutcomeUnknown, Refused, SignInAgain, TryLater
from models.jobs import JobKind, put
from models.notices import DigestNotice
from models.states import Means
from responders.calling import in_quiet_hours, person_of
from responders.digest import Gathering
from responders.interruptions import note_interruption
from responders.morning_time import Morning
from responders.oncall import Duty
from responders.ports import Card, CardRef, Notifier
from responders.slack.digest_cards import DigestView, digest_card
from responders.standing import Standing, stand

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Digests:
    """`places` names where it goes now: channels, and people's Slack ids for direct messages. `language` knows both.

    A calm morning sends one line, or nothing where `when_calm` is false.
    """

    sessions: Sessions
    gathering: Gathering
    duty: Callable[[Session, datetime], Duty]
    workspace: Callable[[], str | None]
    notifier: Notifier
    morning: Morning
    places: Callable[[], Sequence[str]]
    language: Callable[[str], str]
    when_calm: bool = True

    def send(self, now: datetime, wall: datetime) -> None:
        """Sends today's where it is due and has not been sent, and asks for the next one.

        `wall` says which morning it is, `now` what has waited until then. Raises what the notifier raises, after every
        place has had its turn.
        """
        day = self.morning.day_due(wall)
        problem = self._send_all(day, now) if day is not None else None
        if problem is not None:
            raise problem
        with self.sessions.begin() as session:
            put(session, JobKind.MORNING_DIGEST, "", self.morning.next_after(wall))

    def _send_all(self, day: date, now: datetime) -> TryLater | OutcomeUnknown | None:
        workspace, places = self.workspace(), self.places()  # asked before the store is read
        with self.sessions() as session:
            duty = self.duty(session, now)
            view = self.gathering.view(session, duty, day, self.morning.before(day), now, workspace)
        problem: TryLater | OutcomeUnknown | None = None
        for place in places:
            try:
                self._send(place, view, duty, now)
            except (TryLater, OutcomeUnknown) as error:
                problem = error
            except (Refused, SignInAgain) as error:
                logger.error("digest not taken day=%s place=%s code=%s", day, place, error.code)
                self._settle(view.day, place, now, "digest.refused")
        return problem

    def _send(self, place: str, view: DigestView, duty: Duty, now: datetime) -> None:
        with self.sessions() as session:
            notice = session.get(DigestNotice, (view.day, place))
        if notice is not None and notice.done:
            return
        direct = is_person(place)
        if (view.calm and not self.when_calm) or (direct and in_quiet_hours(person_of(duty, place), now)):
            self._settle(view.day, place, now, "digest.kept_back")
            return
        card = digest_card(view, self.language(place), self.morning.zone)
        wished = notice.posting_at if notice is not None else None
        ref = (
            self._direct(place, card, wished, view.day, now)
            if direct
            else self._stand(place, card, wished, view.day, now)
        )
        self._remember(place, view.day, ref, duty, now)

    def _stand(self, place: str, card: Card, wished: datetime | None, day: date, now: datetime) -> CardRef | None:
        standing = Standing(_key(day, place), place, None, wished)
        return stand(standing, card, self.notifier, lambda: self._wish(day, place, now))

    def _direct(self, place: str, card: Card, wished: datetime | None, day: date, now: datetime) -> CardRef | None:
        """At most once: no scope of ours reads people's direct messages, so a lost answer cannot be looked for."""
        if wished is not None:
            return None
        self._wish(day, place, now)
        try:
            return self.notifier.post(place, card, _key(day, place))
        except OutcomeUnknown:
            return None
        except TryLater:
            with self.sessions.begin() as session:
                session.get_one(DigestNotice, (day, place)).posting_at = None
            raise

    def _wish(self, day: date, place: str, now: datetime) -> None:
        with self.sessions.begin() as session:
            session.merge(DigestNotice(day=day, place=place, posting_at=now, done=False))

    def _remember(self, place: str, day: date, ref: CardRef | None, duty: Duty, now: datetime) -> None:
        with self.sessions.begin() as session:
            notice = session.get_one(DigestNotice, (day, place))
            notice.done = True
            if ref is not None:
                notice.card_channel, notice.card_ts = ref.channel, ref.ts
            if is_person(place):
                note_interruption(session, now, place, Means.DIRECT, "digest", duty=duty, zone=self.morning.zone)
            record(session, now, "digest.sent", day=day.isoformat())
        logger.info("digest sent day=%s place=%s", day, place)

    def _settle(self, day: date, place: str, now: datetime, action: str) -> None:
        with self.sessions.begin() as session:
            session.merge(DigestNotice(day=day, place=place, posting_at=None, done=True))
            record(session, now, action, day=day.isoformat())


def is_person(place: str) -> bool:
    """Whether the id is a person's, whose direct messages it means."""
    return place[:1] in ("U", "W")


def _key(day: date, place: str) -> str:
    return f"digest-{day}-{place}"
