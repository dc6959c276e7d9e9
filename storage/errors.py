"""What storage can't do."""


class StoreUnavailable(Exception):
    """Nothing was stored: disk full, database locked or gone. The caller must not confirm; trying again is safe."""


class StaleOrder(Exception):
    """Somebody else changed the order between reading and writing; the whole turn is to be run again."""
