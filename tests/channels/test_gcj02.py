"""Places of mainland maps come back to where they are on everybody else's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.gcj02 import is_shifted, shift, to_wgs84

METRE = 1 / 111_000  # in degrees


def test_a_known_place_is_shifted_as_published() -> None:
    tiananmen, on_the_map = (39.908722, 116.397499), (39.910126, 116.403743)
    north, east = shift(*tiananmen)

    assert (tiananmen[0] + north, tiananmen[1] + east) == pytest.approx(on_the_map, abs=METRE)
    assert to_wgs84(*on_the_map) == pytest.approx(tiananmen, abs=METRE)


@given(st.floats(18.5, 53), st.floats(74, 119))
def test_a_shifted_place_comes_back_to_less_than_a_metre(latitude: float, longitude: float) -> None:
    north, east = shift(latitude, longitude)

    assert to_wgs84(latitude + north, longitude + east) == pytest.approx((latitude, longitude), abs=METRE)


@pytest.mark.parametrize("place", [(25.033, 121.565), (51.5, -0.12), (-33.9, 151.2), (0.0, 0.0)])
def test_elsewhere_nothing_is_shifted(place: tuple[float, float]) -> None:
    assert not is_shifted(*place)
    assert to_wgs84(*place) == place
