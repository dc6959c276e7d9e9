"""`/verify/<seal>`: whoever holds a signed paper sees whether it is genuine; nothing personal is shown (SIG-3)."""

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.turn import Company
from storage import seals
from storage.writer import Store
from texts import catalog

_PAGES = Path(__file__).parent / "pages"
_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'",
    "cache-control": "no-store",
}
_SHOWN = 16  # characters of a seal that are enough to compare by eye


def verify_routes(store: Store, company: Callable[[], Company]) -> list[BaseRoute]:
    """The page's route."""
    pages = Environment(loader=FileSystemLoader(_PAGES), autoescape=select_autoescape(), auto_reload=False)
    page = pages.get_template("verify.html")

    async def verify(request: Request) -> Response:
        digest, about = str(request.path_params["seal"]).lower(), company()
        language = _language(request, about.language)
        verdict, lines = await store.read(lambda c: _judge(c, digest, language, about.zone))
        body = page.render(
            language=language,
            company=about.name,
            verdict=verdict,
            title=catalog.say(language, f"verify.{verdict}"),
            hint=catalog.say(language, f"verify.{verdict}-hint"),
            lines=lines,
        )
        return HTMLResponse(body, 404 if verdict == "unknown" else 200, headers=_HEADERS)

    return [Route("/verify/{seal}", verify)]


def _judge(connection: Connection, digest: str, language: str, zone: str) -> tuple[str, list[tuple[str, str]]]:
    """(genuine | void | unknown, what may be told of it)."""
    order = seals.order_of(connection, digest) if len(digest) == 64 else None
    seal = next((one for one in order.seals if one.digest == digest), None) if order else None
    if order is None or seal is None:
        return "unknown", []
    told = [
        ("verify.number", order.number),
        ("verify.version", str(seal.version)),
        ("verify.signed-at", catalog.dated(language, seal.at, zone=zone)),
        ("verify.seal", f"{digest[:_SHOWN]}…"),
    ]
    return "void" if seal.is_void else "genuine", [(catalog.say(language, label), value) for label, value in told]


def _language(request: Request, default: str) -> str:
    asked = request.headers.get("accept-language", "").split(",")[0].strip()
    return catalog.nearest(asked, default=default)
