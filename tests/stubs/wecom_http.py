"""The stub's HTTP side: calls come in, with the faults that a test has asked for."""

import json
import re
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tests.stubs.telegram_http import Broken
from tests.stubs.wecom_api import METHODS, Method, file_of, gettoken, media_upload
from tests.stubs.wecom_world import Fault, Refused, World

_CODES = {Fault.TOO_OFTEN: 45009, Fault.BUSY: -1}


def api(world: World, methods: dict[str, Method]) -> Starlette:
    """The application that answers for qyapi.weixin.qq.com; `methods` are those besides the app's own."""
    known = METHODS | methods

    async def call(request: Request) -> Response:
        try:
            return await _answer(world, request, known)
        except Refused as refused:
            return JSONResponse({"errcode": refused.code, "errmsg": refused.why})

    return Starlette(routes=[Route("/cgi-bin/{path:path}", call, methods=["GET", "POST"])])


async def _answer(world: World, request: Request, methods: dict[str, Method]) -> Response:
    """One call with the fault that it meets."""
    path = request.path_params["path"]
    params = await _params(request)
    world.calls.append((path, params))
    await world.tell()
    trouble = world.trouble(path)
    fault = trouble.fault if trouble else None
    if fault in (Fault.TOO_OFTEN, Fault.BUSY):
        raise Refused(_CODES[fault], "try later")
    if fault is Fault.EXPIRED:
        world.expire_tokens()
        fault = None
    if fault is Fault.ERROR:
        return PlainTextResponse("<html>Internal Server Error</html>", 500)
    if fault is Fault.HANG:
        await world.wait_for(lambda: False, 3600)
    if fault in (Fault.HANG, Fault.CUT):
        return Broken()
    response = _result(world, path, params, methods)
    await world.tell()
    if fault is not None:
        return Broken() if fault is Fault.CLOSE else PlainTextResponse("<html>Bad gateway {")
    return response


def _result(world: World, path: str, params: dict[str, Any], methods: dict[str, Method]) -> Response:
    if path == "gettoken":
        return _said(gettoken(world, params))
    app = world.access(params.pop("access_token", ""))
    if path == "media/get":
        kind, data, name = file_of(world, params.get("media_id", ""))
        disposition = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(data, media_type={"image": "image/jpeg", "voice": "voice/amr"}.get(kind, "application/octet-stream"),
                        headers=disposition)  # fmt: skip
    if path == "media/upload":
        name, data = params["files"].get("media", ("", b""))
        return _said(media_upload(world, params.get("type", ""), name, data))
    if path not in methods:
        raise Refused(404, "no such interface")
    return _said(methods[path](world, app, params))


def _said(answer: dict[str, Any]) -> Response:
    return JSONResponse({"errcode": 0, "errmsg": "ok", **answer})


async def _params(request: Request) -> dict[str, Any]:
    """The query with the body: JSON in UTF-8 without escapes, or a form with files apart under "files"."""
    told: dict[str, Any] = dict(request.query_params)
    if request.method == "GET":
        return told
    if request.headers.get("content-type", "").startswith("multipart/"):
        form = await request.form(max_part_size=32 << 20)
        return told | {
            "files": {key: (one.filename or "", await one.read()) for key, one in form.items() if isinstance(one, UploadFile)}
        }
    body = await request.body()
    if re.search(rb"(?<!\\)\\u", body):
        raise Refused(40033, "invalid charset: no \\u in the body")
    try:
        plain = json.loads(body)
    except ValueError:
        raise Refused(47001, "data format error") from None
    return told | plain if isinstance(plain, dict) else told
