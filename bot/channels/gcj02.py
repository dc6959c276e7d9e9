"""Places as maps in mainland China give them (GCJ-02), brought back to WGS 84, which everybody else uses.

The shift is a published approximation; turned round by iteration it comes back to well under a metre.
"""

from math import cos, pi, radians, sin, sqrt

_AXIS, _ECCENTRICITY2 = 6_378_245.0, 0.006_693_421_622_965_943  # of Krasovsky's ellipsoid, metres
_ROUNDS = 6


def to_wgs84(latitude: float, longitude: float) -> tuple[float, float]:
    """(latitude, longitude) in WGS 84 degrees. Places that maps don't shift stay as they are."""
    if not is_shifted(latitude, longitude):
        return latitude, longitude
    guess = latitude, longitude
    for _ in range(_ROUNDS):
        north, east = shift(*guess)
        guess = latitude - north, longitude - east
    return guess


def is_shifted(latitude: float, longitude: float) -> bool:
    """Whether a place lies in the box round mainland China; Taiwan's maps are not shifted."""
    is_in_taiwan = 21.8 <= latitude <= 25.4 and 119.9 <= longitude <= 122.1
    return 0.8293 <= latitude <= 55.8271 and 72.004 <= longitude <= 137.8347 and not is_in_taiwan


def shift(latitude: float, longitude: float) -> tuple[float, float]:
    """By how many degrees (north, east) maps shift a WGS 84 place."""
    x, y = longitude - 105.0, latitude - 35.0
    ripple = 20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += (ripple + _swell(y, 160.0, 320.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += (ripple + _swell(x, 150.0, 300.0)) * 2.0 / 3.0
    flat = 1.0 - _ECCENTRICITY2 * sin(radians(latitude)) ** 2
    per_degree_north = _AXIS * (1.0 - _ECCENTRICITY2) / (flat * sqrt(flat)) * pi / 180.0
    per_degree_east = _AXIS / sqrt(flat) * cos(radians(latitude)) * pi / 180.0
    return north / per_degree_north, east / per_degree_east


def _swell(along: float, middle: float, long: float) -> float:
    short = 20.0 * sin(along * pi) + 40.0 * sin(along / 3.0 * pi)
    return short + middle * sin(along / 12.0 * pi) + long * sin(along / 30.0 * pi)
