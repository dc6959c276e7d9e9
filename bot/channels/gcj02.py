"""From the shifted coordinates of maps in mainland China (GCJ-02) to WGS 84, which everybody else means.

The shift is a formula without an inverse; a few rounds of correction come within a centimetre of it.
Maps in Taiwan, Hong Kong, Macau and abroad are not shifted.
"""

import math
from itertools import repeat

_AXIS, _ECCENTRICITY = 6378245.0, 0.00669342162296594323  # of the Krasovsky ellipsoid that the formula uses
_MAINLAND = (72.004, 137.8347, 0.8293, 55.8271)  # the box in which the formula applies: west, east, south, north
_NOT_SHIFTED = (
    (119.9, 122.1, 21.7, 25.45),  # Taiwan
    (119.3, 119.8, 23.1, 23.8),  # Penghu
    (113.82, 114.45, 22.13, 22.48),  # Hong Kong
    (113.52, 113.61, 22.1, 22.218),  # Macau
)
_ROUNDS = 6


def to_wgs84(latitude: float, longitude: float) -> tuple[float, float]:
    """The true place, in degrees, of a point that a map of mainland China names."""
    if not _is_within(latitude, longitude, _MAINLAND) or any(_is_within(latitude, longitude, box) for box in _NOT_SHIFTED):
        return latitude, longitude
    found = (latitude, longitude)
    for _ in repeat(None, _ROUNDS):
        seen = shift(*found)
        found = (found[0] + latitude - seen[0], found[1] + longitude - seen[1])
    return found


def shift(latitude: float, longitude: float) -> tuple[float, float]:
    """Where a map of mainland China shows a true place."""
    x, y = longitude - 105.0, latitude - 35.0
    slope = 1 - _ECCENTRICITY * math.sin(math.radians(latitude)) ** 2
    north = _north(x, y) / math.radians(_AXIS * (1 - _ECCENTRICITY) / slope**1.5)
    east = _east(x, y) / math.radians(_AXIS / math.sqrt(slope) * math.cos(math.radians(latitude)))
    return latitude + north, longitude + east


def _north(x: float, y: float) -> float:
    """Metres to the north."""
    found = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    return (
        found + _waves(x) + (40 * _sine(y, 1 / 3) + 20 * _sine(y, 1) + 160 * _sine(y, 1 / 12) + 320 * _sine(y, 1 / 30)) * 2 / 3
    )


def _east(x: float, y: float) -> float:
    """Metres to the east."""
    found = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    return (
        found + _waves(x) + (40 * _sine(x, 1 / 3) + 20 * _sine(x, 1) + 150 * _sine(x, 1 / 12) + 300 * _sine(x, 1 / 30)) * 2 / 3
    )


def _waves(x: float) -> float:
    return (20 * _sine(x, 6) + 20 * _sine(x, 2)) * 2 / 3


def _sine(value: float, times: float) -> float:
    return math.sin(value * times * math.pi)


def _is_within(latitude: float, longitude: float, box: tuple[float, float, float, float]) -> bool:
    west, east, south, north = box
    return west <= longitude <= east and south <= latitude <= north
