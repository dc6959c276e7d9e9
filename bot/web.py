"""The web application: the channels' routes, health, metrics and the pages' own files."""

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger()

STATIC = Path(__file__).parent / "pages" / "static"
_DEFAULTS = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}

# Facts of a probe; it is red when any of them is False.
Probe = Callable[[], Awaitable[Mapping[str, Any]]]
Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


def web_app(
    routes: Iterable[BaseRoute],
    *,
    health: Probe,
    readiness: Probe,
    registry: CollectorRegistry = REGISTRY,
    lifespan: Lifespan | None = None,
) -> Starlette:
    """The application that uvicorn serves. `routes` come from the channels and from the other pages."""

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(registry), headers={"content-type": CONTENT_TYPE_LATEST})

    return Starlette(
        routes=[
            Route("/healthz", _answer(health)),
            Route("/readyz", _answer(readiness)),
            Route("/metrics", metrics),
            Mount("/static", _Static(directory=STATIC)),
            *routes,
        ],
        middleware=[Middleware(SafeHeaders)],
        exception_handlers={404: _not_found},
        lifespan=lifespan,
    )


class SafeHeaders:
    """Puts the cautious headers on every answer that does not bring its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def careful(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _DEFAULTS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, careful)


class _Static(StaticFiles):
    """Our scripts and styles; a browser asks each time whether they changed, and mostly hears 304."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = "no-cache"
        return response


def _answer(probe: Probe) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_request: Request) -> Response:
        facts = dict(await probe())
        is_well = all(value is not False for value in facts.values())
        body = json.dumps({"ok": is_well} | facts, default=str)
        return Response(body, 200 if is_well else 503, media_type="application/json", headers={"cache-control": "no-store"})

    return answer


async def _not_found(_request: Request, _error: Exception) -> Response:
    return JSONResponse({"error": "not-found"}, 404)
