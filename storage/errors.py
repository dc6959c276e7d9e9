"""What storage can't do."""


class StoreUnavailable(Exception):
    """Nothing was stored: disk full, database locked or gone. The caller must not confirm; trying again is safe."""


class ShelfUnavailable(StoreUnavailable):
    """The place where files are kept can't be reached; trying again is safe."""


class Raced(Exception):
    """Another process wrote between our reading and writing; nothing was stored, the whole piece is to be run again."""


class StaleOrder(Raced):
    """Somebody else changed the order between reading and writing; the whole turn is to be run again."""


class DatabaseIsNewer(Exception):
    """A later release has changed the schema: start that release, or restore a copy from before it."""

    def __init__(self, revision: str) -> None:
        super().__init__(f"the database is at revision {revision}, which this release does not know; start the later release")
        self.revision = revision
