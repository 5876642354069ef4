"""Log lines that hold ids and outcomes only: no post text, no names, no tokens, whatever a library tries to write.

Lines of our own packages pass as they are, after tokens are taken out. Other libraries are heard from WARNING up, and
only by their name and level: their messages may quote requests, headers or texts. A traceback is written as places in
the code and the kind of error, never its message, which may hold what a customer wrote.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback

OUR_PACKAGES = ("bot", "classifier", "listener", "migrations", "models", "responders", "sandbox", "desk")

# Loggers we lend to the Slack libraries: what they write is theirs, and may quote requests.
LENT = ("responders.slack.web", "responders.slack.bolt", "responders.slack.socket")

_TOKENS = re.compile(
    r"xox[a-z]-[\w-]+|xapp-[\w-]+|\bEAA\w{10,}|\bBearer\s+\S+|\bAAAAAAAA\S{10,}"
    r"|(?i:(?:access_token|appsecret_proof|token|secret|password|oauth_\w+)=)[^\s&,]+"
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


def redact(line: str) -> str:
    """The line with everything that looks like a token or an address taken out."""
    return _MAIL.sub("[mail]", _TOKENS.sub("[secret]", line))


class PlainFormatter(logging.Formatter):
    """One line a record: time, level, where, what; errors as code places without their messages."""

    def format(self, record: logging.LogRecord) -> str:
        ours = record.name.split(".")[0] in OUR_PACKAGES and not record.name.startswith(LENT)
        message = redact(record.getMessage()) if ours else "a library reports a problem"
        line = f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%S%z')} {record.levelname} {record.name} {message}"
        if record.exc_info and record.exc_info[1] is not None:
            line += " " + where(record.exc_info[1])
        return line.replace("\n", " ")


def where(error: BaseException) -> str:
    """The kind of an error and the code places it went through, innermost last."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " > ".join(f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno}:{frame.name}" for frame in frames[-8:])
    cause = f" from {type(error.__cause__).__name__}" if error.__cause__ else ""
    return f"error={type(error).__name__}{cause} at={places}"


def set_up_logs(level: str = "INFO") -> None:
    """Sends all log lines of this process to standard error, redacted."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PlainFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for package in OUR_PACKAGES:
        logging.getLogger(package).setLevel(level)
    logging.captureWarnings(True)
