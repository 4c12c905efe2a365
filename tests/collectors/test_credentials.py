"""Credentials: from the environment or a secret file, into one header, and out again before sealing."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from collectors.credentials import MARK, REMOVED, secret_headers, without
from minhchung.evidence import Exchange
from tests.collectors.service_world import ONESTOP

TOKEN = "a-token-of-ours-0123456789"
SECRET = (("Authorization", f"Bearer {TOKEN}"),)


def exchange(wire: bytes, *headers: tuple[str, str]) -> Exchange:
    return Exchange(
        method="GET",
        url="http://127.0.0.1:1/",
        request_headers=(("Accept", "application/json"), *SECRET),
        status=200,
        headers=(("Content-Type", "application/json"), *headers),
        wire=wire,
        begun_at=datetime(2021, 11, 2, tzinfo=UTC),
        elapsed=0.1,
    )


def everything(sealed: Exchange) -> bytes:
    """Return all that the archive would hold of an exchange."""
    return b"\n".join([sealed.wire, repr((sealed.request_headers, sealed.headers, sealed.url)).encode()])


def test_a_secret_file_is_read_by_its_owner_alone(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text(f"{TOKEN}\n", "utf-8")
    source = replace(ONESTOP, credentials_file=str(secret))

    secret.chmod(0o600)
    assert secret_headers(source, {}) == (SECRET, "")

    secret.chmod(0o644)
    headers, why = secret_headers(source, {})
    assert headers == ()
    assert "chmod 600" in why
    assert TOKEN not in why


@pytest.mark.parametrize("said", ["", "  ", "mã\u0001"])
def test_no_token_where_one_is_named_is_said_without_saying_it(said: str) -> None:
    headers, why = secret_headers(replace(ONESTOP, credentials="MOT_CUA"), {"MOT_CUA": said})

    assert headers == ()
    assert why == "biến môi trường MOT_CUA không có mã truy cập"


@pytest.mark.parametrize("packed", [False, True])
def test_a_token_that_the_system_repeats_is_taken_out_and_that_is_recorded(packed: bool) -> None:
    """Some gateways print the request's headers in their error pages."""
    body = b'{"error": "bad request", "sent": "Bearer ' + TOKEN.encode() + b'"}'
    coding = (("Content-Encoding", "gzip"),) if packed else ()

    sealed = without(exchange(gzip.compress(body) if packed else body, *coding), SECRET)

    assert TOKEN.encode() not in everything(sealed)
    assert sealed.header(MARK) == "credentials; 1"
    assert sealed.header("content-encoding") is None
    assert sealed.wire == body.replace(TOKEN.encode(), REMOVED.encode())
    assert sealed.request_headers[-1] == ("Authorization", REMOVED)


def test_an_answer_that_repeats_nothing_is_sealed_byte_for_byte() -> None:
    wire = gzip.compress(b"[]")

    sealed = without(exchange(wire, ("Content-Encoding", "gzip")), SECRET)

    assert sealed.wire == wire
    assert sealed.header(MARK) is None
    assert without(exchange(wire), ()) == exchange(wire)
