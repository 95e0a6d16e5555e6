"""Stands in front of the web server and refuses requests that its own pages would never make.

The server listens on the loopback address, but any page open in the operator's browser can send requests
there, and Dagster would take them for the operator's own. Who may log in is not decided here: see
docs/operate.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_POLICY_VIOLATION = 1008  # close code of a WebSocket


class Guard:
    """ASGI middleware. `names`: further `host` or `host:port` under which a proxy shows this server."""

    def __init__(self, app: ASGIApp, port: int, names: Iterable[str] = ()):
        self.app = app
        self.hosts = {f"{host}:{port}" for host in LOOPBACK} | {name.lower() for name in names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, or answer 403 (a WebSocket: close it) with the reason."""
        reason = self.refusal(scope) if scope["type"] in ("http", "websocket") else None
        if reason is None:
            await self.app(scope, receive, send)
            return
        print(f"已拒绝 · refused: {scope['path']!r}: {reason}", file=sys.stderr, flush=True)
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": reason})
        else:
            await PlainTextResponse(f"已拒绝 · refused: {reason}\n", 403)(scope, receive, send)

    def refusal(self, scope: Scope) -> str | None:
        """Why a request is refused; None if it is not."""
        headers = _Headers(scope)
        path = "/" + scope["path"].lower().lstrip("/")
        read = scope.get("method", "GET") in ("GET", "HEAD")
        if headers.one("host") not in self.hosts:
            return "Host"  # a foreign name that leads here: DNS rebinding
        if any(not self._ours(origin) for origin in headers.all("origin")):
            return "Origin"
        fetch = headers.one("sec-fetch-mode"), headers.one("sec-fetch-dest")
        page = read and fetch == ("navigate", "document")
        if headers.one("sec-fetch-site") not in ("", "same-origin", "none") and not page:
            return "Sec-Fetch-Site"  # a link that is followed is fine, anything that a page loads is not
        if path.startswith("/report_"):
            return "results may only come from runs"
        if path.startswith("/graphql") and scope["type"] == "http":
            if read and scope["query_string"]:
                return "GraphQL by GET"
            if not read and headers.one("content-type").partition(";")[0].strip() != "application/json":
                return "Content-Type"  # a form of another page cannot send JSON without asking first
        return None

    def _ours(self, origin: str) -> bool:
        parts = urlsplit(origin)
        return parts.scheme in ("http", "https") and parts.netloc in self.hosts


class _Headers:
    def __init__(self, scope: Scope):
        self._pairs = [(name.lower(), value.decode("latin-1").lower()) for name, value in scope["headers"]]

    def all(self, name: str) -> list[str]:
        return [value for key, value in self._pairs if key == name.encode()]

    def one(self, name: str) -> str:
        """The header, lower case; several as one list, so that a doubled one matches nothing."""
        return ",".join(self.all(name))
