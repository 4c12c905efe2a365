"""Records are WARC 1.1, hold the wire's bytes, and cannot be split by what a portal sends."""

import base64
import json
import zlib
from hashlib import sha256
from random import Random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from isal import isal_zlib

from minhchung.evidence import Failure
from storage.leaf import Leaf, Member, canonical
from storage.members import MemberError, WarcRecord, inflate_member, read_record, record_at, walk
from storage.warc import named_digest, names, seal


def members_of(store: Any) -> list[WarcRecord]:
    """Return every record of a home's only archive file."""
    store.commit()
    (path,) = store.home.archive.iterdir()
    return [read_record(inflate_member(stored.raw)) for stored in walk(path)]


def test_a_file_opens_with_who_wrote_it_and_under_which_configuration(
    open_store: Any, captures: Any, mine: Any
) -> None:
    """WARC 1.1, 6.2: warcinfo describes the records that follow it."""
    store = open_store()
    store.keep_config("rounds/2021.toml", b"id = '2021'\n")
    run = store.begin_run("quý một")
    store.failure(captures.failed(), **mine(run))
    store.close()

    path = store.home.archive / f"{run}-00000.warc.gz"
    first = read_record(inflate_member(next(walk(path)).raw))
    said = dict(line.split(": ", 1) for line in first.block.decode().splitlines())

    assert first.type == "warcinfo"
    assert first.field("warc-filename") == path.name
    assert said["minhchung-run"] == run
    assert said["minhchung-run-note"] == "quý một"
    digest = sha256(b"id = '2021'\n").hexdigest()
    assert said["minhchung-config-sha256"] == sha256(f"rounds/2021.toml {digest}\n".encode()).hexdigest()


def test_an_exchange_is_response_request_and_handshake(open_store: Any, captures: Any, mine: Any) -> None:
    store = open_store()
    exchange = captures.exchange("/tin?p=1")
    record = store.exchange(exchange, **mine(store.begin_run()))

    _, response, request, tls = members_of(store)

    assert [r.type for r in (response, request, tls)] == ["response", "request", "metadata"]
    assert response.id == record.id
    assert response.field("warc-target-uri") == "https://soxaydung.example/tin?p=1"
    assert response.field("warc-ip-address") == "127.0.0.1"
    assert response.field("x-tls-facts") == f"<{tls.id}>"
    assert request.field("warc-concurrent-to") == f"<{record.id}>"
    assert request.block.startswith(b"GET /tin?p=1 HTTP/1.1\r\nHost: soxaydung.example\r\n")
    assert json.loads(tls.block)["cipher"] == "TLS_AES_128_GCM_SHA256"
    assert json.loads(tls.block)["chain"][0].startswith("-----BEGIN CERTIFICATE-----")


def test_the_body_is_kept_as_it_came_and_its_framing_said_apart(
    open_store: Any, captures: Any, mine: Any
) -> None:
    """RFC 9112, 6.1: Transfer-Encoding belongs to the hop; the body is kept transfer-decoded."""
    store = open_store()
    exchange = captures.exchange()
    store.exchange(exchange, **mine(store.begin_run()))

    response = members_of(store)[1]
    status, headers, body = response.http()

    assert status == "HTTP/1.1 200 OK"
    assert ("X-Archive-Orig-Transfer-Encoding", "chunked") in headers
    assert not any(name == "Transfer-Encoding" for name, _ in headers)
    assert body == exchange.wire
    assert response.payload() == b"<p>Tin</p>"


def test_digests_are_sha_256_in_base32(open_store: Any, captures: Any, mine: Any) -> None:
    store = open_store()
    exchange = captures.exchange()
    store.exchange(exchange, **mine(store.begin_run()))

    response = members_of(store)[1]

    wire = base64.b32encode(sha256(exchange.wire).digest()).decode()
    block = base64.b32encode(sha256(response.block).digest()).decode()
    assert response.field("warc-payload-digest") == f"sha256:{wire}"
    assert response.field("warc-block-digest") == f"sha256:{block}"
    assert list(response.faults()) == []


@given(st.binary(min_size=32, max_size=32))
@example(bytes(32))
@example(b"\xff" * 32)
def test_a_digest_is_named_in_the_standard_letters(raw: bytes) -> None:
    """RFC 4648, 6."""
    assert named_digest(raw) == f"sha256:{base64.b32encode(raw).decode()}"
    assert names(named_digest(raw), raw)


