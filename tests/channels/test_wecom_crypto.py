"""WeCom's cryptography: ours agrees with the published sample and with two implementations of others, and refuses the rest."""

import base64
import json
import string
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.enterprise.crypto import WeChatCrypto

from bot.channels.wecom_crypto import MOST_AGE, MOST_AHEAD, MOST_BODY, Forged, Seal, fields, read_xml

SAMPLE: dict[str, Any] = json.loads((Path(__file__).parent / "wecom_vectors.json").read_text(encoding="utf-8"))
MESSAGE, URL_CHECK = SAMPLE["message"], SAMPLE["url_check"]
SEAL = Seal(SAMPLE["token"], SAMPLE["aes_key"], SAMPLE["corp_id"])
THEIRS = WeChatCrypto(SAMPLE["token"], SAMPLE["aes_key"], SAMPLE["corp_id"])
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
JUDGES = Path(__file__).parents[1] / "judges"
NODE = Path(sys.executable).with_name("node")  # carried by a wheel
WORDS = "<xml><Content><![CDATA[客廳冷氣漏水 🥶]]></Content></xml>"


def opened(told: dict[str, str], encrypt: str, *, seal: Seal = SEAL, late: timedelta = timedelta()) -> bytes:
    """Open what the sample says, as if it had just come."""
    now = datetime.fromtimestamp(int(told["timestamp"]), UTC) + late
    return seal.open(told["signature"], told["timestamp"], told["nonce"], encrypt, now=now)


def refusal(encrypt: str, *, seal: Seal = SEAL) -> str:
    """Why something that is signed rightly is refused all the same."""
    told = {"timestamp": "1409659813", "nonce": "1", "signature": seal.sign("1409659813", "1", encrypt)}
    with pytest.raises(Forged) as refused:
        opened(told, encrypt, seal=seal)
    return refused.value.reason


def test_the_published_sample_is_opened() -> None:
    assert opened(URL_CHECK, URL_CHECK["echostr"]).decode() == URL_CHECK["answer"]
    told = fields(read_xml(opened(MESSAGE, MESSAGE["encrypt"])))
    assert (told["ToUserName"], told["FromUserName"], told["MsgType"]) == ("wx5823bf96d3bd56c7", "mycreate", "text")


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_what_we_close_wechatpy_opens(words: str) -> None:
    sealed = SEAL.close(words.encode(), now=NOW)

    found = THEIRS.decrypt_message({"Encrypt": sealed.encrypt}, sealed.signature, sealed.timestamp, sealed.nonce)

    assert found == words


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=200))
def test_what_wechatpy_closes_we_open(words: str) -> None:
    told = fields(read_xml(THEIRS.encrypt_message(words, "n1", "1409659813").encode()))

    assert (
        opened({"signature": told["MsgSignature"], "timestamp": "1409659813", "nonce": "n1"}, told["Encrypt"]) == words.encode()
    )


def test_the_makers_own_package_and_ours_open_each_others() -> None:
    sealed = SEAL.close(WORDS.encode(), now=NOW)
    told = {"key": SEAL.aes_key, "token": SEAL.token, "receiver": SEAL.receiver, "message": WORDS, **vars(sealed)}
    run = subprocess.run(
        [NODE, "wecom_crypto.js"], cwd=JUDGES, input=json.dumps(told), capture_output=True, text=True, check=True
    )
    theirs = json.loads(run.stdout)

    assert (theirs["opened"], theirs["id"], theirs["signature"]) == (WORDS, SEAL.receiver, sealed.signature)
    assert SEAL.open(theirs["own"], sealed.timestamp, sealed.nonce, theirs["closed"], now=NOW) == WORDS.encode()


def test_a_signature_that_does_not_fit_is_refused_whatever_was_changed() -> None:
    good = (MESSAGE["signature"], MESSAGE["timestamp"], MESSAGE["nonce"], MESSAGE["encrypt"])
    now = datetime.fromtimestamp(int(MESSAGE["timestamp"]), UTC)
    for n, changed in enumerate(("0" * 40, "1409659814", "2", MESSAGE["encrypt"][:-4] + "AAAA")):
        with pytest.raises(Forged, match="signature"):
            SEAL.open(*(changed if n == m else one for m, one in enumerate(good)), now=now)  # type: ignore[misc]
    for odd in ("", "簽名", "\udc80", MESSAGE["signature"].upper()):
        with pytest.raises(Forged, match="signature"):
            SEAL.open(odd, *good[1:], now=now)


