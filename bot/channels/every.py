"""Every messenger that the desk speaks. A new one adds its line here (STYLE 12)."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from bot.channels import webchat
from bot.channels.base import Channel
from bot.channels.parts import Parts

# Each gives its channel, or None while its settings are empty. Raises SettingsError for settings that don't go together.
Builder = Callable[[Parts], Channel | None]


@dataclass(frozen=True)
class Messenger:
    """A messenger whose module is loaded when any of its settings is there: one that is off takes neither time nor memory."""

    module: str
    settings: tuple[str, ...]

    def __call__(self, parts: Parts) -> Channel | None:
        if not any(getattr(parts.settings, name) for name in self.settings):
            return None
        build: Builder = import_module(self.module).build
        return build(parts)


BUILDERS: tuple[Builder, ...] = (
    webchat.build,
    Messenger("bot.channels.telegram", ("telegram_bot_token",)),
    Messenger("bot.channels.wecom_app", ("wecom_agent_id", "wecom_secret", "wecom_token", "wecom_aes_key")),
    Messenger("bot.channels.wecom_bot", ("wecom_bot_id", "wecom_bot_secret")),
    Messenger("bot.channels.wecom_kf", ("wecom_kf_secret", "wecom_kf_open_id", "wecom_kf_token", "wecom_kf_aes_key")),
)


def open_channels(parts: Parts, builders: tuple[Builder, ...] = BUILDERS) -> dict[str, Channel]:
    """The channels that are set up, by name."""
    made = [channel for build in builders if (channel := build(parts)) is not None]
    return {channel.name: channel for channel in made}
