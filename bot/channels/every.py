"""Every messenger that the desk speaks. A new one adds its line here (STYLE 12)."""

from collections.abc import Callable

from bot.channels import telegram, webchat, wecom_app, wecom_bot, wecom_kf
from bot.channels.base import Channel
from bot.channels.parts import Parts

# Each gives its channel, or None while its settings are empty. Raises SettingsError for settings that don't go together.
Builder = Callable[[Parts], Channel | None]
BUILDERS: tuple[Builder, ...] = (
    webchat.build,
    telegram.build,
    wecom_app.build,
    wecom_bot.build,
    wecom_kf.build,
)


def open_channels(parts: Parts, builders: tuple[Builder, ...] = BUILDERS) -> dict[str, Channel]:
    """The channels that are set up, by name."""
    made = [channel for build in builders if (channel := build(parts)) is not None]
    return {channel.name: channel for channel in made}
