"""The command line. Exit status: 0 done, 1 a problem it explains, 2 wrong usage."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import get_args

from rich.console import Console

from bot import arguments, commands
from bot.collector import look_seldom
from bot.commands import DEFAULT_SETTINGS
from bot.demo import DEMO_PORT, DEMO_SPEED
from bot.lock import AlreadyRunning
from bot.logs import set_up_logs, where
from bot.settings import SettingsProblem
from bot.shop_settings import Language
from classifier.heat.policy import Sensitivity
from classifier.judges import JUDGES
from classifier.outputs import BadInput
from models.errors import PlatformError
from responders.oncall import LEVELS
from responders.playbooks.loading import PlaybookProblems

Command = Callable[[argparse.Namespace, Console], int]

DEMO_FOLDER = Path("var") / "demo"


def main(given: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status; a problem is told in a sentence, never as a traceback."""
    options = parser().parse_args(given)
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
    demo.add_argument("--port", type=arguments.port, default=DEMO_PORT, help=f"port of the page (default: {DEMO_PORT})")
    demo.add_argument("--speed", type=arguments.positive, default=DEMO_SPEED, help="times real speed (default: 120)")
    demo.set_defaults(command=commands.demo)
    replay = verbs.add_parser("replay", parents=[common], help="play a recorded stream into the sandbox")
    replay.add_argument("--input", type=Path, required=True, help="JSONL as in docs/replay-format.md")
    replay.add_argument("--speed", type=arguments.positive, default=DEMO_SPEED, help="times real speed (default: 120)")
    replay.add_argument("--folder", type=Path, help="where to keep its state (default: var/replay/NAME)")
    replay.add_argument("--port", type=arguments.port, default=0, help="port of the page (default: any free one)")
    replay.add_argument("--keep-open", action="store_true", help="keep the page open when everything was played")
    replay.add_argument("--json", action="store_true", help="what came of it, as one JSON object")
    replay.set_defaults(command=commands.replay)


def _add_running(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
    settings: argparse.ArgumentParser,
) -> None:
    run = verbs.add_parser("run", parents=[common, settings], help="run on the shop's own accounts")
    run.set_defaults(command=commands.run)
    check = verbs.add_parser("check", parents=[common, settings], help="prove settings, tokens, model, store and Slack")
    check.add_argument("--json", action="store_true", help="one JSON object for a program")
    check.set_defaults(command=commands.check)
    alerts = verbs.add_parser(
        "alerts", parents=[common, settings], help="show week by week how the alerts turned out, and what was missed"
    )
    alerts.add_argument("--weeks", type=arguments.weeks, default=8, help="how many weeks back (default: 8)")
    alerts.add_argument("--json", action="store_true", help="one JSON object for a program")
    alerts.set_defaults(command=commands.alerts)
    jobs = verbs.add_parser("jobs", parents=[common, settings], help="show work that waits, and work that gave up")
    jobs.add_argument("--retry", action="store_true", help="let everything that gave up try again")
    jobs.add_argument("--json", action="store_true", help="one JSON object for a program")
    jobs.set_defaults(command=commands.jobs)
    fires = verbs.add_parser("fires", parents=[common, settings], help="show threads of your own that burn unanswered")
    fires.add_argument("--json", action="store_true", help="one JSON object for a program")
    fires.set_defaults(command=commands.fires)


def _add_oncall(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
    settings: argparse.ArgumentParser,
) -> None:
    oncall = verbs.add_parser("oncall", parents=[common, settings], help="show who is on duty and whom a chain calls")
    oncall.add_argument(
        "--at", type=arguments.moment, help="a time such as 2026-12-24T21:00 in the shop's zone (default: now)"
    )
    oncall.add_argument("--json", action="store_true", help="one JSON object for a program")
    oncall.set_defaults(command=commands.oncall)
    both = _after_the_command(settings=True)
    both.add_argument("--json", action="store_true", help="one JSON object for a program")
    steps = oncall.add_subparsers(title="or, instead of a look", metavar="test")
    test = steps.add_parser("test", parents=[both], help="ring a chain for real, marked as a test")
    test.add_argument("--level", choices=LEVELS, default="outrage", help="whose chain (default: outrage)")
    test.set_defaults(command=commands.oncall_test)


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
    judge.set_defaults(command=commands.judge, to_stderr=True, usage=judge)
    _add_learning(judge.add_subparsers(title="or, instead of a file", metavar="retrain | drift"))


