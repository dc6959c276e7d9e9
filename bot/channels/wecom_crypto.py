"""WeCom's message cryptography: what comes by callback is believed only when signed, fresh, whole and meant for us.

A callback's address carries `msg_signature`, `timestamp` and `nonce`; its body carries `Encrypt`. AES-256-CBC with the
43-character EncodingAESKey, padded to blocks of 32; inside are 16 random bytes, the length, the message, and for whom it
is (developer.work.weixin.qq.com, document/path/90968 and 91144).
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import struct
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import defusedxml.ElementTree as SafeET
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from defusedxml import DefusedXmlException

MOST_BODY = 64 * 1024
MOST_AGE = timedelta(minutes=10)
"""An older callback is refused: WeCom repeats within seconds, so only a replay can be as old."""
MOST_AHEAD = timedelta(minutes=5)
"""How far the sender's clock may be ahead of ours."""
KEY_CHARS = 43

_BLOCK, _SALT, _HEAD = 32, 16, 20
_KEY = re.compile(r"[A-Za-z0-9]{43}", re.ASCII)
_ECHO = re.compile(r"[\w-]{1,128}", re.ASCII)
_SECONDS = re.compile(r"\d{1,12}", re.ASCII)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Forged(Exception):
    """Not from WeCom, not for us, or not whole; `reason` is a word for the log and never holds contents."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def status(self) -> int:
        """The HTTP status that says so."""
        return 403 if self.reason in ("signature", "age", "receiver") else 400


@dataclass(frozen=True)
class Sealed:
    """An encrypted message with what proves it."""

    encrypt: str
    signature: str
    timestamp: str
    nonce: str


@dataclass(frozen=True)
class Seal:
    """Opens and closes messages with the callback's Token and EncodingAESKey.

    `receiver` is the corp id for the self-built app and for 微信客服. Raises ValueError for a key that is none.
    """

    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    receiver: str

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.aes_key):
            raise ValueError(f"the EncodingAESKey has {KEY_CHARS} letters and digits")

    def open(self, signature: str, timestamp: str, nonce: str, encrypt: str, *, now: datetime) -> bytes:
        """The message inside. Raises Forged; nothing is decrypted before signature and age are right."""
        expected = self.sign(timestamp, nonce, encrypt)
        if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
            raise Forged("signature")
        if not _SECONDS.fullmatch(timestamp):
            raise Forged("age")
        age = now.timestamp() - int(timestamp)
        if not -MOST_AHEAD.total_seconds() <= age <= MOST_AGE.total_seconds():
            raise Forged("age")
        return self._message(self._decrypt(encrypt))

    def close(self, message: bytes, *, now: datetime) -> Sealed:
        """Encrypt and sign a message, as a passive reply wants it."""
        plain = secrets.token_bytes(_SALT) + struct.pack(">I", len(message)) + message + self.receiver.encode()
        n_padding = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher().encryptor()
        closed = encryptor.update(plain + bytes([n_padding]) * n_padding) + encryptor.finalize()
        encrypt, timestamp, nonce = base64.b64encode(closed).decode(), str(int(now.timestamp())), secrets.token_hex(8)
        return Sealed(encrypt, self.sign(timestamp, nonce, encrypt), timestamp, nonce)

    def sign(self, timestamp: str, nonce: str, encrypt: str) -> str:
        """The msg_signature that belongs to these."""
        joined = "".join(sorted((self.token, timestamp, nonce, encrypt)))
        return hashlib.sha1(joined.encode("utf-8", "replace")).hexdigest()

    def _decrypt(self, encrypt: str) -> bytes:
        try:
            closed = base64.b64decode(encrypt.encode("ascii"), validate=True)
        except (binascii.Error, UnicodeEncodeError):
            raise Forged("encoding") from None
        if not closed or len(closed) % _BLOCK:
            raise Forged("truncated")
        decryptor = self._cipher().decryptor()
        plain = decryptor.update(closed) + decryptor.finalize()
        n_padding = plain[-1]
        if not 1 <= n_padding <= _BLOCK or plain[-n_padding:] != bytes([n_padding]) * n_padding:
            raise Forged("padding")
        return plain[:-n_padding]

    def _message(self, plain: bytes) -> bytes:
        if len(plain) < _HEAD:
            raise Forged("truncated")
        (n_bytes,) = struct.unpack(">I", plain[_SALT:_HEAD])
        message, receiver = plain[_HEAD : _HEAD + n_bytes], plain[_HEAD + n_bytes :]
        if len(message) != n_bytes:
            raise Forged("truncated")
        if not hmac.compare_digest(receiver, self.receiver.encode()):
            raise Forged("receiver")
        return message

    def _cipher(self) -> Cipher[CBC]:
        key = base64.b64decode(f"{self.aes_key}=")
        return Cipher(AES(key), CBC(key[:16]))


def echoed(plain: bytes) -> str:
    """The word that the console wants to hear before it takes an address. Raises Forged.

    Nothing but such a word is ever given away: whoever has caught a message with its signature could otherwise have it
    decrypted by asking for the word in it.
    """
    word = plain.decode("utf-8", "replace")
    if not _ECHO.fullmatch(word):
        raise Forged("echo")
    return word


def read_xml(body: bytes) -> ET.Element:
    """The `<xml>` element of a callback, at most 64 kB, without entities or document types. Raises Forged.

    Control characters that somebody managed to type are no XML; they are left out rather than losing the message.
    """
    if len(body) > MOST_BODY:
        raise Forged("too-large")
    try:
        root: ET.Element = SafeET.fromstring(_NOT_XML.sub("", body.decode("utf-8")), forbid_dtd=True)
    except (ET.ParseError, DefusedXmlException, ValueError):
        raise Forged("xml") from None
    if root.tag != "xml":
        raise Forged("xml")
    return root


def fields(root: ET.Element) -> dict[str, str]:
    """The children that hold text and nothing else, by name; of two with one name the first."""
    told: dict[str, str] = {}
    for child in root:
        if len(child) == 0:
            told.setdefault(child.tag, (child.text or "").strip())
    return told
