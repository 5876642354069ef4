"""Random sequences of everything people can do: `python -m benchmarks.actions [--sequences 10000 --steps 25 --seed 1]`.

Each begins with the same small shop and does what its own number makes of the seed: retried presses, a process that
dies at a commit or in a call, two people at once, customers who write on, a platform that loses its answers. After
every step the promises are held against the store. One that fails says its number and is run again by
`--first NUMBER --sequences 1`; a run that was stopped goes on by `--first`.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.unit.responders.case_world import HAPPENS, Choice, World, populated

MEMORY = Path("/dev/shm")
TELL_EVERY = 100


def run_sequence(template: Path, folder: Path, seed: int, number: int, steps: int) -> World:
    """The world after its steps; raises AssertionError where a promise does not hold."""
    chance = random.Random(f"{seed}:{number}")
    world = World(template, folder)

    def pick(among: Sequence[Choice]) -> Choice:
        return chance.choice(among)

    try:
        for _ in range(steps):
            world.step(chance.choice(HAPPENS), pick)
    finally:
        world.close()
    return world


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("sequences", 10_000), ("steps", 25), ("seed", 1), ("first", 0)):
        options.add_argument(f"--{name}", type=int, default=default)
    given = options.parse_args()
    done: Counter[str] = Counter()
    told: Counter[tuple[str, str]] = Counter()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as place:
        template = Path(place) / "template.db"
        populated(template)
        for count, number in enumerate(range(given.first, given.first + given.sequences), start=1):
            try:
                world = run_sequence(template, Path(place), given.seed, number, given.steps)
            except BaseException:
                print(f"sequence {number} of seed {given.seed} failed", file=sys.stderr)
                raise
            done, told = done + world.done, told + world.told
            if count % TELL_EVERY == 0:
                print(f"{count} sequences, next {number + 1}, {time.monotonic() - started:.0f} s", flush=True)
    for what, times in sorted(done.items()):
        print(f"{what:<40} {times:>8}")
    for (deed, code), times in sorted(told.items()):
        print(f"{deed:<20} {code:<24} {times:>8}")
    print(f"{given.sequences} sequences, {time.monotonic() - started:.0f} s: nothing broken")
    return 0


if __name__ == "__main__":
    sys.exit(main())