def _add_learning(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    both = _after_the_command(settings=True)
    retrain = verbs.add_parser("retrain", parents=[both], help="teach the judge what people put right")
    retrain.add_argument("--dry-run", action="store_true", help="tell what would be learnt, and keep nothing")
    retrain.add_argument("--forget", action="store_true", help="remove what was learnt")
    retrain.add_argument("--json", action="store_true", help="one JSON object for a program")
    retrain.set_defaults(command=commands.retrain, to_stderr=False)
    drift = verbs.add_parser("drift", parents=[both], help="show week by week how the judge reads, and what stands out")
    drift.add_argument("--weeks", type=arguments.weeks, default=8, help="how many weeks back (default: 8)")
    drift.add_argument("--json", action="store_true", help="one JSON object for a program")
    drift.set_defaults(command=commands.drift, to_stderr=False)


def _add_files(verbs: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    heat = verbs.add_parser("heat", parents=[common], help="score a series of counts, or a stream of judged posts")
    what = heat.add_mutually_exclusive_group(required=True)
    what.add_argument("--series", type=Path, help="CSV timestamp,value")
    what.add_argument("--events", type=Path, help="JSONL of judged posts, plain or .gz, as in docs/heat.md")
    heat.add_argument("--output", type=Path, help="CSV with anomaly_score (with --series)")
    heat.add_argument("--alerts", type=Path, help="JSONL of alerts (with --events)")
    heat.add_argument("--zone", type=arguments.zone, help="the shop's time zone (with --series; default: UTC)")
    heat.set_defaults(command=commands.heat, to_stderr=True, usage=heat)
    bench = verbs.add_parser("bench", parents=[common], help="measure each stage on this machine")
    bench.add_argument("--json", action="store_true", help="one JSON object for a program")
    bench.add_argument(
        "--mentions", type=arguments.count, default=600, help="how many mentions to send through (default: 600)"
    )
    bench.set_defaults(command=commands.bench)


def _add_backtest(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
    settings: argparse.ArgumentParser,
) -> None:
    test = verbs.add_parser("backtest", parents=[common, settings], help="try one or two settings of heat on the past")
    test.add_argument(
        "--since", type=arguments.day, help="the first day, such as 2026-10-01 (default: all that was heard)"
    )
    test.add_argument("--until", type=arguments.day, help="the last day, counted in")
    test.add_argument("--events", type=Path, help="a stream of judged posts, as for heat, instead of the shop's store")
    test.add_argument("--brand", help="which brand of a stream that holds several (with --events)")
    test.add_argument(
        "--sensitivity", nargs="+", choices=[*map(str, Sensitivity)], default=[], metavar="SETTING",
        help="quiet, normal or keen; two are put side by side (default: what the settings name, else normal)",
    )  # fmt: skip
    test.add_argument("--picture", type=arguments.picture, help="draw the timeline into this file, .svg or .png")
    test.add_argument("--json", action="store_true", help="one JSON object for a program")
    test.set_defaults(command=commands.backtest, usage=test)


def _add_slack(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
    settings: argparse.ArgumentParser,
) -> None:
    slack = verbs.add_parser("slack", parents=[common, settings], help="set up the app in your Slack workspace")
    steps = slack.add_subparsers(title="steps", metavar="connect | manifest", required=True)
    both = _after_the_command()
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
    connect.set_defaults(command=commands.slack_connect)
    manifest = steps.add_parser("manifest", parents=[both], help="print the app's manifest, to paste into Slack")
    manifest.set_defaults(command=commands.slack_manifest)


def _after_the_command(*, settings: bool = False) -> argparse.ArgumentParser:
    """What a word after the command takes too. What stands before the word is kept: no default overwrites it.

    As in `palovahti oncall --settings F test`.
    """
    both = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    both.add_argument("--verbose", action="store_true", help="log every step, ids and outcomes only")
    if settings:
        both.add_argument("--settings", type=Path, help="the shop's settings (default: palovahti.toml)")
    return both


if __name__ == "__main__":
    sys.exit(main())
