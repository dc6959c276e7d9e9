"""The calls of 微信客服, as strict as WeCom is about them (documents 94669, 94670, 96416, 96427, 96428)."""

import re
from collections.abc import Callable
from typing import Any

from tests.stubs.wecom_api import Method, Params, file_of
from tests.stubs.wecom_kf_world import (
    ASSISTANT,
    ENDED,
    NEW,
    OPEN_KFID,
    QUEUED,
    STAFFED,
    SYSTEM,
    Customer,
    KfWorld,
    Said,
)
from tests.stubs.wecom_world import DAY, App, Refused, World

_MSGID = re.compile(r"[0-9a-zA-Z_-]{1,32}", re.ASCII)
_SCENE = re.compile(r"[0-9a-zA-Z_-]{0,32}", re.ASCII)
_CURSOR = re.compile(r"4gw7Mep(\d+)")
_MEDIA = {"image": "image", "voice": "voice", "file": "file", "video": "video"}
_MOST_TOKENLESS = 10  # a minute
_NEXT = {
    NEW: (ASSISTANT, QUEUED, STAFFED, ENDED),
    ASSISTANT: (QUEUED, STAFFED, ENDED),
    QUEUED: (STAFFED, ENDED),
    STAFFED: (ENDED,),
}
_NO_NUMBER = 40058
"""Which numbers a repeated msgid and a used code are refused with isn't written anywhere."""

Handler = Callable[[KfWorld, Params], Params]


def methods(found: Callable[[], KfWorld]) -> dict[str, Method]:
    """The calls, for whoever has the secret of 微信客服."""

    def bound(handler: Handler) -> Method:
        def call(_world: World, app: App, body: Params) -> Params:
            kf = found()
            if app is not kf.app:
                raise Refused(48002, "api forbidden")
            return handler(kf, body)

        return call

    return {f"kf/{path}": bound(handler) for path, handler in _HANDLERS.items()}


def sync_msg(kf: KfWorld, body: Params) -> Params:
    """What came since the cursor; without one, from the oldest of three days on."""
    _own(body)
    _look_at_token(kf, body.get("token", ""))
    cursor, limit = body.get("cursor", ""), body.get("limit", 1000)
    if len(cursor) > 64 or not 1 <= limit <= 1000 or body.get("voice_format", 0) not in (0, 1):
        raise Refused(40058, "invalid parameter")
    start = _start(kf, cursor)
    n_given = 0 if kf.gaps else min(limit, kf.page)
    kf.gaps = max(0, kf.gaps - 1)
    until = min(start + n_given, len(kf.log))
    found = [entry.message for entry in kf.log[start:until]]
    return {"next_cursor": f"4gw7Mep{until}", "has_more": int(until < len(kf.log)), "msg_list": found}


def send_msg(kf: KfWorld, body: Params) -> Params:
    """At most five within 48 hours after each word, while no colleague has the session. A msgid is used up by trying."""
    _own(body)
    customer = _customer(kf, body.get("touser"))
    msgid, said = _msgid(kf, body), _contents(kf, body, ("text", "image", "voice", "video", "file", "link", "msgmenu"))
    if kf.state(customer) not in (NEW, ASSISTANT):
        raise Refused(95018, "send msg session status invalid")
    if customer.n_left <= 0:
        raise Refused(95001, "send msg count limit")
    customer.n_left -= 1
    if customer.refuses or customer.fail_type:
        failed = {"event_type": "msg_send_fail", "fail_msgid": msgid, "fail_type": customer.fail_type or 10}
        kf.write(customer, SYSTEM, "event", failed)
    else:
        said.id = msgid
        customer.messages.append(said)
    return {"msgid": msgid}


def send_msg_on_event(kf: KfWorld, body: Params) -> Params:
    """A greeting, with a code that is good once and for 20 seconds."""
    customer, until = kf.codes.pop(body.get("code", ""), (None, 0.0))
    if customer is None or until < kf.now():
        raise Refused(_NO_NUMBER, "invalid code")
    msgid, said = _msgid(kf, body), _contents(kf, body, ("text", "msgmenu"))
    said.id, customer.welcomed_at = msgid, kf.now()
    customer.messages.append(said)
    return {"msgid": msgid}


def service_state_get(kf: KfWorld, body: Params) -> Params:
    _own(body)
    return {"service_state": kf.state(_customer(kf, body.get("external_userid"))), "servicer_userid": ""}


def service_state_trans(kf: KfWorld, body: Params) -> Params:
    _own(body)
    customer, to = _customer(kf, body.get("external_userid")), body.get("service_state")
    if to not in _NEXT.get(kf.state(customer), ()):
        raise Refused(95013, "session status invalid")
    customer.state = to
    return {}


def account_list(kf: KfWorld, _body: Params) -> Params:
    return {"account_list": [{"open_kfid": OPEN_KFID, "name": "外勤幫手客服", "avatar": "", "manage_privilege": True}]}


