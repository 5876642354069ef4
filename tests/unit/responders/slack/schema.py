"""A checker of blocks and windows made from Slack's published types, run in node.

`@slack/types` is turned into a JSON schema by `ts-json-schema-generator` and asked through `ajv`, all three pinned and
installed once into `var/`, when node and npm are there and the registry answers.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PACKAGES = ("@slack/types@3.2.0", "ts-json-schema-generator@2.4.0", "ajv@8.17.1")
HOME = Path(__file__).parents[4] / "var" / "slack_schema"
ENTRY = """import { KnownBlock, ModalView } from '@slack/types';
export type Message = KnownBlock[];
export interface Modal extends Omit<ModalView, 'blocks'> { blocks: KnownBlock[] }
"""
CHECK = """const fs = require('fs')
const Ajv = require('ajv')
const [type] = process.argv.slice(2)
const check = new Ajv({ strict: false }).compile(JSON.parse(fs.readFileSync(`${type}.json`)))
const given = JSON.parse(fs.readFileSync(0))
const wrong = {}
for (const [name, one] of Object.entries(given)) if (!check(one)) wrong[name] = check.errors.slice(0, 3)
process.stdout.write(JSON.stringify(wrong))
"""


@dataclass(frozen=True)
class Schema:
    """Asks the schemas; what is wrong comes back by the names that were given."""

    node: str

    def problems_of_messages(self, messages: Mapping[str, Any]) -> dict[str, Any]:
        return self._asked("Message", {name: list(blocks) for name, blocks in messages.items()})

    def problems_of_windows(self, windows: Mapping[str, Any]) -> dict[str, Any]:
        return self._asked("Modal", windows)

    def _asked(self, kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
        asked = [self.node, "check.cjs", kind]
        done = subprocess.run(asked, cwd=HOME, input=json.dumps(given), capture_output=True, text=True, check=True)
        return dict(json.loads(done.stdout))


@contextmanager
def schema_checker() -> Iterator[Schema]:
    """Skips the test where the tools are not to be had."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("node and npm are not installed; the schema of Slack's types needs both")
    HOME.mkdir(parents=True, exist_ok=True)
    (HOME / "package.json").write_text('{"private": true}')
    (HOME / "entry.ts").write_text(ENTRY)
    (HOME / "check.cjs").write_text(CHECK)
    made = [HOME / "Message.json", HOME / "Modal.json"]
    if not all(one.exists() for one in made):
        _make(npm, made)
    yield Schema(node)


def _make(npm: str, made: list[Path]) -> None:
    install = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", *PACKAGES]
    generator = HOME / "node_modules" / ".bin" / "ts-json-schema-generator"
    try:
        subprocess.run(install, cwd=HOME, capture_output=True, timeout=180, check=True)
        for one in made:
            make = [str(generator), "--path", "entry.ts", "--type", one.stem, "--no-type-check", "-o", one.name]
            subprocess.run(make, cwd=HOME, capture_output=True, timeout=120, check=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        shutil.rmtree(HOME, ignore_errors=True)
        pytest.skip(f"npm could not install {', '.join(PACKAGES)}; is the registry reachable?")
