"""The errors of the Graph API stand-in, with the codes, subcodes and body shape of the real one."""

from __future__ import annotations

from typing import Any


class GraphError(Exception):
    """An answer that is an error; `status` is the HTTP status it is sent with."""

    def __init__(
        self,
        code: int,
        message: str,
        subcode: int | None = None,
        status: int = 400,
        kind: str = "OAuthException",
        transient: bool = False,
    ) -> None:
        super().__init__(f"(#{code}) {message}")
        self.code = code
        self.status = status
        self._error: dict[str, Any] = {"message": f"(#{code}) {message}", "type": kind, "code": code}
        if subcode is not None:
            self._error["error_subcode"] = subcode
        if transient:
            self._error["is_transient"] = True

    def body(self, trace: str) -> dict[str, Any]:
        return {"error": self._error | {"fbtrace_id": trace}}


def wrong_token() -> GraphError:
    return GraphError(190, "Invalid OAuth access token - Cannot parse access token", status=401)


def expired_token() -> GraphError:
    return GraphError(190, "Error validating access token: Session has expired", 463, status=401)


def missing_scope(scope: str) -> GraphError:
    return GraphError(10, f"This endpoint requires the '{scope}' permission", status=403)


def dead_version(newest: str) -> GraphError:
    return GraphError(
        2635, f"You are calling a deprecated version of the API. Please update to the latest version: {newest}."
    )


def unknown_field(name: str, node: str) -> GraphError:
    return GraphError(100, f"Tried accessing nonexisting field ({name}) on node type ({node})")


def bad_parameter(sentence: str, subcode: int | None = None) -> GraphError:
    return GraphError(100, sentence, subcode)


def no_such_object(object_id: str) -> GraphError:
    return GraphError(
        100,
        f"Unsupported request. Object with ID '{object_id}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation",
        33,
        kind="GraphMethodException",
    )


def window_closed() -> GraphError:
    return GraphError(10, "This message is sent outside of allowed window.", 2018278)


def too_many_conversation_calls() -> GraphError:
    return GraphError(613, "Calls to this API have exceeded the rate limit.", status=403)
