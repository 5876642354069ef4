"""Behind `palovahti demo` and `palovahti replay`: plays a recorded day and says where to look."""

from __future__ import annotations

import json
import shutil
import signal
import threading
from pathlib import Path

from rich.console import Console

from bot.rehearsal import A_DAY, Rehearsal, rehearse

DEMO_PORT = 8060
DEMO_SPEED = 120.0


def demo(folder: Path, *, fresh: bool, port: int, speed: float, console: Console) -> int:
    """Plays the recorded day of Nuotiopuoti until Ctrl-C; returns the exit status."""
    if fresh and folder.exists():
        shutil.rmtree(folder)
    continues = (folder / "sandbox.db").exists()
    console.print("[bold]Palovahti[/bold] is getting ready…")
    rehearsal = _rehearse(folder, A_DAY, speed, port)
    rehearsal.start()
    begins = "The day goes on where it stopped." if continues else "A recorded day of the web shop Nuotiopuoti begins."
    console.print(
        f"\n  {begins} Open this page:\n\n"
        f"      [bold cyan]{rehearsal.url}[/bold cyan]\n\n"
        f"  Left:  what people say on X and Facebook, as it comes.\n"
        f"  Right: the shop's Slack. The cards are live: approve, edit, reject.\n\n"
        f"  A complaint begins at 10.15 and is an outrage by noon; the watchman calls at about 11.\n"
        f"  {_pace(speed)}\n"
        f"  Nothing leaves this machine. Ctrl-C stops, and the next run goes on from there;\n"
        f"  [bold]palovahti demo --fresh[/bold] begins the day anew.\n",
        soft_wrap=True,
    )
    wait_for_signal()
    console.print("Stopping…")
    rehearsal.stop()
    console.print(f"Stopped. Everything is kept in {folder}.", soft_wrap=True)
    return 0


def _pace(speed: float) -> str:
    """How long a viewer waits for the alert, which comes four hours into the day."""
    minutes = 4 * 60 / speed
    wait = f"about {minutes:.0f} minutes" if minutes >= 1.5 else "about a minute"
    return f"The day runs at {speed:g} times real speed, so that is {wait} from its start."


def replay(
    recording: Path, folder: Path, *, speed: float, port: int, keep_open: bool, as_json: bool, console: Console
) -> int:
    """Plays any recorded stream through the whole product into the sandbox, and tells what came of it."""
    rehearsal = _rehearse(folder, recording, speed, port)
    say = Console(stderr=True, highlight=False) if as_json else console
    problems = rehearsal.player.problems
    for problem in problems[:10]:
        say.print(problem, style="yellow", markup=False, soft_wrap=True)
    if len(problems) > 10:
        say.print(f"... and {len(problems) - 10} more lines that were left out.")
    rehearsal.start()
    say.print(f"Playing {recording} at {speed:g} times real speed: {rehearsal.url}  (Ctrl-C stops)", soft_wrap=True)
    asked = listen_for_signal()
    while not asked.wait(0.5) and (keep_open or not rehearsal.settled()):
        pass
    summary = rehearsal.summary()
    rehearsal.stop()
    if as_json:
        console.print_json(json.dumps({**summary, "left_out": len(problems)}))
        return 0
    console.print(
        f"{summary['mentions']} mentions heard and judged; {summary['contacts']} customers wait for an answer; "
        f"{len(summary['alerts'])} alerts.",
        soft_wrap=True,
    )
    for alert in summary["alerts"]:
        console.print(f"  {alert['at']}  {alert['level']:<8} case {alert['case']}", markup=False)
    return 0


def _rehearse(folder: Path, recording: Path, speed: float, port: int) -> Rehearsal:
    """On the wanted port, or on any free one where that is taken."""
    try:
        return rehearse(folder, recording, speed=speed, port=port)
    except OSError:
        if port == 0:
            raise
        return rehearse(folder, recording, speed=speed, port=0)


def wait_for_signal() -> None:
    """Returns at the first Ctrl-C or polite request to end."""
    asked = listen_for_signal()
    while not asked.wait(0.5):
        pass


def listen_for_signal() -> threading.Event:
    """Set at the first Ctrl-C or polite request to end."""
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.set())
    return asked
