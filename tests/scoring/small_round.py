"""A round of six invented agencies in which every ground, finding and kind of place occurs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final

from minhchung.agencies import Agency, Bloc
from minhchung.evidence import PORTAL, AgencyCode, EvidenceRecord, Locator, RecordId, RunId
from minhchung.index_set import Component, IndexSet, InputSpec, MainIndex
from minhchung.measurements import Input, Measurement, Note, Origin, Reason, Result, Unmeasured
from minhchung.rounds import Round
from minhchung.scores import Standing
from minhchung.submissions import OwnerFigure, SubmittedFigure
from scoring.standing import stand
from tests.scoring.making import claim, component, given, index_set_2021, measured, owned, round_of

REAL: Final = index_set_2021()
NEWS: Final = replace(REAL.component("HD.2"), points=Decimal(3))
DOCUMENTS: Final = REAL.component("HD.4")
HTTPS: Final = REAL.component("AT.4")
DOSSIERS: Final = REAL.component("HD.15")
STAFF: Final = replace(
    component("ratio", "8", code="HT.1", verifier="", origins=(Origin.OWNER, Origin.SUBMITTED)),
    title="Tỷ lệ máy tính kết nối Internet",
    inputs=(
        InputSpec(role="num", name="num", origins=(Origin.OWNER, Origin.SUBMITTED), title="Số máy tính"),
        InputSpec(role="den", name="den", origins=(Origin.OWNER, Origin.SUBMITTED), title="Số cán bộ"),
    ),
)
SET: Final = IndexSet(
    id="nho",
    title="Bộ chỉ số nhỏ",
    status="reconstruction",
    warning="Bộ chỉ số tái dựng để thử.",
    scale=Decimal(20),
    main_index=(
        MainIndex(code="HT", title="Hạ tầng", points=Decimal(8), component=(STAFF,)),
        MainIndex(code="HD", title="Hoạt động", points=Decimal(10), component=(NEWS, DOCUMENTS, DOSSIERS)),
        MainIndex(code="AT", title="An toàn", points=Decimal(2), component=(HTTPS,)),
    ),
)
ROUND: Final[Round] = replace(
    round_of(),
    title="Đánh giá thử năm 2021",
    blocs=(
        Bloc(code="provincial", name="Cơ quan nhà nước cấp tỉnh", unit="sở, ngành"),
        Bloc(code="district", name="Cơ quan nhà nước cấp huyện", unit="huyện"),
    ),
    bands=tuple(replace(band, min=band.min / 5) for band in round_of().bands),
)


def _agency(code: str, name: str, bloc: str = "provincial", *, procedures: bool = True) -> Agency:
    return Agency(code=AgencyCode(code), name=name, bloc=bloc, has_procedures=procedures)


REGISTRY: Final = (
    _agency("so-ban", "Sở Ban"),
    _agency("so-mo", "Sở Mơ"),
    _agency("so-trang", "Sở Trạng"),
    _agency("thanh-tra", "Thanh tra", procedures=False),
    _agency("huyen-dao", "UBND huyện Đào", "district"),
    _agency("huyen-le", "UBND huyện Lê", "district"),
)
HOME: Final = RecordId("urn:uuid:00000000-0000-4000-8000-00000000000a")
LIST: Final = RecordId("urn:uuid:00000000-0000-4000-8000-00000000000b")
RECORDS: Final[Mapping[RecordId, EvidenceRecord]] = {
    record: EvidenceRecord(
        id=record,
        agency=AgencyCode("so-ban"),
        source=PORTAL,
        run=RunId("20211102T130000Z-1"),
        url=url,
        captured_at=datetime(2021, 11, 2, 13, minute, tzinfo=UTC),
        kind=kind,
        status=200,
        body_sha256="ab" * 32,
        refers_to=HOME if kind == "revisit" else None,
    )
    for record, url, minute, kind in (
        (HOME, "http://127.0.0.1:8104/", 1, "response"),
        (LIST, "http://127.0.0.1:8104/tin-tuc?trang=1", 2, "revisit"),
    )
}


def _news(per_week: str, share: str) -> Measurement:
    return replace(
        measured(
            {
                "so_tin_tu_bien_tap_moi_tuan": Input(value=Fraction(per_week), origin=Origin.CRAWL),
                "ty_le_tuan_co_tin": Input(value=Fraction(share), origin=Origin.CRAWL),
            }
        ),
        basis=(
            Locator(record=LIST, path="ul > li:nth-child(1)"),
            Locator(record=LIST, path="ul > li:nth-child(2)"),
            Locator(record=HOME, path="h1", span=(0, 12)),
        ),
        notes=(Note(key="duplicates", text="Tin trùng đã bỏ", count=21),),
        questions=(Note(key="burst", text="Nhiều tin đăng trong 14 ngày cuối kỳ", count=30),),
    )


def _all(num: int, den: int, met: frozenset[str], on_time: int) -> dict[str, Result]:
    return {
        "HD.4": measured(given(van_ban_du_thuoc_tinh=num, van_ban_dang_tai=den)),
        "HD.15": measured(given(Origin.SERVICE, ho_so_dung_han=on_time, ho_so_da_giai_quyet_va_qua_han=8021)),
        "AT.4": measured(given(kiem_tra_https=met)),
    }


WHOLE: Final = frozenset({"https", "chung_thu_hop_le", "chuyen_huong_http"})
DARK: Final = Unmeasured(
    reason=Reason.UNREACHABLE,
    detail="0 trên 5 lượt thành công",
    basis=(Locator(record=HOME, path=""),),
    verifier="news_cadence/1",
)
RESULTS: Final[Mapping[AgencyCode, Mapping[str, Result]]] = {
    AgencyCode("so-ban"): {"HD.2": _news("1309/365", "40/51"), **_all(36, 48, WHOLE, 7840)},
    AgencyCode("so-mo"): {"HD.2": DARK, **_all(48, 48, frozenset({"https"}), 8021)},
    AgencyCode("so-trang"): {"HD.2": _news("6", "1"), **_all(20, 40, WHOLE, 6000)},
    AgencyCode("thanh-tra"): {"HD.2": _news("6", "1"), **_all(12, 12, WHOLE, 0)},
    AgencyCode("huyen-dao"): {"HD.2": _news("4", "9/10"), **_all(30, 40, WHOLE, 8000)},
    AgencyCode("huyen-le"): {"HD.2": _news("4", "9/10"), **_all(30, 40, WHOLE, 8000)},
}


def _claims(*claims: SubmittedFigure) -> dict[str, SubmittedFigure]:
    return {said.component: replace(said, proof="Phụ lục =1") for said in claims}


def _staff(num: int) -> SubmittedFigure:
    return claim(STAFF, num=num, den=40)


def _documents(num: int, of: Component = DOCUMENTS) -> SubmittedFigure:
    return claim(of, van_ban_du_thuoc_tinh=num, van_ban_dang_tai=48)


CLAIMS: Final[Mapping[AgencyCode, Mapping[str, SubmittedFigure]]] = {
    AgencyCode("so-ban"): _claims(
        _staff(40),
        _documents(48),
        claim(NEWS, so_tin_tu_bien_tap_moi_tuan="3.59", ty_le_tuan_co_tin="40/51"),
    ),
    AgencyCode("so-mo"): _claims(_staff(40), claim(NEWS, so_tin_tu_bien_tap_moi_tuan=7, ty_le_tuan_co_tin=1)),
    AgencyCode("so-trang"): _claims(_staff(39)),
    AgencyCode("thanh-tra"): _claims(_staff(30)),
    AgencyCode("huyen-dao"): _claims(_staff(40)),
}
OWNER_FIGURES: Final[Mapping[AgencyCode, tuple[OwnerFigure, ...]]] = {
    AgencyCode("so-trang"): (owned(STAFF, "num", 38), owned(STAFF, "den", 40)),
    AgencyCode("huyen-le"): (owned(STAFF, "num", 40), owned(STAFF, "den", 40)),
}


def small_standing() -> Standing:
    """Return the standing of the small round."""
    return stand(
        index_set=SET,
        round_=ROUND,
        registry=REGISTRY,
        results=RESULTS,
        claims=CLAIMS,
        owner_figures=OWNER_FIGURES,
        simulated=True,
    )
