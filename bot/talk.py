"""What a walk through a set-up says to a person or a program, and what a person answers."""

from __future__ import annotations

import sys
import warnings
from dataclasses import dataclass, field
from getpass import GetPassWarning, getpass

from rich.console import Console

from models.errors import PlatformError, TryLater
from responders.slack.probe import Probe


class Stop(Exception):
    """There is no sense in going on; why was told."""


@dataclass
class Talk:
    """What is said to a person or a program, and what a person answers."""

    console: Console
    as_json: bool
    steps: dict[str, Probe] = field(default_factory=dict)  # the last word on each

    @property
    def asks(self) -> bool:
        return not self.as_json and sys.stdin.isatty() and sys.stdout.isatty()

    def say(self, sentence: str = "") -> None:
        if not self.as_json:
            self.console.print(sentence, markup=False, soft_wrap=True)

    def tell(self, id: str, ok: bool, sentence: str, hint: str = "") -> None:
        self.steps[id] = Probe(id, ok, sentence, hint)
        if self.as_json:
            return
        self.console.print("[green]ok  [/green]" if ok else "[red]FAIL[/red]", f"{id:<16}", end=" ")
        self.console.print(sentence, markup=False, soft_wrap=True)
        if hint:
            self.console.print(f"     {'':<16} → {hint}", markup=False, soft_wrap=True)

    def answer(self, question: str) -> str:
        try:
            return input(f"{question} ").strip()
        except EOFError:
            raise Stop from None

    def secret(self, question: str) -> str:
        """What was typed, which the terminal does not show. Nothing is asked of a terminal that would."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", GetPassWarning)
                return getpass(f"{question} ").strip()
        except EOFError:
            raise Stop from None
        except GetPassWarning:
            self.say("This terminal cannot hide what is typed. Set the token in its environment variable instead.")
            raise Stop from None


def advice_on(error: PlatformError) -> str:
    """What to do about it, and when, where the other side said when."""
    wait = error.retry_after_s if isinstance(error, TryLater) else None
    return f"{error.advice} Try again in {wait:.0f} seconds." if wait else error.advice
