"""A Graph API client for one Page: facebook-sdk with today's versions, timeouts, kept headers and quiet tokens.

Both Facebook workers use it, and it alone imports facebook-sdk. What the SDK gets wrong is put right here:

- it knows no version past 3.1, so the version is set after construction (`check_version` says which ones live);
- it puts the token in URLs, which end up in logs and tracebacks: the session moves it to a header;
- it drops HTTP status and rate headers: the session keeps them, and `usage` reads them;
- it chokes on answers that are not JSON, such as a proxy's HTML 502: they become ordinary platform errors;
- its `get_all_connections` never ends: it is out of reach behind `get` and `post`, one call each.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import requests

from models.errors import PlatformError, TryLater
from models.graph_errors import graph_error, in_doubt
from models.transport import CONNECT_TIMEOUT_S, READ_TIMEOUT_S, NoAnswer, NotSent, PlatformSession

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its source has invalid escapes, which Python warns of when first compiling it
    import facebook

CHECKED_ON = date(2026, 11, 21)  # against Meta's changelog
VERSIONS: Mapping[str, date | None] = {  # version -> last day, None while Meta names none
    "v24.0": date(2028, 2, 18),
    "v25.0": date(2028, 7, 29),
    "v26.0": None,
}
NEWEST = "v26.0"


def check_version(version: str) -> str:
    """`version` itself when we can use it. Raises ValueError with the setting's name and the choices."""
    if version not in VERSIONS:
        raise ValueError(f'facebook.graph_version is "{version}": set it to one of {", ".join(VERSIONS)}')
    return version


def version_warning(version: str, today: date) -> str | None:
    """A sentence for the admin when the version's end is 90 days away or less, else None."""
    last_day = VERSIONS[check_version(version)]
    if last_day is None or (last_day - today).days > 90:
        return None
    days = (last_day - today).days
    when = f"ends in {days} days, on {last_day}" if days >= 0 else f"ended on {last_day}"
    return f"Graph {version} {when} (checked {CHECKED_ON}): set facebook.graph_version to {NEWEST}"


@dataclass(frozen=True)
class Usage:
    """How much of the allowance is used, in percent, and how long until it opens again when it is spent."""

    percent: float = 0.0
    regain_s: float | None = None


class GraphClient:
    """Reads and writes as the Page that `token` belongs to; raises only PlatformError (models.errors).

    With an `app_secret` every call carries its proof. `base_url` replaces graph.facebook.com (the sandbox).
    """

    def __init__(
        self,
        token: str,
        *,
        version: str = NEWEST,
        app_secret: str | None = None,
        base_url: str | None = None,
        connect_timeout_s: float = CONNECT_TIMEOUT_S,
        read_timeout_s: float = READ_TIMEOUT_S,
    ) -> None:
        self._session = _GraphSession(base_url, connect_timeout_s=connect_timeout_s, read_timeout_s=read_timeout_s)
        self._session.auth = _Bearer(token)
        if app_secret is not None:
            proof = hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
            self._session.params = {"appsecret_proof": proof}
        self._api = facebook.GraphAPI(token, session=self._session)
        self._api.version = check_version(version)
        self.usage = Usage()

    def get(self, path: str, *, needs: str, **parameters: str | int) -> dict[str, Any]:
        """One read of a node or an edge; `needs` names the permission it takes."""
        return self._call(path, parameters, None, needs)

    def post(self, path: str, *, needs: str, **parameters: str) -> dict[str, Any]:
        """One write to an edge. OutcomeUnknown means that it may have happened."""
        return self._call(path, None, parameters, needs)

    def _call(
        self, path: str, reading: dict[str, str | int] | None, writing: dict[str, str] | None, needs: str
    ) -> dict[str, Any]:
        writes = writing is not None
        try:
            answer = self._api.request(f"{self._api.version}/{path}", reading, writing)
        except facebook.GraphAPIError as error:
            raise self._meaning(error.result, needs, writes) from error
        except NotSent as error:
            raise TryLater("unreachable", "Facebook could not be reached; we try again by ourselves.") from error
        except (NoAnswer, requests.RequestException, ValueError) as error:
            raise in_doubt("no_answer", writes) from error
        finally:
            self._note_usage()
        if not isinstance(answer, dict):
            raise in_doubt("unreadable_answer", writes)
        return answer

    def _meaning(self, answer: object, needs: str, writing: bool) -> PlatformError:
        self._note_usage()
        last = self._session.last
        status = last.status if last else 0
        return graph_error(answer, status=status, needs=needs, writing=writing, regain_s=self.usage.regain_s)

    def _note_usage(self) -> None:
        if self._session.last is not None:
            self.usage = usage_of(self._session.last.headers)


class _GraphSession(PlatformSession):
    """Keeps the token out of URLs and bodies, and answers that are not JSON away from the SDK."""

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        for place in ("params", "data"):
            if kwargs.get(place):
                kwargs[place] = {name: value for name, value in kwargs[place].items() if name != "access_token"}
        response = super().request(method, url, *args, **kwargs)
        if "json" not in response.headers.get("content-type", ""):
            raise NoAnswer(f"the platform answered {response.status_code} without JSON")
        return response


class _Bearer(requests.auth.AuthBase):
    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def usage_of(headers: Mapping[str, str]) -> Usage:
    """The fullest of the allowances named in X-App-Usage and X-Business-Use-Case-Usage; unreadable ones are skipped."""
    parts = [_json(headers.get("X-App-Usage"))]
    business = _json(headers.get("X-Business-Use-Case-Usage"))
    if isinstance(business, dict):
        parts += [part for entries in business.values() if isinstance(entries, list) for part in entries]
    counts, waits = [0.0], [0.0]
    for part in parts:
        if isinstance(part, dict):
            counts += [_count(part, name) for name in ("call_count", "total_cputime", "total_time")]
            waits.append(_count(part, "estimated_time_to_regain_access") * 60)
    return Usage(max(counts), max(waits) or None)


def _json(text: str | None) -> Any:
    try:
        return json.loads(text or "null")
    except ValueError:
        return None


def _count(part: Mapping[str, Any], name: str) -> float:
    value = part.get(name)
    return float(value) if isinstance(value, int | float) else 0.0