def test_ten_minutes_old_is_too_old_and_five_ahead_is_not_yet() -> None:
    assert opened(MESSAGE, MESSAGE["encrypt"], late=MOST_AGE)
    assert opened(MESSAGE, MESSAGE["encrypt"], late=-MOST_AHEAD)
    for late in (MOST_AGE + timedelta(seconds=1), -MOST_AHEAD - timedelta(seconds=1), timedelta(days=4000)):
        with pytest.raises(Forged, match="age"):
            opened(MESSAGE, MESSAGE["encrypt"], late=late)


@pytest.mark.parametrize("timestamp", ["", "soon", "-1", "1e9", "１４０９", "9" * 40, "1409659813 "])
def test_a_timestamp_that_is_none_is_refused(timestamp: str) -> None:
    with pytest.raises(Forged, match="age"):
        SEAL.open(SEAL.sign(timestamp, "1", "x"), timestamp, "1", "x", now=NOW)


def test_what_is_for_somebody_else_is_refused() -> None:
    for receiver in ("ww0000000000000000", "", SEAL.receiver + "x", SEAL.receiver[:-1]):
        other = Seal(SEAL.token, SEAL.aes_key, receiver)
        assert refusal(other.close(b"<xml/>", now=NOW).encrypt) == "receiver"


@pytest.mark.parametrize(
    "encrypt", ["", "AAAA", "not base64!", "客廳", "A" * 43, MESSAGE["encrypt"][:-8], MESSAGE["encrypt"] + "\n"]
)
def test_what_is_truncated_or_wrongly_encoded_is_refused(encrypt: str) -> None:
    assert refusal(encrypt) in ("encoding", "truncated", "padding")


@given(st.binary(max_size=256))
def test_no_bytes_at_all_do_anything_but_be_refused(content: bytes) -> None:
    assert refusal(base64.b64encode(content).decode()) in ("truncated", "padding", "receiver")


def test_another_key_opens_nothing() -> None:
    other = Seal(SEAL.token, "b" * 43, SEAL.receiver)
    assert refusal(MESSAGE["encrypt"], seal=other) in ("padding", "truncated", "receiver")


@pytest.mark.parametrize("key", ["", "short", "a" * 42, "a" * 44, "a" * 42 + "=", "a" * 42 + "é"])
def test_a_key_that_is_none_is_said_at_once(key: str) -> None:
    with pytest.raises(ValueError, match="43"):
        Seal("t", key, "corp")


def test_a_seal_never_shows_its_secrets() -> None:
    assert SEAL.token not in repr(SEAL)
    assert SEAL.aes_key not in repr(SEAL)


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE xml [<!ENTITY a "b">]><xml><A>&a;</A></xml>',
        b'<!DOCTYPE xml SYSTEM "http://127.0.0.1/x"><xml/>',
        b'<?xml version="1.0"?><!DOCTYPE xml><xml/>',
        b"<xml><A>&a;</A></xml>",
        b"<xml><A></xml>",
        b"<xml/><xml/>",
        b"<other/>",
        b"",
        b"{}",
        b"\xff\xfe<\x00x\x00m\x00l\x00/\x00>\x00",
        b"<xml><A>\xe5\xae</A></xml>",
    ],
)
def test_xml_with_entities_or_in_a_wrong_shape_is_refused(body: bytes) -> None:
    with pytest.raises(Forged, match="xml"):
        read_xml(body)


def test_a_body_over_64_kilobytes_is_refused() -> None:
    with pytest.raises(Forged, match="too-large"):
        read_xml(b"<xml>" + b" " * MOST_BODY + b"</xml>")
    deep = b"<a>" * 9000 + b"</a>" * 9000
    assert fields(read_xml(b"<xml>" + deep + b"</xml>")) == {}


def test_control_characters_lose_nothing_else() -> None:
    assert fields(read_xml(b"<xml><A>a\x08b\x00</A><B><C>1</C></B><A>second</A></xml>")) == {"A": "ab"}


@given(st.text(string.printable, max_size=120))
def test_no_words_break_the_reader(words: str) -> None:
    try:
        told = fields(read_xml(f"<xml>{words}</xml>".encode()))
    except Forged as refused:
        assert refused.reason == "xml"
        assert refused.status == 400
    else:
        assert all(isinstance(one, str) for one in told.values())
