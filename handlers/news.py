"""Advice and news, only to customers who asked for it (SUR-12)."""

from handlers.flowbook import ENGINE
from handlers.said import button
from handlers.turn import Turn
from rules.people import Deed, may
from storage import news


def choose(turn: Turn, arg: str = "") -> None:
    """A customer says whether he wants them; who may write them is asked what to write."""
    if turn.person.is_staff and may(turn.person, Deed.SEND_NEWS):
        ENGINE.start(turn, "news")
    elif arg in ("yes", "no"):
        news.want_news(turn.connection, turn.person.id, is_wanted=arg == "yes")
        turn.reply(f"done.news-{arg}")
    else:
        turn.reply("news.ask", rows=[[button("word.yes", "m.news.yes", tone="primary"), button("word.no", "m.news.no")]])
