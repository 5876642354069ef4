"""Behind `palovahti alerts`, and the weekly report: how the alerts turned out, and what another setting had done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.settings import Settings
from classifier.grading import USUAL_FROM, raised
from classifier.heat import backtest
from classifier.heat.honesty import (
    Effect,
    Reliability,
    Told,
    Week,
    better_than,
    reliability_of,
    weeks_of,
)
from classifier.heat.outcome import OutrageRule, Past, grade, is_out, look_back, missed
from classifier.heat.policy import HeatPolicy, Sensitivity
from classifier.history import PublicPosts
from classifier.steps import HISTORY
from models.base import Sessions
from models.cases import OUTCOME, Alert, Case
from models.states import Grade


@dataclass(frozen=True)
class AlertReport:
    """What `weeks` brought; `effects` tells what each sensitivity had done in them, and is empty where that needs
    more history. `better` names the one that had done better than the `current` one, if any.
    """

    weeks: list[Week]
    reliability: Reliability | None
    current: str
    effects: Mapping[str, Effect]
    better: str | None


@dataclass(frozen=True)
class Shop:
    """What the report needs to know of the settings."""

    brand: str
    zone: ZoneInfo
    rule: OutrageRule
    sensitivity: str

    @staticmethod
    def of(settings: Settings) -> Shop:
        return Shop(
            brand=settings.shop.name,
            zone=settings.shop.zone,
            rule=OutrageRule(**settings.heat.outrage.model_dump()),
            sensitivity=settings.heat.sensitivity,
        )


def report_on(sessions: Sessions, shop: Shop, first: date, last: date, now: datetime) -> AlertReport:
    """The weeks from Monday `first` to Monday `last`, as far as they have passed.

    Every setting is run over the stored history, which is read anew for each and never held whole; that takes seconds
    for a hundred thousand mentions.
    """
    since = datetime.combine(first, time(), shop.zone)
    until = min(now, datetime.combine(last + timedelta(weeks=1), time(), shop.zone))
    posts = PublicPosts(sessions, shop.brand, since - HISTORY, now)
    with sessions() as session:
        told = _told(session, since, until)
        calls = raised(session, since - USUAL_FROM, now)
    past = look_back(posts, shop.rule)
    fires = [fire for fire in past.fires if since <= fire.began < until and is_out(fire, now)]
    graded = [grade(shop.brand, call.subject, call.key, call.at, past) for call in calls]
    nobody_called = set(missed(past, graded))
    effects = _effects(posts, shop, past, since, until)
    return AlertReport(
        weeks=weeks_of(told, fires, [fire for fire in fires if fire in nobody_called], shop.zone, first, last),
        reliability=reliability_of(told),
        current=shop.sensitivity,
        effects=effects,
        better=better_than(shop.sensitivity, effects) if effects else None,
    )


def _told(session: Session, since: datetime, until: datetime) -> list[Told]:
    """One for each card that was raised in these weeks."""
    rows = session.scalars(
        select(Alert)
        .join(Case, Case.id == Alert.case_id)
        .where(Case.opened_at >= since, Case.opened_at < until)
        .order_by(Alert.case_id, Alert.at, Alert.id)
    )
    return [_card(list(alerts)) for _, alerts in groupby(rows, key=lambda alert: alert.case_id)]


def _card(alerts: list[Alert]) -> Told:
    """The alerts of one card as one: a person's word, else the best outcome."""
    leads = [alert.lead_minutes for alert in alerts if alert.lead_minutes is not None]
    said = next((alert for alert in alerts if alert.grade_by not in (None, OUTCOME)), None)
    best = Grade.best(Grade(alert.grade) for alert in ([said] if said else alerts) if alert.grade is not None)
    return Told(
        at=alerts[0].at,
        probability=alerts[0].probability,
        grade=best,
        lead=timedelta(minutes=leads[0]) if leads else None,
        by_a_person=said is not None,
    )


def _effects(posts: PublicPosts, shop: Shop, past: Past, since: datetime, until: datetime) -> dict[str, Effect]:
    """What each sensitivity had done, the current one first; empty below the history that the engine needs."""
    spans = backtest.spans_of(posts, since, until)
    if not any(span.weeks for span in spans.values()):
        return {}
    effects = {}
    for name in sorted(Sensitivity, key=lambda name: name != shop.sensitivity):
        policy = HeatPolicy.of(name, shop.zone, outrage_people=shop.rule.least_people)
        ran = backtest.run(posts, policy, shop.rule, since=since, until=until, past=past)
        needless = ran.grades[Grade.BENIGN] + ran.grades[Grade.FALSE]
        effects[str(name)] = Effect(len(ran.alerts), needless, ran.missed)
    return effects
