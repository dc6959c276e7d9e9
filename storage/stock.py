"""Parts, places and what moves between them (PRT-8, PRT-12). Nothing here ever changes a movement that was booked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, or_, select, update

from rules.refusals import Refused
from rules.stock import Account, Move, MoveKind, Part, PartKind, Place, PlaceKind, Quality, folded
from storage.engine import insert
from storage.errors import Raced
from storage.prepared import Prepared
from storage.tables import stock_balances as balances
from storage.tables import stock_codes as codes
from storage.tables import stock_lines as lines
from storage.tables import stock_movements as movements
from storage.tables import stock_parts as parts
from storage.tables import stock_places as places

MAIN = "main"


def book(connection: Connection, moves: Iterable[Move], *, subject: str, by: int | None, at: datetime) -> None:
    """Book movements, all in the caller's transaction. Raises Refused("stock-short") for what is not there."""
    for one in moves:
        values = {"kind": one.kind, "part_id": one.part, "quantity": one.quantity, "subject": subject, "by": by, "at": at}
        statement = insert(connection, movements).values(values | {"note": one.note}).returning(movements.c.id)
        number = connection.execute(statement).scalar_one()
        if one.source is not None:
            _line(connection, one.source, one.part, number, -one.quantity)
        if one.target is not None:
            _line(connection, one.target, one.part, number, one.quantity)


def _line(connection: Connection, account: Account, part: int, movement: int, change: int) -> None:
    """One line of an account; whoever books on the same account waits. Raises Refused, and Raced for the first line of two."""
    key = {"place_id": account.place, "part_id": part, "quality": str(account.quality)}
    mine = _is(account.place, part, account.quality)
    last = connection.execute(select(balances.c.seq, balances.c.quantity).where(mine).with_for_update()).one_or_none()
    has, seq = (last.quantity, last.seq) if last else (0, 0)
    if has + change < 0:
        raise Refused("stock-short", rule="PRT-2", part=part_of(connection, part).label, quantity=-change, has=has)
    fresh = {"seq": seq + 1, "balance": has + change}
    chain = {"last_seq": seq or None, "last_balance": has if seq else None}
    new = key | fresh | chain | {"movement_id": movement, "quantity": abs(change), "change": change}
    kept = insert(connection, lines).values(new).on_conflict_do_nothing().returning(lines.c.seq)
    if connection.execute(kept).scalar_one_or_none() is None:
        raise Raced(f"stock {account.place}/{part}")
    if last is None:
        first = key | {"seq": 1, "quantity": change}
        connection.execute(insert(connection, balances).values(first))
    else:
        now_has = {"seq": seq + 1, "quantity": has + change}
        if connection.execute(update(balances).where(mine, balances.c.seq == seq).values(now_has)).rowcount != 1:
            raise Raced(f"stock {account.place}/{part}")


def _is(place: int, part: int, quality: Quality) -> ColumnElement[bool]:
    return (balances.c.place_id == place) & (balances.c.part_id == part) & (balances.c.quality == str(quality))


def balance(connection: Connection, place: int, part: int, quality: Quality = Quality.GOOD) -> int:
    """How many of a part are at a place."""
    return connection.execute(select(balances.c.quantity).where(_is(place, part, quality))).scalar_one_or_none() or 0


def held(connection: Connection, place_ids: Iterable[int], quality: Quality = Quality.GOOD) -> dict[tuple[int, int], int]:
    """(place, part) -> how many are there, of some places; what is not there is left out."""
    mine = balances.c.place_id.in_(list(place_ids)) & (balances.c.quality == str(quality)) & (balances.c.quantity > 0)
    return {(row.place_id, row.part_id): row.quantity for row in connection.execute(select(balances).where(mine))}


def kept(connection: Connection, place: int, quality: Quality = Quality.GOOD, *, limit: int = 200) -> list[tuple[Part, int]]:
    """What is at a place, by number."""
    mine = (balances.c.place_id == place) & (balances.c.quality == str(quality)) & (balances.c.quantity > 0)
    joined = select(parts, balances.c.quantity.label("n")).join(balances, balances.c.part_id == parts.c.id)
    return [(_part(row), row.n) for row in connection.execute(joined.where(mine).order_by(parts.c.number).limit(limit))]


def whereabouts(connection: Connection, part: int) -> list[tuple[Place, Quality, int]]:
    """Where a part is kept, in which state, and how many."""
    mine = (balances.c.part_id == part) & (balances.c.quantity > 0)
    joined = select(places, balances.c.quality, balances.c.quantity).join(balances, balances.c.place_id == places.c.id)
    rows = connection.execute(joined.where(mine).order_by(places.c.kind, places.c.id, balances.c.quality))
    return [(_place(row), Quality(row.quality), row.quantity) for row in rows]


@dataclass(frozen=True)
class CardLine:
    """A line of a stock card (卡片帳): what moved, and what was there afterwards."""

    kind: MoveKind
    change: int
    balance: int
    subject: str
    by: int | None
    at: datetime
    quality: Quality


