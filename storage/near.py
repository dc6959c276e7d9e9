"""Telling whether two pictures are the same one: a 256-bit difference hash."""


def distance(one: str, other: str) -> int:
    """How many of the 256 bits differ between two hexadecimal hashes; 256 when either is missing."""
    if not one or not other:
        return 256
    return (int(one, 16) ^ int(other, 16)).bit_count()