def test_a_chain_is_kept_once_a_file(open_store: Any, captures: Any, mine: Any) -> None:
    store = open_store()
    run = store.begin_run()
    for path in ("/", "/a", "/b"):
        store.exchange(captures.exchange(path), **mine(run))

    records = members_of(store)

    handshakes = [r.id for r in records if r.type == "metadata"]
    assert len(handshakes) == 1
    assert {r.field("x-tls-facts") for r in records if r.type == "response"} == {f"<{handshakes[0]}>"}


def test_a_304_names_the_record_it_stands_for(open_store: Any, captures: Any, mine: Any) -> None:
    """WARC 1.1, 6.7.3: profile server-not-modified."""
    store = open_store()
    first = store.exchange(captures.exchange(), **mine(store.begin_run()))
    again = store.exchange(captures.unchanged(), **mine(store.begin_run()), refers_to=first)
    store.commit()

    path = store.home.archive / f"{again.run}-00000.warc.gz"
    revisit = read_record(inflate_member(list(walk(path))[1].raw))

    assert revisit.type == again.kind == "revisit"
    assert revisit.field("warc-profile").endswith("/server-not-modified")
    assert revisit.field("warc-refers-to") == f"<{first.id}>"
    assert revisit.field("warc-refers-to-target-uri") == first.url
    assert revisit.field("warc-refers-to-date") == "2021-10-04T01:00:01.000000Z"
    assert again.refers_to == first.id
    assert again.body_sha256 == first.body_sha256


def test_an_equal_payload_is_a_revisit_and_another_is_not(open_store: Any, captures: Any, mine: Any) -> None:
    """WARC 1.1, 6.7.2: profile identical-payload-digest."""
    store = open_store()
    run = store.begin_run()
    first = store.exchange(captures.exchange(), **mine(run))

    same = store.exchange(captures.exchange(), **mine(run), refers_to=first)
    other = store.exchange(captures.exchange(body=b"<p>M</p>"), **mine(run), refers_to=first)

    assert (same.kind, same.status, other.kind) == ("revisit", 200, "response")
    profiles = [r.field("warc-profile") for r in members_of(store) if r.type == "revisit"]
    assert [p.rpartition("/")[2] for p in profiles] == ["identical-payload-digest"]
    assert store.body(same.id) == b"<p>Tin</p>"


def test_a_failed_attempt_is_a_record_with_its_reason(open_store: Any, captures: Any, mine: Any) -> None:
    store = open_store()
    record = store.failure(captures.failed("/mat", Failure.ROBOTS), **mine(store.begin_run()))

    metadata = members_of(store)[1]
    said = json.loads(metadata.block)

    assert metadata.type == "metadata"
    assert (said["failure"], said["transient"], said["url"]) == ("robots", False, record.url)
    assert (record.kind, record.failure, record.status) == ("failure", Failure.ROBOTS, None)


def test_a_portal_cannot_write_fields_of_ours(open_store: Any, captures: Any, mine: Any) -> None:
    store = open_store()
    hostile = captures.exchange(
        "/x\r\nWARC-Type: warcinfo",
        headers=(("Content-Type", "text/html\r\nWARC-Type: warcinfo"), ("X\r\n\r\n", "y\ud800")),
        address="127.0.0.1\r\nWARC-Type: warcinfo:80",
    )
    record = store.exchange(hostile, **mine(store.begin_run()))

    response = members_of(store)[1]

    assert [value for name, value in response.fields if name == "warc-type"] == ["response"]
    assert response.field("warc-target-uri") == "https://soxaydung.example/x%0D%0AWARC-Type:%20warcinfo"
    assert response.http()[2] == hostile.wire
    assert store.record(record.id) == record


def test_a_body_cut_at_the_cap_says_so_and_is_never_asked_about_again(
    open_store: Any, captures: Any, mine: Any
) -> None:
    store = open_store()
    record = store.exchange(captures.exchange(truncated=True), **mine(store.begin_run()))

    assert members_of(store)[1].field("warc-truncated") == "length"
    assert store.latest(record.agency, record.source, record.url) is None


