"""The command line. Exit status: 0 done, 1 a problem it explains, 2 wrong usage."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

from rich.console import Console

from bot.collector import look_seldom
from bot.demo import DEMO_PORT, DEMO_SPEED
from bot.lock import AlreadyRunning
from bot.logs import set_up_logs, where
from bot.settings import Language, SettingsProblem
from classifier.heat.policy import Sensitivity
from classifier.judges import JUDGES
from classifier.outputs import BadInput
from models.errors import PlatformError
from responders.oncall import LEVELS
from responders.playbooks.loading import PlaybookProblems

Command = Callable[[argparse.Namespace, Console], int]

DEFAULT_SETTINGS = Path("palovahti.toml")
DEMO_FOLDER = Path("var") / "demo"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status; a problem is told in a sentence, never as a traceback."""
    options = parser().parse_args(arguments)
    set_up_logs("INFO" if options.verbose else "WARNING")
    look_seldom()
    console = Console(stderr=options.to_stderr, highlight=False)
    problems = Console(stderr=True, highlight=False)
    command: Command = options.command
    try:
        return command(options, console)
    except (SettingsProblem, PlaybookProblems) as error:
        for sentence in error.problems:
            problems.print(sentence, style="red", markup=False, soft_wrap=True)
    except (BadInput, AlreadyRunning) as error:
        problems.print(str(error), style="red", markup=False, soft_wrap=True)
    except PlatformError as error:
        problems.print(f"{error.advice} ({error.code})", style="red", markup=False, soft_wrap=True)
    except KeyboardInterrupt:
        return 0
    except BrokenPipeError:
        return 0
    except Exception as error:
        problems.print(
            f"Something went wrong that should not have ({type(error).__name__}). Nothing stored is lost. "
            f"Run the command again with --verbose, and report this line: {where(error)}",
            style="red",
            markup=False,
            soft_wrap=True,
        )
    return 1


def parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    top = argparse.ArgumentParser(
        prog="palovahti", description="Listens to what people say of a web shop, and sees the outrage early."
    )
    top.set_defaults(to_stderr=False)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--verbose", action="store_true", help="log every step, ids and outcomes only")
    settings = argparse.ArgumentParser(add_help=False)
    settings.add_argument(
        "--settings", type=Path, default=DEFAULT_SETTINGS, help="the shop's settings (default: palovahti.toml)"
    )
    verbs = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_played(verbs, common)
    _add_running(verbs, common, settings)
    _add_oncall(verbs, common, settings)
    _add_judge(verbs, common, settings)
    _add_files(verbs, common)
    _add_backtest(verbs, common, settings)
    _add_slack(verbs, common, settings)
    return top


