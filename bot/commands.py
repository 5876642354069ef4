"""What each command does with its options: each loads what it needs, and nothing of the others'."""

from __future__ import annotations

import argparse
from datetime import UTC
from pathlib import Path

from rich.console import Console

from classifier.outputs import BadInput

DEFAULT_SETTINGS = Path("palovahti.toml")


def demo(options: argparse.Namespace, console: Console) -> int:
    from bot.demo import demo as play

    return play(options.folder, fresh=options.fresh, port=options.port, speed=options.speed, console=console)


def replay(options: argparse.Namespace, console: Console) -> int:
    from bot.demo import replay as play

    if not options.input.is_file():
        raise BadInput(f"{options.input}: there is no such file. Name a JSONL file as in docs/replay-format.md.")
    folder = options.folder or Path("var") / "replay" / options.input.stem
    return play(
        options.input,
        folder,
        speed=options.speed,
        port=options.port,
        keep_open=options.keep_open,
        as_json=options.json,
        console=console,
    )


def run(options: argparse.Namespace, console: Console) -> int:
    from bot.running import run as run_shop

    return run_shop(options.settings, console)


def check(options: argparse.Namespace, console: Console) -> int:
    from bot.health import report

    return report(options.settings, console, as_json=options.json)


def alerts(options: argparse.Namespace, console: Console) -> int:
    from bot.alert_table import show_alerts

    return show_alerts(options.settings, console, weeks=options.weeks, as_json=options.json)


def jobs(options: argparse.Namespace, console: Console) -> int:
    from bot.waiting import show_jobs

    return show_jobs(options.settings, console, retry=options.retry, as_json=options.json)


def fires(options: argparse.Namespace, console: Console) -> int:
    from bot.fires import show_fires

    return show_fires(options.settings, console, as_json=options.json)


def judge(options: argparse.Namespace, console: Console) -> int:
    from bot.judge_choice import choose_judge
    from bot.judging import judge_with_progress

    missing = [name for name in ("input", "output") if getattr(options, name) is None]
    if missing:
        options.usage.error(f"the following arguments are required: {', '.join(f'--{name}' for name in missing)}")
    settings = choose_judge(options.judge, options.settings, needed=options.settings != DEFAULT_SETTINGS)
    return judge_with_progress(settings, options.input, options.output, options.text_column, console)


def retrain(options: argparse.Namespace, console: Console) -> int:
    from bot.learning import forget, retrain_judge

    if options.forget:
        return forget(options.settings, console, dry_run=options.dry_run, as_json=options.json)
    return retrain_judge(options.settings, console, dry_run=options.dry_run, as_json=options.json)


def drift(options: argparse.Namespace, console: Console) -> int:
    from bot.drifting import show_drift

    return show_drift(options.settings, console, weeks=options.weeks, as_json=options.json)


def heat(options: argparse.Namespace, console: Console) -> int:
    from classifier.heat.files import score_events
    from classifier.heat.series_files import score_series

    if options.series is not None:
        if options.output is None or options.alerts is not None:
            options.usage.error("--series goes with --output")
        series = score_series(options.series, options.output, options.zone or UTC)
        console.print(series.on_history, markup=False, soft_wrap=True)
        oddities = series.oddities
    else:
        if options.alerts is None or options.output is not None:
            options.usage.error("--events goes with --alerts")
        if options.zone is not None:
            options.usage.error("--zone goes with --series")
        oddities = score_events(options.events, options.alerts).oddities
    for oddity, count in sorted(oddities.items()):
        console.print(f"{count} times odd: {oddity.replace('_', ' ')}", markup=False)
    return 0


def backtest(options: argparse.Namespace, console: Console) -> int:
    from bot.backtesting import Question
    from bot.backtesting import backtest as look_back

    chosen = options.sensitivity
    if len(chosen) > 2 or len(set(chosen)) < len(chosen):
        options.usage.error("--sensitivity takes one setting, or two different ones")
    if options.since is not None and options.until is not None and options.until < options.since:
        options.usage.error(f"--until {options.until} comes before --since {options.since}")
    if options.brand is not None and options.events is None:
        options.usage.error("--brand goes with --events; the shop's store holds one brand")
    question = Question(
        since=options.since, until=options.until, sensitivities=chosen, events=options.events, brand=options.brand,
        picture=options.picture,
    )  # fmt: skip
    needed = options.events is None or options.settings != DEFAULT_SETTINGS
    return look_back(question, options.settings, console, needed=needed, as_json=options.json)


def oncall(options: argparse.Namespace, console: Console) -> int:
    from bot.oncall import show_oncall

    return show_oncall(options.settings, console, at=options.at, as_json=options.json)


def oncall_test(options: argparse.Namespace, console: Console) -> int:
    from bot.oncall import ring_for_test

    return ring_for_test(options.settings, console, level=options.level, as_json=options.json)


def bench(options: argparse.Namespace, console: Console) -> int:
    from bot.bench import bench as measure

    return measure(console, mentions=options.mentions, as_json=options.json)


def slack_connect(options: argparse.Namespace, console: Console) -> int:
    from bot.slack_connect import Wanted, connect

    wanted = Wanted(options.alert_channel, options.contact_channel, options.card_language)
    return connect(wanted, options.settings, console, as_json=options.json)


def slack_manifest(_options: argparse.Namespace, console: Console) -> int:
    from responders.slack.connecting import manifest

    console.print(manifest(), end="", markup=False, soft_wrap=True)
    return 0