def test_files_follow_one_another_by_size_and_by_run(open_store: Any, captures: Any, mine: Any) -> None:
    store = open_store(roll_bytes=2000)
    one, two = store.begin_run(), store.begin_run()
    for number in range(6):
        store.exchange(captures.exchange(f"/{number}"), **mine(one if number % 2 else two))
    store.commit()

    names = sorted(path.name for path in store.home.archive.iterdir())

    assert names == [f"{run}-{n:05}.warc.gz" for run in (one, two) for n in range(2)]


def test_leaves_are_canonical_json() -> None:
    """RFC 8785, 3.2.2.2: the shortest escapes, everything else as it is; keys in order."""
    text = "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/é"

    written = canonical({"b": text, "a": [1, None, True]})

    assert written == '{"a":[1,null,true],"b":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/é"}'.encode()


@given(st.text(), st.text(min_size=1), st.integers(100, 599) | st.none(), st.booleans())
def test_a_leaf_written_out_by_hand_is_canonical(
    text: str, word: str, status: int | None, has_payload: bool
) -> None:
    """RFC 8785: what `canonical` makes of the same values, whatever they hold."""
    payload = {"payload_sha256": "b" * 64} if has_payload else {}
    failure = {"failure": word} if status is None else {}
    member: dict[str, Any] = {"id": text, "type": word, "sha256": "a" * 64, "length": 7, **payload}
    said: dict[str, Any] = {
        "kind": word,
        "agency": text,
        "source": text,
        "run": word,
        "url": text,
        "fetched_at": word,
    }
    said |= {"status": status, "outcome": text, **failure}

    leaf = Leaf(**said, members=(Member(**member), Member(**member)))

    assert leaf.entry() == canonical({**said, "v": 1, "members": [member, member]})
    assert Leaf.read(leaf.entry()) == leaf


@pytest.mark.parametrize("length", [3, 65_531, 65_535, 65_536, 200_000])
@pytest.mark.parametrize("begins", [b"\x1f\x8b\x08", b"PK\x03\x04", b"<!do"])
def test_a_body_that_is_packed_already_is_stored_as_it_is(length: int, begins: bytes) -> None:
    """RFC 1951, 3.2.4: stored blocks of at most 65,535 bytes; RFC 1952: one member, whatever is in it."""
    wire = begins + Random(1).randbytes(length)

    sealed = seal("response", "urn:x", "2021", [], "application/http", b"HTTP/1.1 200 OK\r\n\r\n", wire)

    content = zlib.decompress(sealed.stored, 31)
    assert content == inflate_member(sealed.stored)
    assert read_record(content).wire() == wire
    assert len(sealed.stored) < len(wire) + 500


def test_a_leaf_is_read_back_only_as_written(open_store: Any, captures: Any, mine: Any) -> None:
    store = open_store()
    store.failure(captures.failed(), **mine(store.begin_run()))
    store.commit()
    entry = (store.home.log / "entries").read_bytes().splitlines()[1]

    leaf = Leaf.read(entry)

    assert (leaf.kind, leaf.outcome, leaf.failure) == ("failure", "failed", "timeout-read")
    assert leaf.entry() == entry


def test_a_record_is_one_gzip_member_and_nothing_else(tmp_path: Any) -> None:
    one = isal_zlib.compress(b"WARC/1.1\r\nContent-Length: 2\r\n\r\nhi\r\n\r\n", 1, 31)
    (tmp_path / "two").write_bytes(one + one)

    assert record_at(tmp_path / "two", 0, len(one)).block == b"hi"
    for offset, length in ((0, 2 * len(one)), (0, len(one) - 1), (1, len(one)), (len(one), len(one) + 1)):
        with pytest.raises(MemberError):
            record_at(tmp_path / "two", offset, length)


def test_a_file_is_walked_member_by_member_to_the_first_byte_in_none(tmp_path: Any) -> None:
    """Readers that end silently at a torn tail hide it: ours says where."""
    parts = [isal_zlib.compress(bytes(size), 1, 31) for size in (0, 1, 70_000, 3_000_000)]
    (tmp_path / "whole").write_bytes(b"".join(parts))
    (tmp_path / "torn").write_bytes(b"".join(parts)[:-1])

    assert [stored.raw for stored in walk(tmp_path / "whole")] == parts
    with pytest.raises(MemberError) as torn:
        list(walk(tmp_path / "torn"))
    assert torn.value.args[1] == sum(map(len, parts[:-1]))