def customer_batchget(kf: KfWorld, body: Params) -> Params:
    users = body.get("external_userid_list")
    if not isinstance(users, list) or not 1 <= len(users) <= 100:
        raise Refused(40058, "invalid external_userid_list")
    known = [kf.customers[one] for one in users if one in kf.customers]
    found = [{"external_userid": one.user, "nickname": one.name, "avatar": "", "gender": 0} for one in known]
    return {"customer_list": found, "invalid_external_userid": [one for one in users if one not in kf.customers]}


def add_contact_way(kf: KfWorld, body: Params) -> Params:
    _own(body)
    scene = body.get("scene", "")
    if not isinstance(scene, str) or not _SCENE.fullmatch(scene):
        raise Refused(40058, "invalid scene")
    kf.scenes.append(scene)
    return {"url": f"https://work.weixin.qq.com/kf/kfcbf8f8d07ac7215f?enc_scene=ENC{scene}"}


_HANDLERS: dict[str, Handler] = {
    "sync_msg": sync_msg,
    "send_msg": send_msg,
    "send_msg_on_event": send_msg_on_event,
    "service_state/get": service_state_get,
    "service_state/trans": service_state_trans,
    "account/list": account_list,
    "customer/batchget": customer_batchget,
    "add_contact_way": add_contact_way,
}


def _own(body: Params) -> None:
    if body.get("open_kfid") != OPEN_KFID:
        raise Refused(95000, "invalid open_kfid")


def _customer(kf: KfWorld, user: Any) -> Customer:
    found = kf.customers.get(user)
    if found is None:
        raise Refused(40096, "invalid external userid")
    return found


def _look_at_token(kf: KfWorld, token: str) -> None:
    """Asking without a token is borne ten times a minute."""
    now = kf.now()
    if kf.tokens.get(token, 0.0) > now:
        return
    if token and kf.is_strict:
        raise Refused(_NO_NUMBER, "invalid token")
    kf.tokenless = [*(at for at in kf.tokenless if at > now - 60), now]
    if len(kf.tokenless) > _MOST_TOKENLESS:
        raise Refused(45009, "api freq out of limit")


def _start(kf: KfWorld, cursor: str) -> int:
    oldest = next((n for n, entry in enumerate(kf.log) if entry.at > kf.now() - 3 * DAY), len(kf.log))
    if not cursor:
        return oldest
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        raise Refused(40058, "invalid cursor")
    return max(oldest, int(match[1]))


def _msgid(kf: KfWorld, body: Params) -> str:
    msgid = body.get("msgid", "")
    if not isinstance(msgid, str) or not _MSGID.fullmatch(msgid):
        raise Refused(40058, "invalid msgid")
    if msgid in kf.msgids:
        raise Refused(_NO_NUMBER, "msgid exists")
    kf.msgids.add(msgid)
    return msgid


def _contents(kf: KfWorld, body: Params, kinds: tuple[str, ...]) -> Said:
    kind = body.get("msgtype", "")
    told = body.get(kind)
    if kind not in kinds or not isinstance(told, dict):
        raise Refused(40008, "invalid message type")
    if kind in _MEDIA:
        sort, data, _name = file_of(kf.world, told.get("media_id", ""))
        if sort != kind:
            raise Refused(40007, "invalid media_id")
        return Said("", True, kind, data=data)
    return contents_of(body)


def contents_of(body: Params) -> Said:
    """The words or the menu of a message. Raises Refused for what WeCom would not take."""
    told = body[body["msgtype"]]
    if body["msgtype"] == "msgmenu":
        return _menu(told)
    _bytes(told.get("content"), 1, 2048)
    return Said("", True, body["msgtype"], told["content"])


def _menu(told: Params) -> Said:
    """Words above, at most ten lines, words below."""
    lines = told.get("list")
    if not isinstance(lines, list) or not 1 <= len(lines) <= 10:
        raise Refused(40058, "invalid list")
    words = []
    for name in ("head_content", "tail_content"):
        _bytes(told.get(name, ""), 0, 1024)
    for line in lines:
        one = line.get(line.get("type"), {})
        if line.get("type") == "click":
            _bytes(one.get("id"), 1, 64)
            _bytes(one.get("content"), 1, 128)
        elif line.get("type") == "view":
            _bytes(one.get("url"), 1, 2048)
            _bytes(one.get("content"), 1, 1024)
            if not one["url"].startswith(("http://", "https://")):
                raise Refused(40058, "invalid url")
        else:
            raise Refused(40058, "invalid menu type")
        words.append(one["content"])
    shown = "\n".join(part for part in (told.get("head_content"), *words, told.get("tail_content")) if part)
    return Said("", True, "msgmenu", shown, menu=[one["click"] for one in lines if one["type"] == "click"])


def _bytes(words: Any, least: int, most: int) -> None:
    if not isinstance(words, str) or not least <= len(words.encode()) <= most:
        raise Refused(40058, f"must have {least} to {most} bytes")
