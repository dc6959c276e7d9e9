"""How long the long runs are: `make soak` takes these from the environment."""

import os

KILLS_A_ROUND = 50
SENDS_A_ROUND = 10_000
TURNS_A_ROUND = 25_000


def number(name: str, default: int) -> int:
    return int(os.environ.get(name, default))


KILLS = number("SOAK_KILLS", 1000)  # on SQLite
POSTGRES_KILLS = number("SOAK_POSTGRES_KILLS", 300)
RESTARTED_KILLS = number("SOAK_RESTARTED_KILLS", 50)  # while PostgreSQL itself is restarted
PROCESSES = number("SOAK_PROCESSES", 2)  # on PostgreSQL
MUTANT_KILLS = number("SOAK_MUTANT_KILLS", 150)  # within which each worse design has to be caught
SENDS = number("SOAK_SENDS", 100_000)  # messages to a messenger at its worst
CUTS = number("SOAK_CUTS", 1000)  # of a write-ahead log
ORDERS = number("SOAK_ORDERS", 200)  # that are open while the desk is silent
TURNS = number("SOAK_TURNS", 1_000_000)  # half random walks, half mutated updates
POSTS = number("SOAK_POSTS", 10_000)  # mutated posts to the web server
LOAD_SECONDS = number("SOAK_LOAD_SECONDS", 600)  # of twenty messages each
BACKLOG = number("SOAK_BACKLOG", 2000)  # updates that wait when the desk comes back


def rounds(total: int, most: int) -> list[tuple[int, int]]:
    """A long run in pieces that several workers can share: (number, size) of each."""
    return [(n, min(most, total - done)) for n, done in enumerate(range(0, total, most))]
