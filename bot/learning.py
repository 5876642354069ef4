"""Behind `palovahti judge retrain`: the judge learns what people put right, where that is allowed and proves well."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.clocks import wall
from bot.judge_choice import judge_of, shop_file
from bot.settings import Settings, SettingsProblem, read_settings
from bot.wiring import open_store
from classifier.judges.onnx import OnnxJudge
from classifier.judges.shop import ShopHeads, read_shop_heads
from classifier.lessons import LeftOut, Lessons, lessons_of
from classifier.outputs import BadInput
from classifier.retraining import LEAST, MAY_LOSE, Figures, Outcome, Proof, retrain
from models.audit import record
from models.base import Sessions

LEFT_OUT: Mapping[LeftOut, str] = {
    LeftOut.FROM_X: "came from X, whose terms forbid to train any model on its texts",
    LeftOut.OTHER_CHANNEL: "came from a channel that is not known as the shop's own",
    LeftOut.HEARD_ELSEWHERE: "say the same words as a text from X or another channel that may not teach",
    LeftOut.NOTHING_TO_READ: "hold nothing to read",
    LeftOut.UNKNOWN_NAME: "name a side, reason or risk that this version does not know",
    LeftOut.COPY: "were followed by a later correction of the same words",
}
FIGURES = {
    "label": "negative, neutral, positive",
    "arousal": "calm or heated",
    "reasons": "contact reasons (F1)",
    "flags": "risks (F1)",
}
PROOFS = {Proof.KEPT: "better", Proof.NO_BETTER: "no better", Proof.LOSES: "loses"}


def retrain_judge(path: Path, console: Console, *, dry_run: bool, as_json: bool) -> int:
    """Learns from the corrections in the store and says what came of it; 1 when nothing new is kept."""
    settings = read_settings(path)
    if settings.judge.name != "onnx":
        raise SettingsProblem(
            [f'{path}: judge.name is "{settings.judge.name}"; only the shipped judge, "onnx", can be taught.']
        )
    file, now = shop_file(settings.store), wall()
    engine, sessions = open_store(settings.store.url)
    try:
        with sessions() as session:
            lessons = lessons_of(session)
        outcome = _learn(settings, lessons, now, console) if len(lessons.usable) >= LEAST else None
        kept = outcome is not None and outcome.worth_keeping
        if kept and outcome and not dry_run:
            _keep(outcome.heads, file, sessions, now)
    finally:
        engine.dispose()
    sentence = _sentence(lessons, outcome, file, dry_run=dry_run)
    if as_json:
        console.print_json(json.dumps(_body(lessons, outcome, sentence, kept=kept and not dry_run)))
    else:
        _show(console, lessons, outcome, sentence)
    return 0 if kept else 1


def forget(path: Path, console: Console, *, dry_run: bool, as_json: bool) -> int:
    """Removes what the judge has learnt; the corrections stay, and can be learnt again."""
    settings = read_settings(path)
    file = shop_file(settings.store)
    there = file.exists()
    if not there:
        sentence = "The judge has learnt nothing here, so there is nothing to forget."
    elif dry_run:
        sentence = f"{file} would be removed. The corrections would stay in the store."
    else:
        _remove(file, settings, wall())
        sentence = (
            f"{file} is removed: from its next start on, Palovahti judges as it was shipped. The corrections stay in "
            "the store."
        )
    if as_json:
        console.print_json(json.dumps({"forgotten": there and not dry_run, "sentence": sentence}))
    else:
        console.print(sentence, markup=False, soft_wrap=True)
    return 0


def _learn(settings: Settings, lessons: Lessons, now: datetime, console: Console) -> Outcome:
    judge = judge_of(settings.judge)  # without what was learnt before: every time it is learnt anew, from everything
    assert isinstance(judge, OnnxJudge)
    columns = (TextColumn("read"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        bar = progress.add_task("", total=None)
        return retrain(judge, lessons.usable, now, lambda count: progress.advance(bar, count))


def _keep(heads: ShopHeads, file: Path, sessions: Sessions, now: datetime) -> None:
    """The audit line is committed only when the file is there."""
    with sessions.begin() as session:
        record(session, now, "judge.taught", judge=heads.version, corrections=heads.corrections)
        session.flush()
        try:
            heads.save(file)
        except OSError as error:
            raise BadInput(f"{file}: cannot be written ({error.strerror}). Make room or mend its rights.") from None


def _remove(file: Path, settings: Settings, now: datetime) -> None:
    known = read_shop_heads(file)
    engine, sessions = open_store(settings.store.url)
    try:
        with sessions.begin() as session:
            record(session, now, "judge.forgot", judge=known.version if known else None)
            session.flush()
            try:
                file.unlink(missing_ok=True)
            except OSError as error:
                raise BadInput(f"{file}: cannot be removed ({error.strerror}). Mend its rights.") from None
    finally:
        engine.dispose()


def _sentence(lessons: Lessons, outcome: Outcome | None, file: Path, *, dry_run: bool) -> str:
    stays = " What was learnt before stays in use." if file.exists() else " The judge stays as it is."
    if outcome is None:
        return (
            f"{_counted(len(lessons.usable), 'correction')} can be learnt from, and at least {LEAST} are needed: fewer "
            f"say more of chance than of the shop. Correct more verdicts in Slack, then run this again.{stays}"
        )
    kept = _named(outcome, Proof.KEPT)
    loses = _named(outcome, Proof.LOSES)
    if not kept and loses:
        return (
            f"Not kept: what helps the corrections ({loses}) would cost more than {100 * MAY_LOSE:.0f} point on the "
            f"shipped texts. Look for corrections that contradict each other, then run this again.{stays}"
        )
    if not kept:
        return (
            "Not kept: texts that were not learnt from would be read no better. More corrections, or more alike, may "
            f"change that.{stays}"
        )
    if dry_run:
        return f"This would be kept for {kept}, as {outcome.heads.version} in {file}. Nothing was written."
    return (
        f"Kept for {kept}, as {outcome.heads.version} in {file}. It reads from the next start of Palovahti on. "
        "`palovahti judge retrain --forget` takes it back."
    )


def _named(outcome: Outcome, proof: Proof) -> str:
    return "; ".join(FIGURES[name].removesuffix(" (F1)") for name, found in outcome.parts.items() if found is proof)


def _show(console: Console, lessons: Lessons, outcome: Outcome | None, sentence: str) -> None:
    usable = len(lessons.usable)
    console.print(f"{_counted(usable, 'correction')} of texts from the shop's own channels.", markup=False)
    for why, count in lessons.left_out.items():
        console.print(f"{count} left out: {LEFT_OUT[why]}.", markup=False, soft_wrap=True)
    if outcome is not None:
        table = Table(
            "how often right", "corrections", "shipped texts", "",
            caption=f"Before and after. Each of the {usable} corrections is predicted from the others. "
            f"{outcome.proving} shipped texts prove; {outcome.replayed} others are learnt beside the corrections.",
        )  # fmt: skip
        for name, proof in outcome.parts.items():
            table.add_row(
                FIGURES[name],
                f"{_points(outcome.before, name)} -> {_points(outcome.after, name)} %",
                f"{_points(outcome.shipped_before, name)} -> {_points(outcome.shipped_after, name)} %",
                PROOFS[proof],
            )
        console.print(table)
    console.print(sentence, markup=False, soft_wrap=True)


def _points(figures: Figures, name: str) -> str:
    return f"{100 * getattr(figures, name):.1f}"


def _body(lessons: Lessons, outcome: Outcome | None, sentence: str, *, kept: bool) -> dict[str, Any]:
    body: dict[str, Any] = {
        "kept": kept,
        "sentence": sentence,
        "corrections": len(lessons.usable),
        "left_out": {str(why): count for why, count in lessons.left_out.items()},
    }
    if outcome is not None:
        body["judge"] = outcome.heads.version
        body["parts"] = {name: str(proof) for name, proof in outcome.parts.items()}
        body["replayed"], body["proving"] = outcome.replayed, outcome.proving
        for name in ("before", "after", "shipped_before", "shipped_after"):
            body[name] = {figure: round(value, 4) for figure, value in asdict(getattr(outcome, name)).items()}
    return body


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
