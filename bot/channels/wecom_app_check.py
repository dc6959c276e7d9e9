"""Whether the self-built app's settings are right, in words for whoever sets the desk up."""

from datetime import UTC, datetime

import httpx

from bot.channels.wecom_api import WecomApi
from bot.channels.wecom_crypto import MOST_AGE, MOST_AHEAD, Seal
from bot.channels.wecom_errors import UNTRUSTED, WecomError, WecomRefusal, advice

PATH = "/wecom/app"
_SLACK = 60.0  # seconds that clocks may differ before it is worth a word

Line = tuple[bool, str]


async def check_app(api: WecomApi, seal: Seal, *, agent_id: int, public_url: str) -> list[Line]:
    """(is well, what) of secret, app, clock and callback."""
    try:
        await api.check_secret()
    except WecomError as error:
        return [(False, advice(error))]
    found = [(True, "WECOM_SECRET: good, WeCom gives an access token")]
    found.append(await _app(api, agent_id))
    if abs(api.clock_seconds) > _SLACK:
        found.append((False, _clock(api.clock_seconds)))
    found.append(await _callback(seal, public_url))
    return found


async def _app(api: WecomApi, agent_id: int) -> Line:
    try:
        told = await api.call("/cgi-bin/agent/get", agentid=str(agent_id))
    except WecomRefusal as refusal:
        words = advice(refusal)
        if refusal.code == UNTRUSTED:
            words += "; that list opens when the callback's address has passed its check, so start Fieldhand and do that first"
        return False, words
    except WecomError as error:
        return False, advice(error)
    if told.get("close"):
        return False, f"WECOM_AGENT_ID: the app {told.get('name', '')} is switched off; switch it on in the admin console"
    people, parties, tags = (
        len((told.get(one) or {}).get(two) or [])
        for one, two in (("allow_userinfos", "user"), ("allow_partys", "partyid"), ("allow_tags", "tagid"))
    )
    if not people + parties + tags:
        return False, "WECOM_AGENT_ID: nobody sees the app; give it a visible range (可見範圍) in the admin console"
    return True, f"WECOM_AGENT_ID: the app {told.get('name', '')}, seen by {people} members, {parties} departments, {tags} tags"


def _clock(seconds: float) -> str:
    words = f"the machine's clock is off by {abs(round(seconds))} seconds; switch on time synchronisation"
    is_deaf = not -MOST_AHEAD.total_seconds() < -seconds < MOST_AGE.total_seconds()
    return f"{words}; until then every message from WeCom is refused" if is_deaf else words


async def _callback(seal: Seal, public_url: str) -> Line:
    """Ask our own address the way WeCom's console does."""
    if not public_url:
        return False, f"PUBLIC_URL: set the https address under which WeCom reaches this machine; it will call {PATH} there"
    url, echo = f"{public_url}{PATH}", "1234567890"
    sealed = seal.close(echo.encode(), now=datetime.now(UTC))
    query = {"msg_signature": sealed.signature, "timestamp": sealed.timestamp, "nonce": sealed.nonce, "echostr": sealed.encrypt}
    try:
        async with httpx.AsyncClient(timeout=5) as client:
            answer = await client.get(url, params=query)
    except httpx.HTTPError as error:
        return True, f"PUBLIC_URL: give the console {url}; just now it did not answer from here ({type(error).__name__})"
    if answer.status_code == 200 and answer.text == echo:
        return True, f"PUBLIC_URL: {url} answers as WeCom's console wants it"
    return False, f"PUBLIC_URL: something else answers at {url} (status {answer.status_code}); see where the proxy leads"
