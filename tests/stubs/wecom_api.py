"""The calls of WeCom's that Fieldhand makes for the self-built app, as strict as WeCom is about them."""

import json
import re
import secrets
import unicodedata
from collections.abc import Callable
from typing import Any

from tests.stubs.wecom_world import App, Chat, Refused, World

Params = dict[str, Any]
Method = Callable[[World, App, Params], Params]

_FIELDS = {"text": "content", "markdown": "content", "image": "media_id", "voice": "media_id", "video": "media_id",
           "file": "media_id", "template_card": "card_type"}  # fmt: skip
_CARDS = ("text_notice", "news_notice", "button_interaction", "vote_interaction", "multiple_interaction")
_TASK = re.compile(r"[0-9A-Za-z_\-@]{1,128}", re.ASCII)
_MOST = {"image": 10 << 20, "voice": 2 << 20, "video": 10 << 20, "file": 20 << 20}
_PER_MINUTE, _PER_HOUR = 30, 1000


def gettoken(world: World, params: Params) -> Params:
    """The same token as long as it is good."""
    if params.get("corpid") != world.corp_id:
        raise Refused(40013, "invalid corpid")
    secret = params.get("corpsecret")
    if secret not in world.apps:
        raise Refused(40001, "invalid credential")
    now = world.clock()
    token = next((one for one, (owner, until) in world.tokens.items() if owner == secret and until > now), "")
    if not token:
        token = secrets.token_urlsafe(48)
        world.tokens[token] = (secret, now + world.token_seconds)
    return {"access_token": token, "expires_in": int(world.tokens[token][1] - now)}


def message_send(world: World, app: App, body: Params) -> Params:
    """Deliver to each member who can be reached; above the limits it is dropped without a word."""
    if body.get("agentid") != app.agent_id:
        raise Refused(301002, "not allow operate another agent")
    kind = body.get("msgtype")
    if kind not in _FIELDS:
        raise Refused(40008, "invalid message type")
    content = body.get(kind)
    if not isinstance(content, dict) or not content.get(_FIELDS[kind]):
        raise Refused(44004 if kind == "text" else 40058, "content is empty")
    if kind == "template_card":
        check_card(world, app, content)
    elif "media_id" in content:
        file_of(world, content["media_id"])
    if (first := _swallow(world, app, body)) is not None:
        return first
    if kind == "template_card":
        _use_task(world, content)
    return _deliver(world, app, body, kind, content)


def update_template_card(world: World, app: App, body: Params) -> Params:
    """Change a card with a code that has not been used."""
    if body.get("agentid") != app.agent_id:
        raise Refused(301002, "not allow operate another agent")
    code = world.codes.get(body.get("response_code", ""))
    if code is None or code.until < world.clock() or code.message.app is not app:
        raise Refused(40058, "invalid response_code")  # which number it is isn't written anywhere
    if code.message.user.lower() not in [one.lower() for one in body.get("userids", [])]:
        raise Refused(40031, "invalid userid list")
    if "template_card" in body:
        check_card(world, app, body["template_card"])
        code.message.card, code.message.settled = body["template_card"], ""
    elif isinstance(body.get("button"), dict) and body["button"].get("replace_name"):
        code.message.settled = body["button"]["replace_name"]
    else:
        raise Refused(40058, "nothing to change")
    del world.codes[body["response_code"]]
    world.appear(code.message)
    return {"invaliduser": []}


def message_recall(world: World, app: App, body: Params) -> Params:
    for message in world.sent.get(body.get("msgid", ""), []):
        message.is_recalled = True
    return {}


def user_get(world: World, app: App, params: Params) -> Params:
    chat = _chat(world, app, params.get("userid", ""))
    if chat is None:
        raise Refused(60111, "userid not found")
    return {"userid": chat.user, "name": chat.name, "department": [1], "status": 1}


def agent_get(world: World, app: App, params: Params) -> Params:
    if params.get("agentid") != str(app.agent_id):
        raise Refused(301002, "not allow operate another agent")
    users = [{"userid": one} for one in world.chats if app.visible is None or one in app.visible]
    return {"agentid": app.agent_id, "name": "外勤幫手", "close": 0, "allow_userinfos": {"user": users}}


def menu_create(world: World, app: App, body: Params) -> Params:
    """At most 3 buttons, each with at most 5 below it; names of 16 bytes above and 40 below, keys of 128."""
    buttons = body.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise Refused(40016, "invalid button size")
    for top in buttons:
        if not 1 <= len(top["name"].encode()) <= 16:
            raise Refused(40018, "invalid button name size")
        below = top.get("sub_button", [])
        if len(below) > 5:
            raise Refused(40023, "invalid sub button size")
        for one in below or [top]:
            if len(one["name"].encode()) > 40 or one.get("type") not in ("click", "view"):
                raise Refused(40017, "invalid button type")
            if one["type"] == "click" and not 1 <= len(one.get("key", "").encode()) <= 128:
                raise Refused(40019, "invalid button key size")
    app.menu = buttons
    return {}


METHODS: dict[str, Method] = {
    "message/send": message_send,
    "message/update_template_card": update_template_card,
    "message/recall": message_recall,
    "user/get": user_get,
    "agent/get": agent_get,
    "menu/create": menu_create,
}


