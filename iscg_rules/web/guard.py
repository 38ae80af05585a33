"""What stands around the application: how much may be sent, how long it may take, what is told.

Nothing passes outwards that was made of a request: no traceback, and headers of our own only.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from time import perf_counter
from typing import Any

from iscg_rules.errors import failed_at
from iscg_rules.web.metrics import Metrics
from iscg_rules.web.refusals import said_of_status

__all__ = ["MOST_BYTES", "Guard"]

MOST_BYTES = 64 * 1024
# After a refusal, what is still on its way is thrown away: who closes at once may take back its
# own answer.
_MOST_THROWN = 8 * 1024 * 1024
_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]
_Application = Callable[[_Message, _Receive, _Send], Awaitable[None]]

_HEADERS = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
_LOG = logging.getLogger(__name__)


class _TooMuchError(Exception):
    """More was sent than is read."""


class _GoneError(Exception):
    """Whoever asked has left."""


class Guard:
    """Reads a request whole, within bounds, before anything else looks at it.

    Args:
        app: what answers.
        metrics: what counts.
        seconds: how long a body may take to arrive.
    """

    def __init__(self, app: _Application, metrics: Metrics, *, seconds: float = 10) -> None:
        self._app = app
        self._metrics = metrics
        self._seconds = seconds

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        reply = _Reply(send)
        try:
            body = await self._body(scope, receive)
            await self._app(scope, _replaying(body, receive), reply.send)
        except _GoneError:
            return
        except _TooMuchError:
            await reply.refuse(413, receive, seconds=self._seconds)
        except TimeoutError:
            await reply.refuse(408)
        except Exception as error:  # noqa: BLE001 # a traceback could show an answer
            _LOG.error("erreur interne (%s)", failed_at(error))  # the same
            await reply.refuse(500)
        finally:
            route = getattr(scope.get("route"), "path", "")
            self._metrics.count(route, reply.status, perf_counter() - started)

    async def _body(self, scope: _Message, receive: _Receive) -> bytes:
        headers = dict(scope["headers"])
        length = headers.get(b"content-length")
        if length is None and b"transfer-encoding" not in headers:
            return b""
        if length is not None and length.isdigit() and int(length[:20]) > MOST_BYTES:
            raise _TooMuchError
        body = bytearray()
        async with asyncio.timeout(self._seconds):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    raise _GoneError
                body += message.get("body", b"")
                if len(body) > MOST_BYTES:
                    raise _TooMuchError
                if not message.get("more_body", False):
                    return bytes(body)


class _Reply:
    """What is sent back, with the headers that every answer has."""

    def __init__(self, send: _Send) -> None:
        self._send = send
        self.status = 0

    async def send(self, message: _Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            given = list(message.get("headers", ()))
            named = {name.lower() for name, _ in given}
            # A page brings a policy of its own.
            rest = (pair for pair in _HEADERS if pair[0] not in named)
            message["headers"] = [*given, *rest]
        await self._send(message)

    async def refuse(
        self, status: int, receive: _Receive | None = None, *, seconds: float = 0
    ) -> None:
        """Say why, and close; what has begun cannot be called back."""
        if self.status:
            self.status = status
            return
        body = said_of_status(status)
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body, "more_body": True})
        if receive is not None:
            await _throw_away(receive, seconds)
        await self._send({"type": "http.response.body", "body": b""})


async def _throw_away(receive: _Receive, seconds: float) -> None:
    """Let what is on its way arrive, up to a bound, and keep nothing of it."""
    left = _MOST_THROWN
    try:
        async with asyncio.timeout(min(seconds, 1)):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return
    except TimeoutError:
        return


def _replaying(body: bytes, receive: _Receive) -> _Receive:
    """Give the body that was read, once, and then whatever else comes."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> _Message:
        return waiting.pop() if waiting else await receive()

    return replay
