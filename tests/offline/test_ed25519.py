"""Ed25519 in pure Python against RFC 8032's own vectors and a library that everybody uses."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as some

from offline.ed25519 import ORDER, verify

# RFC 8032, 7.1: public key, message, signature of TEST 1, 2, 3 and SHA(abc).
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
]
SHA_ABC = (
    "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d44"
    "23643ce80e2a9ac94fa54ca49f",
    "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca17"
    "9c138ac17ad9bef1177331a704",
)


@pytest.mark.parametrize(("key", "message", "signature"), [*VECTORS, SHA_ABC])
def test_the_vectors_of_the_standard_verify(key: str, message: str, signature: str) -> None:
    """RFC 8032, 7.1."""
    said = bytes.fromhex(signature)

    assert verify(bytes.fromhex(key), bytes.fromhex(message), said)
    assert not verify(bytes.fromhex(key), bytes.fromhex(message) + b"x", said)
    for place in (0, 31, 32, 62):
        touched = bytearray(said)
        touched[place] ^= 1
        assert not verify(bytes.fromhex(key), bytes.fromhex(message), bytes(touched))


def test_a_scalar_that_is_not_reduced_is_refused() -> None:
    """RFC 8032, 5.1.7: S in [0, L), else a second signature could be made from the first."""
    key, message, signature = (bytes.fromhex(part) for part in VECTORS[1])
    scalar = int.from_bytes(signature[32:], "little") + ORDER

    assert not verify(key, message, signature[:32] + scalar.to_bytes(32, "little"))


@given(
    seed=some.binary(min_size=32, max_size=32), message=some.binary(max_size=200), bit=some.integers(0, 511)
)
def test_a_library_s_signatures_verify_and_touched_ones_do_not(seed: bytes, message: bytes, bit: int) -> None:
    """`cryptography` signs, we verify."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    signature, key = private.sign(message), private.public_key().public_bytes_raw()
    touched = bytearray(signature)
    touched[bit // 8] ^= 1 << bit % 8

    assert verify(key, message, signature)
    assert not verify(key, message, bytes(touched))


@pytest.mark.parametrize(
    "key", [b"", b"\xff" * 32, b"\x02" + bytes(31)], ids=["short", "no field", "no point"]
)
def test_what_is_no_key_verifies_nothing(key: bytes) -> None:
    """A point that is not on the curve is no key."""
    assert not verify(key, b"", bytes.fromhex(VECTORS[0][2]))