def media_upload(world: World, kind: str, name: str, data: bytes) -> Params:
    if kind not in _MOST:
        raise Refused(40004, "invalid media type")
    if not 5 < len(data) <= _MOST[kind]:
        raise Refused(40006, "invalid media size")
    if not name:
        raise Refused(41005, "missing media data")
    is_picture = data.startswith((b"\xff\xd8\xff", b"\x89PNG"))
    if (kind == "image" and not is_picture) or (kind == "voice" and not data.startswith(b"#!AMR")):
        raise Refused(40005, "invalid file type")
    return {"type": kind, "media_id": world.keep(kind, data, name), "created_at": str(int(world.clock()))}


def file_of(world: World, media_id: str) -> tuple[str, bytes, str]:
    """Type, bytes and name of a file that is not three days old."""
    kind, data, name, until = world.media.get(media_id, ("", b"", "", 0.0))
    if until <= world.clock():
        raise Refused(40007, "invalid media_id")
    return kind, data, name


def check_card(world: World, app: App, card: Params) -> None:
    """What WeCom says of a card. Lengths that it only advises bind here too: longer words are cut on the screen."""
    kind = card.get("card_type")
    if kind not in _CARDS:
        raise Refused(40058, "invalid card_type")
    if kind == "button_interaction":
        if not app.hook:
            raise Refused(40058, "no callback is set")
        title, buttons = card.get("main_title", {}), card.get("button_list", [])
        if not title.get("title") or not 1 <= len(buttons) <= 6:
            raise Refused(40058, "main_title and 1 to 6 buttons")
        if len(title["title"]) > 36 or len(title.get("desc", "")) > 44 or len(card.get("sub_title_text", "")) > 160:
            raise Refused(40058, "words too long")
        for one in buttons:
            is_link = one.get("type") == 1
            if not 0 < _room(one.get("text", "")) <= 10 or one.get("style", 1) not in (1, 2, 3, 4):
                raise Refused(40058, "invalid button")
            if not (one.get("url", "").startswith("http") if is_link else 1 <= len(one.get("key", "").encode()) <= 1024):
                raise Refused(40058, "invalid button key")
        keys = [one["key"] for one in buttons if one.get("type") != 1]
        if len(set(keys)) != len(keys):
            raise Refused(40058, "keys are not unique")
    rows = card.get("horizontal_content_list", [])
    if len(rows) > 6 or any(len(one["keyname"]) > 5 or len(one.get("value", "")) > 30 for one in rows):
        raise Refused(40058, "invalid horizontal_content_list")


def _room(label: str) -> float:
    """Room that a label takes on a button, in Chinese characters."""
    return sum(1.0 if unicodedata.east_asian_width(one) in "WF" else 0.5 for one in label)


def _use_task(world: World, card: Params) -> None:
    task_id = card.get("task_id", "")
    if not _TASK.fullmatch(task_id) or task_id in world.task_ids:
        raise Refused(42014, "taskid has existed or empty or exceed max len")
    world.task_ids.add(task_id)


def _swallow(world: World, app: App, body: Params) -> Params | None:
    """The answer to a message that was sent already, when both want to be checked."""
    now = world.clock()
    if not body.get("enable_duplicate_check"):
        return None
    plain = {key: value for key, value in body.items() if not key.startswith(("enable_dup", "duplicate_"))}
    key = json.dumps([app.agent_id, plain], sort_keys=True)
    until, first = world.swallowed.get(key, (0.0, {}))
    if until > now:
        return first
    world.swallowed[key] = (now + body.get("duplicate_check_interval", 1800), {"msgid": "swallowed"})
    return None


def _deliver(world: World, app: App, body: Params, kind: str, content: Params) -> Params:
    wanted = [one for one in str(body.get("touser", "")).split("|") if one]
    found = [(one, _chat(world, app, one)) for one in wanted]
    missing = [one.lower() for one, chat in found if chat is None]
    if len(missing) == len(wanted):
        raise Refused(81013, "all receivers are invalid")
    msgid, answer = secrets.token_urlsafe(32), {}
    for _, chat in found:
        if chat is None or not _has_room(world, chat):
            continue
        message = world.put(chat, is_bots=True, id=msgid, kind=kind, app=app, **_contents(world, kind, content))
        world.sent[msgid].append(message)
        if kind == "template_card" and content["card_type"].endswith("_interaction"):
            answer = {"response_code": world.code_for(message)}
    return {"msgid": msgid} | answer | ({"invaliduser": "|".join(missing)} if missing else {})


def _has_room(world: World, chat: Chat) -> bool:
    now = world.clock()
    while chat.sent_at and chat.sent_at[0] <= now - 3600:
        chat.sent_at.popleft()
    if sum(at > now - 60 for at in chat.sent_at) >= _PER_MINUTE or len(chat.sent_at) >= _PER_HOUR:
        chat.n_dropped += 1
        return False
    chat.sent_at.append(now)
    return True


def _contents(world: World, kind: str, content: Params) -> Params:
    if kind == "template_card":
        return {"card": content}
    if "media_id" in content:
        return {"data": file_of(world, content["media_id"])[1]}
    return {"text": content["content"].encode()[:2048].decode("utf-8", "ignore")}


def _chat(world: World, app: App, userid: str) -> Chat | None:
    """Names of members don't depend on capitals."""
    found = next((chat for user, chat in world.chats.items() if user.lower() == userid.lower()), None)
    is_visible = found is not None and (app.visible is None or found.user in app.visible)
    return found if is_visible else None
