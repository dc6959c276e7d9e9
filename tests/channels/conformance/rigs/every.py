"""All messengers that the suite runs over."""

from tests.channels.conformance.rigs.base import Rig
from tests.channels.conformance.rigs.kf import KfRig
from tests.channels.conformance.rigs.pigeon import PigeonRig
from tests.channels.conformance.rigs.telegram import TelegramRig
from tests.channels.conformance.rigs.web import WebRig
from tests.channels.conformance.rigs.wecom import WecomRig
from tests.channels.conformance.rigs.wecom_bot import WecomBotRig

# A new messenger adds its line here (STYLE 12).
RIGS: dict[str, type[Rig]] = {
    "telegram": TelegramRig,
    "web": WebRig,
    "wecom": WecomRig,
    "kf": KfRig,
    "wecom-bot": WecomBotRig,
    "pigeon": PigeonRig,
}