def card(connection: Connection, place: int, part: int, *, limit: int = 12) -> list[CardLine]:
    """The last lines of a part's account at a place, the newest first (PRT-12)."""
    mine = (lines.c.place_id == place) & (lines.c.part_id == part)
    joined = select(lines, movements).join(movements, movements.c.id == lines.c.movement_id).where(mine)
    rows = connection.execute(joined.order_by(movements.c.id.desc(), lines.c.quality).limit(limit))
    return [
        CardLine(MoveKind(row.kind), row.change, row.balance, row.subject, row.by, row.at, Quality(row.quality)) for row in rows
    ]


def moved_since(connection: Connection, place: int, start: datetime, end: datetime) -> list[Part]:
    """Parts that moved at a place in [start, end), by number (PRT-12)."""
    mine = (lines.c.place_id == place) & (movements.c.at >= start) & (movements.c.at < end)
    found = select(lines.c.part_id).join(movements, movements.c.id == lines.c.movement_id).where(mine)
    return [_part(row) for row in connection.execute(select(parts).where(parts.c.id.in_(found)).order_by(parts.c.number))]


def sums(connection: Connection, branch: str, start: datetime, end: datetime) -> dict[tuple[int, MoveKind], int]:
    """(part, kind) -> how many moved in a branch in [start, end), each movement once."""
    here = select(lines.c.movement_id).join(places, places.c.id == lines.c.place_id).where(places.c.branch == branch)
    mine = (movements.c.at >= start) & (movements.c.at < end) & movements.c.id.in_(here)
    grouped = select(movements.c.part_id, movements.c.kind, func.sum(movements.c.quantity).label("n")).where(mine)
    rows = connection.execute(grouped.group_by(movements.c.part_id, movements.c.kind))
    return {(row.part_id, MoveKind(row.kind)): int(row.n) for row in rows}


def flaws(connection: Connection) -> list[str]:
    """Balances that are not what their movements add up to, and movements without their lines."""
    total = func.coalesce(func.sum(lines.c.change), 0)
    account = (lines.c.place_id == balances.c.place_id) & (lines.c.part_id == balances.c.part_id)
    account &= lines.c.quality == balances.c.quality
    summed = select(balances, total.label("total")).join(lines, account, isouter=True)
    rows = connection.execute(summed.group_by(*balances.columns).having(total != balances.c.quantity))
    found = [
        f"stock of part {one.part_id} at place {one.place_id} ({one.quality}): {one.quantity}, movements say {one.total}"
        for one in rows
    ]
    loose = select(movements.c.id).join(lines, lines.c.movement_id == movements.c.id, isouter=True)
    loose = loose.group_by(movements.c.id, movements.c.quantity)
    wrong = (func.count(lines.c.seq) == 0) | (func.max(func.abs(lines.c.change)) != movements.c.quantity)
    return found + [f"stock movement {one}: its lines don't agree" for one in connection.execute(loose.having(wrong)).scalars()]


def part_of(connection: Connection, part: int) -> Part:
    return _part(connection.execute(select(parts).where(parts.c.id == part)).one())


def parts_of(connection: Connection, ids: Iterable[int]) -> dict[int, Part]:
    """Parts by their id."""
    rows = connection.execute(select(parts).where(parts.c.id.in_(list(ids))))
    return {row.id: _part(row) for row in rows}


def has_catalogue(connection: Connection) -> bool:
    """Whether the company keeps parts by number at all."""
    return _ANY_PART.first(connection) is not None


_ANY_PART = Prepared(select(parts.c.id).limit(1))


def by_number(connection: Connection, number: str) -> Part | None:
    row = connection.execute(select(parts).where(parts.c.key == folded(number))).one_or_none()
    return _part(row) if row else None


def by_numbers(connection: Connection, numbers: Iterable[str]) -> list[Part]:
    """The parts that have one of these numbers, their own or another on their labels, in the order in which they were named."""
    keys = [key for key in dict.fromkeys(map(folded, numbers)) if key]
    if not keys:
        return []
    coded = select(codes.c.key.label("said"), parts).join(parts, parts.c.id == codes.c.part_id).where(codes.c.key.in_(keys))
    found = {row.said: _part(row) for row in connection.execute(coded)}
    found |= {row.key: _part(row) for row in connection.execute(select(parts).where(parts.c.key.in_(keys)))}
    return list({found[key].id: found[key] for key in keys if key in found}.values())


def search(connection: Connection, words: str, *, limit: int = 8) -> list[Part]:
    """Parts whose number or name has these words; the one with exactly this number or name stands alone."""
    key = folded(words)
    if not key:
        return []
    coded = parts.c.id.in_(select(codes.c.part_id).where(codes.c.key == key))
    exact = connection.execute(select(parts).where((parts.c.key == key) | (parts.c.name_key == key) | coded).limit(2)).all()
    if len(exact) == 1:
        return [_part(exact[0])]
    like = "%" + key.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    found = or_(parts.c.key.like(like, escape="\\"), parts.c.name_key.like(like, escape="\\"))
    return [_part(row) for row in connection.execute(select(parts).where(found).order_by(parts.c.number).limit(limit))]


