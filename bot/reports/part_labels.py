"""Labels for a part, to print and stick on: its number as a QR code that a photo of it leads back to (PRT-1, PRT-8)."""

from bot.reports.scribe import Album, Facts, Scribe
from rules.stock import Part

MOST_NAME, MOST_SPEC = 40, 60


def facts_of(part: Part, scribe: Scribe, album: Album) -> Facts:
    """What the template `part_labels` wants; the code is put into the album."""
    head = scribe.head("paper.part-labels", part.number, footer="paper.part-labels")
    shown = {"name": part.name[:MOST_NAME], "spec": part.spec[:MOST_SPEC], "code": album.code(part.number)}
    return head | shown | {"bin": scribe.say("paper.part-bin", bin=part.bin) if part.bin else ""}
