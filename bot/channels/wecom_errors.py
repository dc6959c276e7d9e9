"""What WeCom's refusals mean, by errcode alone (developer.work.weixin.qq.com, document/path/90455), and in whose words."""

from bot.channels.base import Later, Never

EXPIRED = frozenset({40001, 40014, 41001, 42001})
"""The access token is no good (any more): a fresh one may be. At gettoken 40001 means the secret itself."""
TOO_OFTEN = 45009
TASK_EXISTS = 42014
"""A card with this task_id was sent already: an earlier attempt had arrived after all."""
BAD_MEDIA = 40007
UNTRUSTED = 60020

BUSY = frozenset({-1, 6000, 45033, 50002})

_NOBODY = frozenset({40003, 40031, 46004, 60111, 81013})
_SHORT, _SETUP_SECONDS = 3.0, 60.0

# What an administrator has to set right: errcode -> (setting, what to do). {name} is the setting's prefix.
_SETUP = {
    40001: ("SECRET", "WeCom refuses it; copy the Secret of this very app again from the admin console"),
    40013: ("CORP_ID", "WeCom does not know it; copy 企業ID from the admin console, My Company (我的企業)"),
    40056: ("AGENT_ID", "there is no such app; copy AgentId from the app's page in the admin console"),
    40091: ("SECRET", "it belongs to another company than WECOM_CORP_ID; copy both from the same admin console"),
    41002: ("CORP_ID", "is missing; copy 企業ID from the admin console, My Company (我的企業)"),
    41004: ("SECRET", "is missing; copy the Secret of the app from the admin console"),
    42009: ("SECRET", "it belongs to another app; copy the Secret of this very app again"),
    48002: ("SECRET", "the app may not use this interface; give it the permission in the admin console"),
    60011: ("SECRET", "the app has no right to this; widen its visible range (可見範圍) in the admin console"),
    60020: ("API_BASE", "WeCom does not trust this machine's address; add it to the app's trusted IP list (企業可信IP)"),
    301002: ("AGENT_ID", "the secret is not this app's; copy AgentId and Secret from one and the same app"),
}  # fmt: skip


class WecomError(Exception):
    """WeCom did not do what it was asked for. The text never holds a token, a name or an address.

    `wait`: seconds until it makes sense to ask again, 0 when not known.
    """

    def __init__(self, words: str, wait: float) -> None:
        super().__init__(words)
        self.wait = wait


class WecomRefusal(WecomError):
    """WeCom answered, and the answer is no."""

    def __init__(self, code: int, wait: float = 0.0) -> None:
        super().__init__(f"errcode {code}", wait)
        self.code = code


class WecomSilence(WecomError):
    """There was no answer that makes sense. `is_unknown`: what we asked for may have been done all the same."""

    def __init__(self, reason: str, *, is_unknown: bool, wait: float = 0.0) -> None:
        super().__init__(reason, wait)
        self.reason, self.is_unknown = reason, is_unknown

    def sure(self) -> "WecomSilence":
        """The same where a repeat does no harm."""
        return WecomSilence(self.reason, is_unknown=False, wait=self.wait)


def verdict(error: WecomError) -> Later | Never:
    """What an error means for a message that was to be sent or changed."""
    if isinstance(error, WecomSilence):
        return Later(error.wait or _SHORT, error.reason, is_unknown=error.is_unknown)
    assert isinstance(error, WecomRefusal)
    if error.code == TOO_OFTEN:
        return Later(error.wait or 60.0, "too-often")
    if error.code in BUSY:
        return Later(error.wait or _SHORT, "busy")
    if error.code in _SETUP or error.code in EXPIRED:
        return Later(_SETUP_SECONDS, f"set-up-{error.code}")  # nobody's fault but ours: it waits until that is mended
    if error.code in _NOBODY:
        return Never("unknown-address")
    return Never(f"refused-{error.code}")


def is_setup(error: WecomError) -> bool:
    """Whether an administrator has to set something right."""
    return isinstance(error, WecomRefusal) and error.code in _SETUP


def advice(error: WecomError, prefix: str = "WECOM") -> str:
    """What is wrong and what to do, for an administrator; begins with the setting's name."""
    if isinstance(error, WecomRefusal) and error.code in _SETUP:
        setting, words = _SETUP[error.code]
        name = f"WECOM_{setting}" if setting in ("CORP_ID", "API_BASE") else f"{prefix}_{setting}"
        return f"{name}: {words} (errcode {error.code})"
    if isinstance(error, WecomRefusal):
        return f"{prefix}_SECRET: WeCom refuses with errcode {error.code}; look it up on WeCom's page of error codes"
    return f"WECOM_API_BASE: WeCom can't be reached ({error}); see that this machine has a way out to it"
