"""AT.4: whether the portal is served securely (docs/reference/verifiers)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from minhchung.evidence import TlsVerdict
from minhchung.holdings import Holdings, VisitReport
from minhchung.measurements import Reason, Result, Unmeasured
from minhchung.observations import RedirectChain, TlsCheck
from verifiers.checklists import Look, conclude, settle
from verifiers.interface import Context, Verifier
from verifiers.passes import by_run, healthy, refusal, snapshot_visits, snapshot_window, visit_places, words

INPUT: Final = "kiem_tra_https"
_HIDDEN: Final = frozenset({"unreachable", "blocked", "robots-refused"})
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_CAUSES: Final[Mapping[TlsVerdict, str]] = {
    TlsVerdict.EXPIRED: "chứng thư ngoài thời hạn hiệu lực",
    TlsVerdict.UNTRUSTED: "chứng thư không dẫn tới gốc tin cậy",
    TlsVerdict.INCOMPLETE_CHAIN: "chuỗi chứng thư gửi ra không đầy đủ (incomplete-chain)",
    TlsVerdict.WRONG_NAME: "tên trong chứng thư không khớp",
    TlsVerdict.OTHER: "chứng thư không hợp lệ",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`config/verifiers/https_certificate.toml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    accept_incomplete_chain: bool = False
    max_hops: int = 5


@dataclass(frozen=True, slots=True)
class Tested:
    """What one visit tested."""

    visit: VisitReport
    tls: TlsCheck | None
    redirects: RedirectChain | None

    @property
    def handshaken(self) -> bool:
        """Say whether a handshake was made: without one, a portal that hides proves nothing."""
        return self.tls is not None and self.tls.state == "answered"


def measure(holdings: Holdings, context: Context, settings: Settings) -> Result:
    """Return how the portal's main address was served on the tests of the period's end."""
    visits = snapshot_visits(holdings, context)
    tests = tuple(_tests(holdings, visits))
    if not any(each.tls or each.redirects for each in tests):
        refused = refusal(holdings, visits)
        return refused or Unmeasured(
            reason=Reason.NOT_COLLECTED, detail=words(Reason.NOT_COLLECTED), basis=visit_places(visits)
        )
    items: Mapping[str, Callable[[Tested, Settings], Look]] = {
        "https": look_at_https,
        "chung_thu_hop_le": look_at_certificate,
        "chuyen_huong_http": look_at_redirect,
    }
    settled = {
        key: settle((look(each, settings) for each in tests), context.common) for key, look in items.items()
    }
    return conclude(INPUT, settled, context, snapshot_window(holdings.agency, context), label=VERIFIER.label)


def _tests(holdings: Holdings, visits: tuple[VisitReport, ...]) -> Iterator[Tested]:
    checks, chains = by_run(holdings, TlsCheck), by_run(holdings, RedirectChain)
    for visit in visits:
        tls, redirects = checks.get(visit.run, ()), chains.get(visit.run, ())
        test = Tested(visit, tls[-1] if tls else None, redirects[-1] if redirects else None)
        if healthy(visit) and (tls or redirects) and (visit.state not in _HIDDEN or test.handshaken):
            yield test


def look_at_https(test: Tested, settings: Settings) -> Look:
    """Return whether https answered with the agency's portal, whatever its certificate."""
    tls, at = test.tls, test.visit.began_at
    if tls is None:
        return Look(state="open", at=at, reason=Reason.NOT_COLLECTED)
    said = f"{tls.url}: {tls.detail or tls.state}"
    match tls.state:
        case "answered" if tls.is_portal:
            return Look(state="met", at=at, basis=(tls.seen,), said=f"{tls.url} trả lời")
        case "answered" if test.visit.reason is not None:
            # A page that could not be read cannot be told from another's: that is no proof against it.
            return Look(state="open", at=at, reason=test.visit.reason, basis=(tls.seen,), said=said)
        case "answered":
            said = f"{tls.url} trả lời nhưng không phải trang của cơ quan"
            return Look(state="empty", at=at, basis=(tls.seen,), said=said)
        case "no-https" | "failed":
            return Look(state="absent", at=at, basis=(tls.seen,), said=said)
        case "timeout" if _http_lives(test) and test.visit.reason is None:
            return Look(state="absent", at=at, basis=(tls.seen,), said=said)
        case "timeout" | "dns":
            reason = test.visit.reason or Reason.UNREACHABLE
            return Look(state="open", at=at, reason=reason, basis=(tls.seen,), said=said)


def _http_lives(test: Tested) -> bool:
    return test.redirects is not None and test.redirects.state == "answered"


def look_at_certificate(test: Tested, settings: Settings) -> Look:
    """Return whether the certificate as served was valid; without https there is none to be."""
    served, tls = look_at_https(test, settings), test.tls
    if served.state != "met" or tls is None:
        return served
    accepted = {TlsVerdict.VALID}
    if settings.accept_incomplete_chain:
        accepted.add(TlsVerdict.INCOMPLETE_CHAIN)
    if tls.verdict is None:
        return Look(state="open", at=served.at, reason=Reason.NOT_READ, basis=(tls.seen,))
    if tls.verdict in accepted:
        return Look(state="met", at=served.at, basis=(tls.seen,), said="chứng thư hợp lệ")
    said = _CAUSES.get(tls.verdict, tls.verdict.value) + (f": {tls.detail}" if tls.detail else "")
    return Look(state="empty", at=served.at, basis=(tls.seen,), said=said)


def look_at_redirect(test: Tested, settings: Settings) -> Look:
    """Return whether plain http led to https, or was closed while https worked."""
    chain, at = test.redirects, test.visit.began_at
    if chain is None:
        return Look(state="open", at=at, reason=Reason.NOT_COLLECTED)
    hops = " → ".join(f"{status} {target}" for status, target in chain.hops)
    match chain.state:
        case "no-port":
            return Look(state="open", at=at, reason=Reason.MAPPING_MISSING, said="chưa khai báo cổng http")
        case "failed":
            return Look(state="open", at=at, reason=Reason.UNREACHABLE, basis=(chain.seen,))
        case "refused":
            served = look_at_https(test, settings)
            if served.state == "met":
                return Look(
                    state="met",
                    at=at,
                    basis=(chain.seen, *served.basis),
                    said="cổng http đã đóng, https trả lời",
                )
            return served
        case "answered" if _leads_to_https(chain, settings):
            return Look(state="met", at=at, basis=(chain.seen,), said=f"{chain.url} → {hops}")
        case "answered" if test.visit.reason is not None and not chain.hops:
            return Look(state="open", at=at, reason=test.visit.reason, basis=(chain.seen,))
        case "answered":
            said = f"{chain.url} → {hops}" if hops else f"{chain.url} không chuyển hướng"
            return Look(state="empty", at=at, basis=(chain.seen,), said=said)


def _leads_to_https(chain: RedirectChain, settings: Settings) -> bool:
    return (
        chain.ends_on_https
        and 0 < len(chain.hops) <= settings.max_hops
        and all(status in _REDIRECTS for status, _ in chain.hops)
    )


VERIFIER: Final = Verifier(
    name="https_certificate", version=2, settings=Settings, roles=("items",), measure=measure
)
