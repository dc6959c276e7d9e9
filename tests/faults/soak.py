"""How long the long runs are: `make soak` takes these from the environment."""

import os

KILLS_A_ROUND = 50


def number(name: str, default: int) -> int:
    return int(os.environ.get(name, default))


KILLS = number("SOAK_KILLS", 1000)  # on SQLite
POSTGRES_KILLS = number("SOAK_POSTGRES_KILLS", 300)
PROCESSES = number("SOAK_PROCESSES", 1)  # on PostgreSQL
MUTANT_KILLS = number("SOAK_MUTANT_KILLS", 150)  # within which each worse design has to be caught
SENDS = number("SOAK_SENDS", 100_000)  # messages to a messenger at its worst
CUTS = number("SOAK_CUTS", 1000)  # of a write-ahead log
ORDERS = number("SOAK_ORDERS", 200)  # that are open while the desk is silent
TURNS = number("SOAK_TURNS", 1_000_000)  # half random walks, half mutated updates