def _add_played(verbs: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    demo = verbs.add_parser("demo", parents=[common], help="play a recorded day through the whole product")
    demo.add_argument("--fresh", action="store_true", help="begin the day anew instead of going on")
    demo.add_argument("--folder", type=Path, default=DEMO_FOLDER, help="where the demo keeps its state")
    demo.add_argument("--port", type=_port, default=DEMO_PORT, help=f"port of the page (default: {DEMO_PORT})")
    demo.add_argument("--speed", type=_positive, default=DEMO_SPEED, help="times real speed (default: 120)")
    demo.set_defaults(command=_demo)
    replay = verbs.add_parser("replay", parents=[common], help="play a recorded stream into the sandbox")
    replay.add_argument("--input", type=Path, required=True, help="JSONL as in docs/replay-format.md")
    replay.add_argument("--speed", type=_positive, default=DEMO_SPEED, help="times real speed (default: 120)")
    replay.add_argument("--folder", type=Path, help="where to keep its state (default: var/replay/NAME)")
    replay.add_argument("--port", type=_port, default=0, help="port of the page (default: any free one)")
    replay.add_argument("--keep-open", action="store_true", help="keep the page open when everything was played")
    replay.add_argument("--json", action="store_true", help="what came of it, as one JSON object")
    replay.set_defaults(command=_replay)


def _add_running(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
    settings: argparse.ArgumentParser,
) -> None:
    run = verbs.add_parser("run", parents=[common, settings], help="run on the shop's own accounts")
    run.set_defaults(command=_run)
    check = verbs.add_parser("check", parents=[common, settings], help="prove settings, tokens, model, store and Slack")
    check.add_argument("--json", action="store_true", help="one JSON object for a program")
    check.set_defaults(command=_check)
    alerts = verbs.add_parser(
        "alerts", parents=[common, settings], help="show week by week how the alerts turned out, and what was missed"
    )
    alerts.add_argument("--weeks", type=_weeks, default=8, help="how many weeks back (default: 8)")
    alerts.add_argument("--json", action="store_true", help="one JSON object for a program")
    alerts.set_defaults(command=_alerts)
    jobs = verbs.add_parser("jobs", parents=[common, settings], help="show work that waits, and work that gave up")
    jobs.add_argument("--retry", action="store_true", help="let everything that gave up try again")
    jobs.add_argument("--json", action="store_true", help="one JSON object for a program")
    jobs.set_defaults(command=_jobs)
    fires = verbs.add_parser("fires", parents=[common, settings], help="show threads of your own that burn unanswered")
    fires.add_argument("--json", action="store_true", help="one JSON object for a program")
    fires.set_defaults(command=_fires)


def _add_oncall(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
    settings: argparse.ArgumentParser,
) -> None:
    oncall = verbs.add_parser("oncall", parents=[common, settings], help="show who is on duty and whom a chain calls")
    oncall.add_argument("--at", type=_moment, help="a time such as 2026-12-24T21:00 in the shop's zone (default: now)")
    oncall.add_argument("--json", action="store_true", help="one JSON object for a program")
    oncall.set_defaults(command=_oncall)
    # What stands before the word is kept, as in `palovahti oncall --settings F test`: no default overwrites it.
    both = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    both.add_argument("--verbose", action="store_true", help="log every step, ids and outcomes only")
    both.add_argument("--settings", type=Path, help="the shop's settings (default: palovahti.toml)")
    both.add_argument("--json", action="store_true", help="one JSON object for a program")
    steps = oncall.add_subparsers(title="or, instead of a look", metavar="test")
    test = steps.add_parser("test", parents=[both], help="ring a chain for real, marked as a test")
    test.add_argument("--level", choices=LEVELS, default="outrage", help="whose chain (default: outrage)")
    test.set_defaults(command=_oncall_test)


def _add_judge(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
    settings: argparse.ArgumentParser,
) -> None:
    judge = verbs.add_parser("judge", parents=[common, settings], help="judge a file of texts")
    judge.add_argument("--input", type=Path, help="needed: CSV or JSONL, plain or .gz")
    judge.add_argument("--output", type=Path, help="needed: JSONL, one line per input line, in order")
    judge.add_argument("--text-column", default="text", help='column or field of the text (default: "text")')
    judge.add_argument(
        "--judge", choices=sorted(JUDGES), help="which judge (default: what the settings name, else the shipped one)"
    )
    judge.set_defaults(command=_judge, to_stderr=True, usage=judge)
    _add_learning(judge.add_subparsers(title="or, instead of a file", metavar="retrain | drift"))


def _add_learning(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    # What stands before the word is kept, as in `palovahti judge --settings F drift`: no default overwrites it.
    both = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    both.add_argument("--verbose", action="store_true", help="log every step, ids and outcomes only")
    both.add_argument("--settings", type=Path, help="the shop's settings (default: palovahti.toml)")
    retrain = verbs.add_parser("retrain", parents=[both], help="teach the judge what people put right")
    retrain.add_argument("--dry-run", action="store_true", help="tell what would be learnt, and keep nothing")
    retrain.add_argument("--forget", action="store_true", help="remove what was learnt")
    retrain.add_argument("--json", action="store_true", help="one JSON object for a program")
    retrain.set_defaults(command=_retrain, to_stderr=False)
    drift = verbs.add_parser("drift", parents=[both], help="show week by week how the judge reads, and what stands out")
    drift.add_argument("--weeks", type=_weeks, default=8, help="how many weeks back (default: 8)")
    drift.add_argument("--json", action="store_true", help="one JSON object for a program")
    drift.set_defaults(command=_drift, to_stderr=False)


def _add_files(verbs: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    heat = verbs.add_parser("heat", parents=[common], help="score a series of counts, or a stream of judged posts")
    what = heat.add_mutually_exclusive_group(required=True)
    what.add_argument("--series", type=Path, help="CSV timestamp,value")
    what.add_argument("--events", type=Path, help="JSONL of judged posts, plain or .gz, as in docs/heat.md")
    heat.add_argument("--output", type=Path, help="CSV with anomaly_score (with --series)")
    heat.add_argument("--alerts", type=Path, help="JSONL of alerts (with --events)")
    heat.add_argument("--zone", type=_zone, help="the shop's time zone (with --series; default: UTC)")
    heat.set_defaults(command=_heat, to_stderr=True, usage=heat)
    bench = verbs.add_parser("bench", parents=[common], help="measure each stage on this machine")
    bench.add_argument("--json", action="store_true", help="one JSON object for a program")
    bench.add_argument("--mentions", type=_count, default=600, help="how many mentions to send through (default: 600)")
    bench.set_defaults(command=_bench)


def _add_backtest(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
    settings: argparse.ArgumentParser,
) -> None:
    test = verbs.add_parser("backtest", parents=[common, settings], help="try one or two settings of heat on the past")
    test.add_argument("--since", type=_day, help="the first day, such as 2026-10-01 (default: all that was heard)")
    test.add_argument("--until", type=_day, help="the last day, counted in")
    test.add_argument("--events", type=Path, help="a stream of judged posts, as for heat, instead of the shop's store")
    test.add_argument("--brand", help="which brand of a stream that holds several (with --events)")
    test.add_argument(
        "--sensitivity", nargs="+", choices=[*map(str, Sensitivity)], default=[], metavar="SETTING",
        help="quiet, normal or keen; two are put side by side (default: what the settings name, else normal)",
    )  # fmt: skip
    test.add_argument("--picture", type=_picture, help="draw the timeline into this file, .svg or .png")
    test.add_argument("--json", action="store_true", help="one JSON object for a program")
    test.set_defaults(command=_backtest, usage=test)


def _add_slack(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
    settings: argparse.ArgumentParser,
) -> None:
    slack = verbs.add_parser("slack", parents=[common, settings], help="set up the app in your Slack workspace")
    steps = slack.add_subparsers(title="steps", metavar="connect | manifest", required=True)
    # What stands before the step is kept, as in `palovahti slack --settings F connect`: no default overwrites it.
    both = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    both.add_argument("--verbose", action="store_true", help="log every step, ids and outcomes only")
    connect = steps.add_parser("connect", parents=[both], help="walk through tokens, channels and a test card")
    connect.add_argument(
        "--settings", type=Path, default=argparse.SUPPRESS, help="the shop's settings (default: palovahti.toml)"
    )
    connect.add_argument("--alert-channel", metavar="CHANNEL", help="name or id of the channel for alerts")
    connect.add_argument(
        "--contact-channel", metavar="CHANNEL", help="name or id of the channel for customers who wait for an answer"
    )
    connect.add_argument(
        "--card-language", choices=get_args(Language), help="the language of cards (default: what the settings say)"
    )
    connect.add_argument("--json", action="store_true", help="ask nothing; one JSON object for a program")
    connect.set_defaults(command=_slack_connect)
    manifest = steps.add_parser("manifest", parents=[both], help="print the app's manifest, to paste into Slack")
    manifest.set_defaults(command=_slack_manifest)


def _demo(options: argparse.Namespace, console: Console) -> int:
    from bot.demo import demo

    return demo(options.folder, fresh=options.fresh, port=options.port, speed=options.speed, console=console)


def _replay(options: argparse.Namespace, console: Console) -> int:
    from bot.demo import replay

    if not options.input.is_file():
        raise BadInput(f"{options.input}: there is no such file. Name a JSONL file as in docs/replay-format.md.")
    folder = options.folder or Path("var") / "replay" / options.input.stem
    return replay(
        options.input,
        folder,
        speed=options.speed,
        port=options.port,
        keep_open=options.keep_open,
        as_json=options.json,
        console=console,
    )


def _run(options: argparse.Namespace, console: Console) -> int:
    from bot.running import run

    return run(options.settings, console)


def _check(options: argparse.Namespace, console: Console) -> int:
    from bot.health import report

    return report(options.settings, console, as_json=options.json)


def _alerts(options: argparse.Namespace, console: Console) -> int:
    from bot.alert_table import show_alerts

    return show_alerts(options.settings, console, weeks=options.weeks, as_json=options.json)


def _jobs(options: argparse.Namespace, console: Console) -> int:
    from bot.waiting import show_jobs

    return show_jobs(options.settings, console, retry=options.retry, as_json=options.json)


def _fires(options: argparse.Namespace, console: Console) -> int:
    from bot.fires import show_fires

    return show_fires(options.settings, console, as_json=options.json)


def _judge(options: argparse.Namespace, console: Console) -> int:
    from bot.judge_choice import choose_judge
    from bot.judging import judge_with_progress

    missing = [name for name in ("input", "output") if getattr(options, name) is None]
    if missing:
        options.usage.error(f"the following arguments are required: {', '.join(f'--{name}' for name in missing)}")
    settings = choose_judge(options.judge, options.settings, needed=options.settings != DEFAULT_SETTINGS)
    return judge_with_progress(settings, options.input, options.output, options.text_column, console)


def _retrain(options: argparse.Namespace, console: Console) -> int:
    from bot.learning import forget, retrain_judge

    if options.forget:
        return forget(options.settings, console, dry_run=options.dry_run, as_json=options.json)
    return retrain_judge(options.settings, console, dry_run=options.dry_run, as_json=options.json)


def _drift(options: argparse.Namespace, console: Console) -> int:
    from bot.drifting import show_drift

    return show_drift(options.settings, console, weeks=options.weeks, as_json=options.json)


def _heat(options: argparse.Namespace, console: Console) -> int:
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


def _backtest(options: argparse.Namespace, console: Console) -> int:
    from bot.backtesting import Question, backtest

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
    return backtest(question, options.settings, console, needed=needed, as_json=options.json)


def _oncall(options: argparse.Namespace, console: Console) -> int:
    from bot.oncall import show_oncall

    return show_oncall(options.settings, console, at=options.at, as_json=options.json)


def _oncall_test(options: argparse.Namespace, console: Console) -> int:
    from bot.oncall import ring_for_test

    return ring_for_test(options.settings, console, level=options.level, as_json=options.json)


def _bench(options: argparse.Namespace, console: Console) -> int:
    from bot.bench import bench

    return bench(console, mentions=options.mentions, as_json=options.json)


def _slack_connect(options: argparse.Namespace, console: Console) -> int:
    from bot.slack_connect import Wanted, connect

    wanted = Wanted(options.alert_channel, options.contact_channel, options.card_language)
    return connect(wanted, options.settings, console, as_json=options.json)


def _slack_manifest(_options: argparse.Namespace, console: Console) -> int:
    from responders.slack.connecting import manifest

    console.print(manifest(), end="", markup=False, soft_wrap=True)
    return 0


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ValueError, OSError, KeyError):
        raise argparse.ArgumentTypeError(f"{text!r} is no time zone; give one such as Europe/Helsinki") from None


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < 1_000_000:
        raise argparse.ArgumentTypeError("give a number above 0, such as 120")
    return value


def _count(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 1_000_000:
        raise argparse.ArgumentTypeError("give a whole number from 1 up")
    return value


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a day; write it as 2026-10-01") from None


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a time; write it as 2026-12-24T21:00") from None
    if not 2000 <= at.year < 2200:
        raise argparse.ArgumentTypeError("give a time between the years 2000 and 2199")
    return at


def _picture(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() not in (".png", ".svg"):
        raise argparse.ArgumentTypeError(f"{text} is no kind of picture we draw; end its name in .svg or .png")
    return path


def _weeks(text: str) -> int:
    value = int(text)
    if not 2 <= value <= 104:
        raise argparse.ArgumentTypeError("give a whole number from 2 to 104")
    return value


def _port(text: str) -> int:
    value = int(text)
    if not 0 <= value <= 65535:
        raise argparse.ArgumentTypeError("give a port from 0 to 65535")
    return value


if __name__ == "__main__":
    sys.exit(main())
