"""The keys of the sealed fields: suites against the standards' vectors, values of several keys, files that are none."""

import base64
import hmac
import os
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SM3, Hash

from app.core.crypto import SM4GCM, FieldKey, Key, Suite, WrongKey, make_key_file, read_key_file, replace_key_file
from app.core.db import Base
from app.core.resealing import LOOKUPS, sealed_models
from tests.world import KEY, KEY_BYTES, SECRET

SUITES: list[Suite] = ["aes", "sm"]
PLACE = "parties.phone 01a20d0e-6150-76da-b5c1-d9616c7f8bba"
PHONE = "13800000000"


def test_sm4_gcm_is_that_of_rfc_8998() -> None:
    """Appendix A.1: GB/T 32907 in GCM."""
    nonce = bytes.fromhex("00001234567800000000ABCD")
    data = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    plain = bytes.fromhex("".join(digit * 16 for digit in "ABCDEFEA"))
    sealed = bytes.fromhex(
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D83DE3541E4C2B58177E065A9BF7B62EC"
    )
    cipher = SM4GCM(bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"))
    assert cipher.encrypt(nonce, plain, data) == sealed
    assert cipher.decrypt(nonce, sealed, data) == plain


def sm3(*parts: bytes) -> bytes:
    digest = Hash(SM3())
    for part in parts:
        digest.update(part)
    return digest.finalize()


def test_hashes_of_the_national_suite_are_hmac_sm3() -> None:
    """GB/T 32905, appendix A.1, and HMAC by its definition (RFC 2104) over it; the standard library's on the other."""
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    key = Key(SECRET, 1, "sm")
    inner_key = b"tiaojie hashes\x01"

    def hmac_sm3(secret: bytes, message: bytes) -> bytes:
        block = secret.ljust(64, b"\0")
        inner = sm3(bytes(byte ^ 0x36 for byte in block), message)
        return sm3(bytes(byte ^ 0x5C for byte in block), inner)

    derived = hmac_sm3(hmac_sm3(b"", SECRET), inner_key)  # HKDF (RFC 5869), one block, no salt
    assert key.hash(b"message") == hmac_sm3(derived, b"message").hex()
    derived = hmac.digest(hmac.digest(bytes(32), SECRET, "sha256"), inner_key, "sha256")
    assert Key(SECRET, 1, "aes").hash(b"message") == hmac.digest(derived, b"message", "sha256").hex()


def test_what_was_sealed_and_hashed_before_keys_had_numbers_still_is() -> None:
    """Made by the program of that time."""
    assert KEY.current.number == 0
    assert KEY.decrypt(bytes.fromhex(OLD_VALUE), of=PLACE) == PHONE
    assert KEY.hash("phone", PHONE) == OLD_HASH


OLD_VALUE = "23664461a1566d593f2b534c5d5f2ebe9cd4697b0be6b7b5cf2d87316cb5e4f6d84571c3cdd891"
OLD_HASH = "4b4a6108d5c0a1fe0a945f481f66500337abb08670d2c7cde799467be15b6cbd"


@pytest.mark.parametrize("suite", SUITES)
def test_a_value_opens_in_its_place_alone_and_unaltered(suite: Suite) -> None:
    key = FieldKey(Key(SECRET, 7, suite))
    sealed = key.encrypt(PHONE, of=PLACE)
    assert key.decrypt(sealed, of=PLACE) == PHONE
    assert sealed != key.encrypt(PHONE, of=PLACE)
    assert sealed[0] == 7
    altered = [sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in range(len(sealed))]
    for wrong in (*altered, b"", b"\x07", sealed[:20], sealed[:-1], sealed + b"x", sealed[1:]):
        with pytest.raises(WrongKey):
            key.decrypt(wrong, of=PLACE)
    for other in (FieldKey(Key(os.urandom(32), 7, suite)), FieldKey(Key(SECRET, 8, suite)), KEY):
        with pytest.raises(WrongKey):
            other.decrypt(sealed, of=PLACE)
    with pytest.raises(WrongKey):
        key.decrypt(sealed, of=PLACE.replace("phone", "agent"))


@pytest.mark.parametrize("suite", SUITES)
def test_older_keys_open_and_recognise_and_the_current_one_seals(suite: Suite) -> None:
    old, key = KEY, KEY.with_new(suite)
    assert [one.number for one in key.keys] == [1, 0]
    for _ in range(600):  # of values without a number, one in 256 begins as if the new key had sealed it
        assert key.decrypt(old.encrypt(PHONE, of=PLACE), of=PLACE) == PHONE
    text, by = key.opened(key.encrypt(PHONE, of=PLACE), of=PLACE)
    assert (text, by) == (PHONE, key.current)
    assert key.hash("phone", PHONE) != old.hash("phone", PHONE)
    assert key.hashes("phone", PHONE) == [key.hash("phone", PHONE), old.hash("phone", PHONE)]
    assert key.matches(old.hash("phone", PHONE), "phone", PHONE)
    assert key.matches(key.hash("phone", PHONE), "phone", PHONE)
    assert not key.matches(old.hash("phone", PHONE), "phone", "13800000001")
    assert not key.matches(old.hash("phone", PHONE), "id_number", PHONE)
    assert not old.matches(key.hash("phone", PHONE), "phone", PHONE)


@pytest.mark.parametrize("suite", SUITES)
def test_a_key_file_keeps_what_was_written(tmp_path: Path, suite: Suite) -> None:
    path = tmp_path / "register.key"
    make_key_file(path, suite)
    made = read_key_file(path)
    assert [(key.number, key.suite) for key in made.keys] == [(1, suite)]
    with pytest.raises(FileExistsError):
        make_key_file(path, suite)
    longer = made.with_new("sm").with_new("aes")
    replace_key_file(path, longer)
    assert [(key.number, key.suite) for key in read_key_file(path).keys] == [(3, "aes"), (2, "sm"), (1, suite)]
    assert [key.secret for key in read_key_file(path).keys] == [key.secret for key in longer.keys]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [kept.name for kept in tmp_path.iterdir()] == ["register.key"]
    path.write_bytes(KEY_BYTES)
    replace_key_file(path, read_key_file(path).with_new(suite))
    assert read_key_file(path).decrypt(KEY.encrypt(PHONE, of=PLACE), of=PLACE) == PHONE


GOOD = base64.b64encode(SECRET).decode()


@pytest.mark.parametrize(
    "content",
    ["", "# nothing\n", "junk", f"0 aes {GOOD}", f"256 aes {GOOD}", f"x aes {GOOD}", f"1 des {GOOD}", "1 aes ????",
     "密钥", f"1 aes {GOOD[:-8]}", f"1 aes {GOOD}\n1 sm {GOOD}", f"1 aes {GOOD} current", f"00001256 aes {GOOD}"],
)  # fmt: skip
def test_a_file_that_is_no_key_file_is_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "register.key"
    path.write_text(content, "utf-8")
    with pytest.raises((WrongKey, ValueError)):
        read_key_file(path)


NOT_LOOKED_UP_BY_VALUE = {"request_hash", "content_hash"}
"""Of what was sent and not kept: they are recognised under older keys for ever."""


def test_every_hash_beside_a_sealed_value_is_made_anew_with_it() -> None:
    """Else a look-up would miss it after a rotation."""
    assert {model.__tablename__ for model in sealed_models()} >= {"parties", "idempotency_records"}
    for model in sealed_models():
        table = Base.metadata.tables[model.__tablename__]
        hashes = {column.name for column in table.columns if column.name.endswith("_hash")} - NOT_LOOKED_UP_BY_VALUE
        texts: dict[str, str | None] = dict.fromkeys((column.name for column in table.columns), PHONE)
        made = LOOKUPS[table.name](KEY, model(), texts) if table.name in LOOKUPS else {}
        assert set(made) == hashes, table.name
