"""A requests session fit for platform libraries that set no timeout, fix their host and lose the response headers.

Used by the X and the Facebook sources and publishers: they give it to tweepy (`client.session = ...`) and to
facebook-sdk (`GraphAPI(session=...)`), which know nothing of it. A failed call raises one of two exceptions, and
neither they nor the libraries' log lines ever show a URL, because tokens travel in query strings:

NotSent    the request never left: refused, no such host, no connection in time. Nothing happened over there.
NoAnswer   the request left and no whole answer came: read timeout, dropped connection. It may have happened.
"""

from __future__ import annotations

import logging
import re
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
import urllib3.exceptions
from requests.adapters import HTTPAdapter

CONNECT_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 30.0

# These log URLs, headers or bodies at DEBUG, and urllib3 even whole URLs in a warning.
_TALKATIVE = (
    "urllib3.connectionpool",
    "urllib3.connection",
    "urllib3.util.retry",
    "requests_oauthlib.oauth1_auth",
    "oauthlib.oauth1.rfc5849",
    "tweepy.client",
)


class NotSent(requests.ConnectionError):
    """The request never left this machine; nothing can have happened over there."""


class NoAnswer(requests.ConnectionError):
    """The request left and no whole answer came back; it may have happened."""


@dataclass(frozen=True)
class Answer:
    """What the last answer said besides its body; header names in any case."""

    status: int
    headers: Mapping[str, str]


class PlatformSession(requests.Session):
    """Always with timeouts; remembers each thread's last answer; sends everything to `base_url` if there is one.

    With a `base_url` no request can reach any other host, and proxy settings of the environment are not asked.
    """

    def __init__(
        self,
        base_url: str | None = None,
        *,
        connect_timeout_s: float = CONNECT_TIMEOUT_S,
        read_timeout_s: float = READ_TIMEOUT_S,
    ) -> None:
        super().__init__()
        adapter = _Adapter(base_url, (connect_timeout_s, read_timeout_s))
        self.mount("https://", adapter)
        self.mount("http://", adapter)
        self.trust_env = base_url is None
        self._seen = threading.local()
        for name in _TALKATIVE:
            logging.getLogger(name).addFilter(_hold_back)

    @property
    def last(self) -> Answer | None:
        """This thread's last answer; None when its last call got none."""
        return getattr(self._seen, "answer", None)

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """As requests does it, but failures are NotSent or NoAnswer."""
        self._seen.answer = None
        try:
            response = super().send(request, **kwargs)
        except requests.RequestException as error:
            reason = type(error).__name__
            if _never_left(error):
                raise NotSent(f"the platform could not be reached ({reason})") from None
            raise NoAnswer(f"the platform did not answer ({reason})") from None
        self._seen.answer = Answer(response.status_code, response.headers)
        return response


class _Adapter(HTTPAdapter):
    """Sends to the base URL if there is one, and never without timeouts."""

    def __init__(self, base_url: str | None, timeouts: tuple[float, float]) -> None:
        super().__init__()
        self._base_url = base_url
        self._timeouts = timeouts

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        if self._base_url is not None and request.url is not None:
            request = request.copy()
            request.url = _moved(str(request.url), self._base_url)
        return super().send(request, stream, timeout or self._timeouts, verify, cert, proxies)


def _moved(url: str, base_url: str) -> str:
    base, asked = urlsplit(base_url), urlsplit(url)
    return urlunsplit((base.scheme, base.netloc, base.path.rstrip("/") + asked.path, asked.query, ""))


def _never_left(error: BaseException) -> bool:
    """Looks inside the wrappers of requests and urllib3, not at `__context__`: that may be an older call's failure."""
    if isinstance(error, (requests.ConnectTimeout, requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema)):
        return True
    inner: object = error
    while isinstance(inner, BaseException):
        if isinstance(inner, (urllib3.exceptions.NewConnectionError, ssl.SSLCertVerificationError)):
            return True
        inner = getattr(inner, "reason", None) or getattr(inner, "original_error", None) or next(iter(inner.args), None)
    return False


def _hold_back(record: logging.LogRecord) -> bool:
    """Drops what the libraries say for debugging, and cuts query strings from their warnings."""
    if record.levelno < logging.WARNING:
        return False
    record.msg, record.args = re.sub(r"\?\S*", "?...", record.getMessage()), ()
    return True
