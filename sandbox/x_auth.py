"""Says who is calling the stand-in of X: the user by an OAuth 1.0a signature, the app by a bearer token, or nobody."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

from flask import Request


@dataclass(frozen=True)
class XKeys:
    """The keys the stand-in accepts; made up, and good for nothing anywhere else."""

    consumer_key: str = "sandbox-consumer-key"
    consumer_secret: str = "sandbox-consumer-secret"  # noqa: S105
    access_token: str = "1480000000000000001-sandbox"  # noqa: S105
    access_token_secret: str = "sandbox-access-secret"  # noqa: S105
    bearer_token: str = "sandbox-bearer"  # noqa: S105


def caller(request: Request, keys: XKeys, signed_host: str = "https://api.twitter.com") -> str | None:
    """'user', 'app' or None. Clients sign the address they were built for, whatever address they end up at."""
    header = request.headers.get("Authorization", "")
    scheme, _, rest = header.partition(" ")
    if scheme == "Bearer":
        return "app" if hmac.compare_digest(rest.encode(), keys.bearer_token.encode()) else None
    if scheme != "OAuth":
        return None
    given = {key: unquote(value) for key, value in re.findall(r'(\w+)="([^"]*)"', rest)}
    signature = given.pop("oauth_signature", "")
    known = given.get("oauth_consumer_key") == keys.consumer_key and given.get("oauth_token") == keys.access_token
    if not known or given.get("oauth_signature_method") != "HMAC-SHA1":
        return None
    pairs = [*given.items(), *request.args.items(multi=True)]
    normal = "&".join(f"{key}={value}" for key, value in sorted((_quoted(key), _quoted(value)) for key, value in pairs))
    base = "&".join(_quoted(part) for part in (request.method, signed_host + request.path, normal))
    key = f"{_quoted(keys.consumer_secret)}&{_quoted(keys.access_token_secret)}"
    wanted = base64.b64encode(hmac.new(key.encode(), base.encode(), hashlib.sha1).digest())
    return "user" if hmac.compare_digest(signature.encode(), wanted) else None


def _quoted(text: str) -> str:
    return quote(text, safe="~")
