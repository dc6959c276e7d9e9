"""Which rows of the outbox were put in at the same time, so that either order of theirs is right.

An id is given when a row is put in, and others see it when its transaction is committed. On SQLite there is one writer; of two
processes on PostgreSQL one may put in the lower id and commit later, while the other one already sends.
"""

from sqlalchemy import Connection, text

Overlaps = frozenset[tuple[int, int]]
"""Pairs of outbox ids of one chat, the lower one first: it could not be seen yet when the higher one was put in."""

_NOTEBOOK = (
    "CREATE TABLE tests_put_in (id bigint PRIMARY KEY, chat text NOT NULL, by xid8 NOT NULL, saw pg_snapshot NOT NULL)",
    "CREATE FUNCTION tests_put_in() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO tests_put_in "
    "VALUES (NEW.id, NEW.channel || NEW.chat, pg_current_xact_id(), pg_current_snapshot()); RETURN NULL; END $$",
    "CREATE TRIGGER tests_put_in AFTER INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION tests_put_in()",
)
_PAIRS = (
    "SELECT low.id, high.id FROM tests_put_in AS low JOIN tests_put_in AS high "
    "ON low.chat = high.chat AND low.id < high.id AND low.by <> high.by AND NOT pg_visible_in_snapshot(low.by, high.saw)"
)


def keep_notes(connection: Connection) -> None:
    """From now on the server notes of each row who put it in, and whose rows could be seen then."""
    if connection.dialect.name != "sqlite":
        for statement in _NOTEBOOK:
            connection.execute(text(statement))


def overlaps(connection: Connection) -> Overlaps:
    """What was noted; nothing where nobody kept notes."""
    is_noted = connection.dialect.name != "sqlite" and connection.execute(text("SELECT to_regclass('tests_put_in')")).scalar()
    return frozenset((low, high) for low, high in connection.execute(text(_PAIRS))) if is_noted else frozenset()
