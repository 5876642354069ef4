"""The long kill test: `python -m benchmarks.kills [--kills 200 --mentions 2000 --approvals 50 --seed 1]`.

A SIGKILL at a random moment, again and again, while people write and approve; exit status 1 when anything was lost or
doubled. The suite runs the same with fewer kills.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.journeys.kills import faultless, run_kills


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    for name, default in (("kills", 200), ("mentions", 2000), ("approvals", 50), ("seed", 1)):
        options.add_argument(f"--{name}", type=int, default=default)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = run_kills(Path(folder), **vars(given), tell=print)
    for what, value in asdict(report).items():
        print(f"{what:<24} {value}")
    return 0 if faultless(report) else 1


if __name__ == "__main__":
    sys.exit(main())