def recent(connection: Connection, person: int, *, limit: int = 5) -> list[Part]:
    """What somebody used or drew last, the newest first."""
    mine = (movements.c.by == person) & movements.c.kind.in_(["used", "issued"])
    newest = func.max(movements.c.id).label("newest")
    last = select(movements.c.part_id, newest).where(mine).group_by(movements.c.part_id).order_by(newest.desc()).limit(limit)
    ids = [row.part_id for row in connection.execute(last)]
    known = parts_of(connection, ids)
    return [known[one] for one in ids]


def keep_part(connection: Connection, part: Part, *, now: datetime) -> bool:
    """Put a part into the catalogue, or the new facts of one that is there; True when it is new."""
    values = {
        "number": part.number, "key": folded(part.number), "name": part.name, "name_key": folded(part.name), "spec": part.spec,
        "unit": part.unit, "kind": str(part.kind), "bin": part.bin, "least": part.least, "most": part.most,
        "supplier": part.supplier, "price": "" if part.price is None else str(part.price), "at": now,
    }  # fmt: skip
    is_new = by_number(connection, part.number) is None
    statement = insert(connection, parts).values(values)
    kept = statement.on_conflict_do_update(index_elements=["key"], set_=values).returning(parts.c.id)
    _keep_codes(connection, connection.execute(kept).scalar_one(), part.codes)
    return is_new


def _keep_codes(connection: Connection, part: int, told: Iterable[str]) -> None:
    """The codes of a part are those that the catalogue has now; one that was another's is this part's from now on."""
    connection.execute(delete(codes).where(codes.c.part_id == part))
    for key in dict.fromkeys(map(folded, told)):
        statement = insert(connection, codes).values(key=key, part_id=part)
        connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"part_id": part}))


def store_of(connection: Connection, branch: str, *, now: datetime) -> Place:
    """A branch's main store."""
    return _kept_place(connection, PlaceKind.STORE, branch, MAIN, None, now)


def van_of(connection: Connection, person: int, branch: str, *, now: datetime) -> Place:
    """What somebody has with him."""
    return _kept_place(connection, PlaceKind.VAN, branch, str(person), person, now)


def station(connection: Connection, branch: str, name: str, person: int | None, *, now: datetime) -> Place:
    """The account of an outside service station."""
    return _kept_place(connection, PlaceKind.STATION, branch, name, person, now)


def vans(connection: Connection, people: Iterable[int]) -> list[Place]:
    """The vans of some people that have one."""
    mine = (places.c.kind == "van") & places.c.person_id.in_(list(people))
    return [_place(row) for row in connection.execute(select(places).where(mine).order_by(places.c.id))]


def places_in(connection: Connection, branch: str, kind: PlaceKind | None = None) -> list[Place]:
    """Stores, vans and stations of a branch."""
    mine = places.c.branch == branch
    mine &= places.c.kind == str(kind) if kind else places.c.id.is_not(None)
    return [_place(row) for row in connection.execute(select(places).where(mine).order_by(places.c.kind, places.c.id))]


def stores(connection: Connection) -> list[Place]:
    """Every store of the company."""
    return [_place(row) for row in connection.execute(select(places).where(places.c.kind == "store").order_by(places.c.id))]


def leveled(connection: Connection, place: int) -> list[tuple[Part, int]]:
    """Parts of which so many at least should be there, with how many there are, none included; by number (PRT-17)."""
    mine = (balances.c.part_id == parts.c.id) & (balances.c.place_id == place) & (balances.c.quality == "good")
    joined = select(parts, func.coalesce(balances.c.quantity, 0).label("n")).join(balances, mine, isouter=True)
    rows = connection.execute(joined.where(parts.c.least > 0).order_by(parts.c.number))
    return [(_part(row), int(row.n)) for row in rows]


def place_of(connection: Connection, place: int) -> Place:
    return _place(connection.execute(select(places).where(places.c.id == place)).one())


def _kept_place(connection: Connection, kind: PlaceKind, branch: str, name: str, person: int | None, now: datetime) -> Place:
    mine = (places.c.kind == str(kind)) & (places.c.branch == branch) & (places.c.name == name)
    row = connection.execute(select(places).where(mine)).one_or_none()
    if row is None:
        values = {"kind": str(kind), "branch": branch, "name": name, "person_id": person, "at": now}
        connection.execute(insert(connection, places).values(values).on_conflict_do_nothing())
        row = connection.execute(select(places).where(mine)).one()
    return _place(row)


def _place(row: Row[Any]) -> Place:
    m = row._mapping
    return Place(m["id"], PlaceKind(m["kind"]), m["branch"], m["name"], m["person_id"])


def _part(row: Row[Any]) -> Part:
    m = row._mapping
    price = Decimal(m["price"]) if m["price"] else None
    return Part(
        m["id"], m["number"], m["name"], m["spec"], m["unit"], PartKind(m["kind"]), m["bin"], m["least"], m["most"],
        m["supplier"], price,
    )  # fmt: skip
