"""Every playbook the shop has: those shipped, with the shop's own folder over them."""

from __future__ import annotations

from pathlib import Path

from responders.playbooks.playbook import Fits, Playbook
from responders.playbooks.reading import read_playbook

SHIPPED = Path(__file__).parent / "texts"


class PlaybookProblems(Exception):
    """Some playbook files cannot be used; `problems` holds every one as a sentence with file and line."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load_playbooks(folder: Path | None = None) -> tuple[Playbook, ...]:
    """The shipped playbooks, sorted by id; a file in `folder` takes the place of the shipped one of the same name.

    Raises PlaybookProblems with everything that is wrong in all files.
    """
    problems: list[str] = []
    files = {path.name: path for path in SHIPPED.glob("*.md")}
    if folder is not None:
        if folder.is_dir():
            files |= {path.name: path for path in folder.glob("*.md") if path.name != "README.md"}
        else:
            problems.append(
                f"{folder}: there is no such folder; create it or remove playbooks.folder from the settings"
            )
    playbooks: list[Playbook] = []
    for name in sorted(files):
        playbook = _read(files[name], problems)
        if playbook is not None:
            playbooks.append(playbook)
    if not problems and not any(_catches_all(playbook) for playbook in playbooks):
        problems.append(
            f'{folder}: no playbook fits every message; keep one with fits = "always", both places and no needs'
        )
    if problems:
        raise PlaybookProblems(tuple(problems))
    return tuple(playbooks)


def _read(path: Path, problems: list[str]) -> Playbook | None:
    shown = path.name if path.parent == SHIPPED else str(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        problems.append(f"{shown}: the file is not UTF-8 text; save it again as UTF-8")
        return None
    except OSError as error:
        problems.append(f"{shown}: the file cannot be read ({error.strerror}); check its permissions")
        return None
    playbook, found = read_playbook(shown, text)
    problems.extend(found)
    return playbook


def _catches_all(playbook: Playbook) -> bool:
    return playbook.fits is Fits.ALWAYS and set(playbook.places) == {"public", "dm"} and not playbook.needs
