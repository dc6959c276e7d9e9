"""Whether Telegram's settings are right, in words for whoever sets the desk up."""

from datetime import UTC, datetime

import httpx

_OFF = 60  # seconds that the machine's clock may be wrong before it is worth a word


async def check_token(token: str, api_base: str) -> tuple[bool, str]:
    """(is well, what) of the token."""
    try:
        async with httpx.AsyncClient(timeout=10) as client:
            answer = await client.get(f"{api_base}/bot{token}/getMe")
        plain = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        return False, f"TELEGRAM_API_BASE: no answer ({type(error).__name__}); is the machine online?"
    if not plain.get("ok"):
        return False, "TELEGRAM_BOT_TOKEN: refused; copy it again from @BotFather"
    seconds = drift(answer.headers.get("date", ""))
    if seconds is not None and seconds > _OFF:
        return False, f"the machine's clock is off by {seconds} seconds; switch on time synchronisation"
    return True, f"TELEGRAM_BOT_TOKEN: good, the bot is @{plain['result'].get('username', '')}"


def drift(date_header: str) -> int | None:
    """Seconds between this machine's clock and an HTTP answer's, None when it does not say."""
    try:
        told = datetime.strptime(date_header, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    except ValueError:
        return None
    return abs(int((datetime.now(UTC) - told).total_seconds()))
