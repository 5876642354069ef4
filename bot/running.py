"""Behind `palovahti run`: the product on the shop's own accounts, until it is asked to stop."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from bot.demo import wait_for_signal
from bot.settings import SettingsProblem, missing_secrets, read_secrets, read_settings
from bot.wiring import build
from models.errors import PlatformError


def run(path: Path, console: Console) -> int:
    """Runs until Ctrl-C or SIGTERM. Raises SettingsProblem for what is wrong with settings or tokens, all at once."""
    settings, secrets = read_settings(path), read_secrets()
    missing = missing_secrets(settings, secrets)
    if missing:
        raise SettingsProblem(missing)
    product = build(settings, secrets)
    try:
        product.start()
    except PlatformError:
        product.stop()
        raise
    console.print(f"Palovahti watches over {settings.shop.name}. Ctrl-C stops.", markup=False)
    wait_for_signal()
    console.print("Stopping after the work in hand…")
    product.stop()
    return 0
