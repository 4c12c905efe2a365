"""TLS: every chain is judged, a broken one is told and its content still read (G13 of the method)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from collectors.fetcher import Fetcher, FetchRequest
from collectors.tls import FAILURES, make_contexts
from minhchung.errors import ConfigError
from minhchung.evidence import Exchange, FailedAttempt, Failure, TlsVerdict
from tests.collectors.certificates import Signed, make, root_file, server_context
from tests.collectors.memory import Memory
from tests.collectors.tiny import page, visit
from tests.collectors.worlds import Reply, Ticking, World

DER = Encoding.DER
ROOT = make("Trung tâm chứng thực mô phỏng", authority=True)
OTHER = make("Trung tâm khác mô phỏng", authority=True)
MIDDLE = make("Cấp giữa mô phỏng", ROOT, authority=True)


async def read(
    tmp_path: Path, leaf: Signed, *chain: Signed, secret: bool = False
) -> tuple[Exchange | FailedAttempt, World]:
    """Ask a server with this certificate, trusting ROOT; twice, to see what a second request meets."""
    world = World({"/": Reply("Sở mô phỏng")}, tls=server_context(tmp_path, leaf, *chain))
    headers = (("Authorization", "Bearer mat-khau"),) if secret else ()
    async with world, Fetcher(world.network(), Ticking(), [root_file(tmp_path, ROOT)]) as fetcher:
        await fetcher.fetch(FetchRequest(url=world.url("/"), secret_headers=headers))
        return await fetcher.fetch(FetchRequest(url=world.url("/"), secret_headers=headers)), world


CASES = {
    TlsVerdict.VALID: (make("127.0.0.1", ROOT),),
    TlsVerdict.EXPIRED: (make("127.0.0.1", ROOT, days=(-30, -3)),),
    TlsVerdict.WRONG_NAME: (make("khac.example", ROOT, address="127.0.0.2"),),
    TlsVerdict.UNTRUSTED: (make("127.0.0.1"),),
    TlsVerdict.INCOMPLETE_CHAIN: (make("127.0.0.1", MIDDLE),),
}


@pytest.mark.parametrize("verdict", CASES)
async def test_the_verdict_stands_on_the_exchange_and_the_content_is_read(
    tmp_path: Path, verdict: TlsVerdict
) -> None:
    """Expired, wrong name, self-signed, incomplete: a finding each, and the page is read all the same."""
    leaf = CASES[verdict][0]

    answer, _ = await read(tmp_path, leaf)

    assert isinstance(answer, Exchange)
    assert answer.wire.decode() == "Sở mô phỏng"
    assert answer.tls is not None
    assert answer.tls.verdict is verdict
    assert answer.tls.protocol.startswith("TLSv1")
    assert answer.tls.chain[0] == leaf.certificate.public_bytes(DER)
    assert bool(answer.tls.detail) is (verdict is not TlsVerdict.VALID)


async def test_the_chain_is_kept_as_served(tmp_path: Path) -> None:
    """Leaf first, with the intermediate; the root, which the server did not send, is not in it."""
    leaf = make("127.0.0.1", MIDDLE)

    answer, _ = await read(tmp_path, leaf, MIDDLE)

    assert isinstance(answer, Exchange)
    assert answer.tls is not None
    assert answer.tls.verdict is TlsVerdict.VALID
    assert answer.tls.chain == tuple(each.certificate.public_bytes(DER) for each in (leaf, MIDDLE))


async def test_a_served_root_that_is_none_of_ours_is_untrusted(tmp_path: Path) -> None:
    """The chain leads somewhere, but not to a pinned root."""
    answer, _ = await read(tmp_path, make("127.0.0.1", OTHER), OTHER)

    assert isinstance(answer, Exchange)
    assert answer.tls is not None
    assert answer.tls.verdict is TlsVerdict.UNTRUSTED


@pytest.mark.parametrize(
    ("verdict", "failure"),
    [
        (TlsVerdict.EXPIRED, Failure.TLS_EXPIRED),
        (TlsVerdict.WRONG_NAME, Failure.TLS_NAME),
        (TlsVerdict.UNTRUSTED, Failure.TLS_CHAIN),
        (TlsVerdict.INCOMPLETE_CHAIN, Failure.TLS_CHAIN),
    ],
)
async def test_credentials_go_to_a_verified_host_or_nowhere(
    tmp_path: Path, verdict: TlsVerdict, failure: Failure
) -> None:
    """What is read unverified is public; a token is not."""
    answer, world = await read(tmp_path, CASES[verdict][0], secret=True)

    assert isinstance(answer, FailedAttempt)
    assert answer.failure is failure
    assert answer.tls is not None
    assert answer.tls.verdict is verdict
    assert world.requests == []


async def test_a_host_read_unverified_before_gets_no_credentials_either(tmp_path: Path) -> None:
    """The exception for reading is remembered by host; it must not widen."""
    world = World({"/": Reply("x")}, tls=server_context(tmp_path, make("127.0.0.1")))
    secret = FetchRequest(url="", secret_headers=(("Authorization", "Bearer mat-khau"),))
    async with world, Fetcher(world.network(), Ticking()) as fetcher:
        first = await fetcher.fetch(FetchRequest(url=world.url("/")))
        second = await fetcher.fetch(FetchRequest(url=world.url("/"), secret_headers=secret.secret_headers))

    assert isinstance(first, Exchange)
    assert isinstance(second, FailedAttempt)
    assert len(world.requests) == 1


@pytest.fixture
async def authority() -> AsyncIterator[World]:
    """Where the intermediate that a server forgot can be had."""
    async with World(
        {"/giua.cer": Reply(MIDDLE.certificate.public_bytes(DER), type="application/pkix-cert")}
    ) as world:
        yield world


@pytest.mark.parametrize(
    ("form", "whole"),
    [("der", True), ("pem", True), ("other", False), ("none", False)],
)
async def test_a_forgotten_intermediate_is_fetched_where_config_says_so(
    tmp_path: Path, authority: World, form: str, whole: bool
) -> None:
    """As browsers do (RFC 5280, 4.2.2.1): the finding stays, the identity is verified."""
    served = {"pem": MIDDLE.pem(), "other": OTHER.pem(), "none": b"khong co"}
    if form in served:
        authority.pages["/giua.cer"] = Reply(served[form])
    leaf = make("127.0.0.1", MIDDLE, issuer_at=authority.url("/giua.cer"))
    world = World({"/": Reply("Sở")}, tls=server_context(tmp_path, leaf))
    async with world:
        allow = (f"127.0.0.1:{world.port}", f"127.0.0.1:{authority.port}")
        network = world.network(fetch_intermediates=True, broken_tls="refuse", allow=allow)
        async with Fetcher(network, Ticking(), [root_file(tmp_path, ROOT)]) as fetcher:
            secret = (("Authorization", "Bearer mat-khau"),)
            answer = await fetcher.fetch(FetchRequest(url=world.url("/"), secret_headers=secret))

    assert len(authority.requests) >= 1
    assert answer.tls is not None
    assert answer.tls.verdict is TlsVerdict.INCOMPLETE_CHAIN
    assert isinstance(answer, Exchange) is whole
    assert ("completed by" in answer.tls.detail) is whole
    assert len(world.requests) == whole


@pytest.mark.parametrize("there", [True, False])
async def test_a_fetched_intermediate_is_sealed_with_the_visit(
    tmp_path: Path, authority: World, there: bool
) -> None:
    """An identity that rests on a certificate from elsewhere is proved by that; no request goes uncounted."""
    if not there:
        authority.pages.clear()
    leaf = make("127.0.0.1", MIDDLE, issuer_at=authority.url("/giua.cer"))
    memory = Memory()
    async with World({"/": Reply(page("Trang chủ"))}, tls=server_context(tmp_path, leaf)) as world:
        report = await visit(
            world, memory, roots=[root_file(tmp_path, ROOT)], fetch_intermediates=True,
            allow=(f"127.0.0.1:{world.port}", f"127.0.0.1:{authority.port}"),
        )  # fmt: skip

    (sealed,) = [each for each in memory.records.values() if each.url == authority.url("/giua.cer")]
    assert sealed.status == (200 if there else 404)
    assert (sealed.agency, sealed.run) == (report.agency, report.run)
    assert (memory.body(sealed.id) == MIDDLE.certificate.public_bytes(DER)) is there
    assert report.state == "ok"


async def test_an_intermediate_is_no_root(tmp_path: Path, authority: World) -> None:
    """What was fetched completes a chain and ends none: the root must be one of ours."""
    leaf = make("127.0.0.1", MIDDLE, issuer_at=authority.url("/giua.cer"))
    world = World({"/": Reply("Sở")}, tls=server_context(tmp_path, leaf))
    async with world:
        allow = (f"127.0.0.1:{world.port}", f"127.0.0.1:{authority.port}")
        network = world.network(fetch_intermediates=True, broken_tls="refuse", allow=allow)
        async with Fetcher(network, Ticking(), [root_file(tmp_path, OTHER)]) as fetcher:
            answer = await fetcher.fetch(FetchRequest(url=world.url("/")))

    assert isinstance(answer, FailedAttempt)
    assert answer.failure is Failure.TLS_CHAIN
    assert world.requests == []


@pytest.mark.parametrize("verdict", [v for v in CASES if v is not TlsVerdict.VALID])
async def test_config_may_refuse_broken_chains_and_except_hosts(tmp_path: Path, verdict: TlsVerdict) -> None:
    """Refused: not a byte is sent, and the verdict is told all the same; a host named apart is read."""
    world = World({"/": Reply("Sở")}, tls=server_context(tmp_path, CASES[verdict][0]))
    async with world:
        ended = []
        for hosts in ((), ("127.0.0.1",)):
            network = world.network(broken_tls="refuse", broken_tls_hosts=hosts)
            async with Fetcher(network, Ticking(), [root_file(tmp_path, ROOT)]) as fetcher:
                ended.append(await fetcher.fetch(FetchRequest(url=world.url("/"))))

    refused, read = ended
    assert isinstance(refused, FailedAttempt)
    assert isinstance(read, Exchange)
    assert refused.tls is not None
    assert read.tls is not None
    assert refused.tls.verdict is read.tls.verdict is verdict
    assert refused.failure is FAILURES[verdict]
    assert len(world.requests) == 1


@pytest.mark.parametrize("verdict", [TlsVerdict.VALID, TlsVerdict.EXPIRED, TlsVerdict.UNTRUSTED])
async def test_a_portal_read_unverified_is_said_to_be_so(tmp_path: Path, verdict: TlsVerdict) -> None:
    """The report says in words what the verdict on every record says."""
    world = World({"/": Reply(page("Sở Mô phỏng"))}, tls=server_context(tmp_path, CASES[verdict][0]))
    async with world:
        report = await visit(world, Memory(), roots=[root_file(tmp_path, ROOT)])

    assert report.state == "ok"
    assert (f"chứng thư {verdict.value}" in report.detail) is (verdict is not TlsVerdict.VALID)


async def test_one_broken_host_does_not_open_another(tmp_path: Path) -> None:
    """There is no global switch: each host's chain is judged on its own."""
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    second.mkdir()
    broken = World({"/": Reply("x")}, tls=server_context(first, make("127.0.0.1")))
    sound = World({"/": Reply("x")}, tls=server_context(second, make("127.0.0.1", ROOT)))
    async with broken, sound:
        allow = (f"127.0.0.1:{broken.port}", f"127.0.0.1:{sound.port}")
        roots = [root_file(tmp_path, ROOT)]
        async with Fetcher(broken.network(allow=allow), Ticking(), roots) as fetcher:
            answers = [await fetcher.fetch(FetchRequest(url=world.url("/"))) for world in (broken, sound)]

    verdicts = [answer.tls.verdict for answer in answers if answer.tls is not None]
    assert verdicts == [TlsVerdict.UNTRUSTED, TlsVerdict.VALID]


async def test_a_port_that_does_not_speak_tls_is_another_tls_failure() -> None:
    """Taxonomy: tls-other; there is no chain to judge."""

    async with World({"/": Reply("x")}) as plain:
        url = plain.url("/").replace("http:", "https:")
        async with Fetcher(plain.network(timeout_connect=0.5), Ticking()) as fetcher:
            answer = await fetcher.fetch(FetchRequest(url=url))

    assert isinstance(answer, FailedAttempt)
    assert answer.failure in (Failure.TLS_OTHER, Failure.RESET)
    assert plain.requests == []


def test_a_root_that_is_no_pem_is_a_fault_of_config(tmp_path: Path) -> None:
    """trust_roots names a file; the error names it too."""
    file = tmp_path / "roots.pem"
    file.write_text("not a certificate")

    with pytest.raises(ConfigError, match=r"roots\.pem: trust_roots"):
        make_contexts([file])
