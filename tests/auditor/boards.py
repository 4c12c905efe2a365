"""A small round built by hand, scored by the real arithmetic: what web pages and annexes are tested on.

Two blocs, five agencies of a province that never was; one makes a false claim, one errs against itself, one
has a dark portal, two share a rank.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from uuid import NAMESPACE_URL, uuid5

from auditor.desk import Board
from minhchung.agencies import Agency, Bloc
from minhchung.evidence import PORTAL, AgencyCode, EvidenceRecord, Locator, RecordId, RunId
from minhchung.index_set import ChecklistItem, Component, Formula, IndexSet, InputSpec, MainIndex
from minhchung.measurements import Grade, Input, Measurement, Note, Origin, Reason, Result, Unmeasured, Value
from minhchung.periods import Period
from minhchung.rounds import Band, Round
from minhchung.submissions import SubmittedFigure
from scoring.standing import stand

HOSTILE = "<script>alert('x')</script>"
"""What a portal would like to have run in the reader's browser."""

PERIOD = Period(date(2020, 11, 1), date(2021, 10, 31))

DOCUMENTS = Component(
    code="HD.4",
    title="Tỷ lệ văn bản đăng đủ thuộc tính",
    points=Decimal(40),
    kind="objective_crawl",
    formula=Formula(type="ratio"),
    tolerance=Decimal("0.02"),
    verifier="documents",
    inputs=(
        InputSpec(role="num", name="van_ban_du", origins=(Origin.CRAWL,), title="Văn bản đủ thuộc tính"),
        InputSpec(role="den", name="van_ban", origins=(Origin.CRAWL,), title="Văn bản đăng tải"),
    ),
)
SECTIONS = Component(
    code="HD.1",
    title="Mục giới thiệu",
    points=Decimal(30),
    kind="objective_crawl",
    formula=Formula(
        type="checklist",
        items=(
            ChecklistItem(id="so-do", points=Decimal(10), name="Sơ đồ tổ chức"),
            ChecklistItem(id="lanh-dao", points=Decimal(20), name="Thông tin lãnh đạo"),
        ),
    ),
    verifier="sections",
    inputs=(InputSpec(role="items", name="muc", origins=(Origin.CRAWL,), title="Các mục"),),
)
PLAN = Component(
    code="TC.1",
    title="Ban hành kế hoạch chuyển đổi số",
    points=Decimal(30),
    kind="submitted_proof",
    formula=Formula(type="boolean"),
    inputs=(InputSpec(role="value", name="co_ke_hoach", origins=(Origin.SUBMITTED,), title="Có kế hoạch"),),
)
INDEX_SET = IndexSet(
    id="thu",
    title="Bộ chỉ số thử",
    status="reconstruction",
    warning="Bộ chỉ số tái dựng: dùng để thử.",
    scale=Decimal(100),
    main_index=(
        MainIndex(
            code="HD", title="Hoạt động Chính quyền số", points=Decimal(70), component=(SECTIONS, DOCUMENTS)
        ),
        MainIndex(code="TC", title="Thể chế", points=Decimal(30), component=(PLAN,)),
    ),
)
ROUND = Round(
    id="2021",
    title="Đánh giá, xếp hạng mức độ Chính quyền số năm 2021",
    index_set="thu",
    registry="thu",
    period=PERIOD,
    freeze=date(2021, 11, 10),
    report_due=date(2021, 10, 30),
    blocs=(
        Bloc(code="provincial", name="Cơ quan nhà nước cấp tỉnh", unit="sở, ngành"),
        Bloc(code="district", name="Cơ quan nhà nước cấp huyện", unit="huyện"),
    ),
    bands=(
        Band(code="tot", name="Mức tốt", min=Decimal(85)),
        Band(code="kha", name="Mức khá", min=Decimal(70)),
        Band(code="trung-binh", name="Mức trung bình", min=Decimal(50)),
        Band(code="yeu", name="Mức yếu", min=Decimal(0)),
    ),
)


def agency(code: str, name: str, bloc: str) -> Agency:
    """Return an agency of the province that never was."""
    return Agency(code=AgencyCode(code), name=name, bloc=bloc, portal=f"http://{code}.example.vn/")


REGISTRY = (
    agency("so-may", "Sở Mây", "provincial"),
    agency("so-gio", f"Sở Gió {HOSTILE}", "provincial"),
    agency("so-toi", "Sở Tối", "provincial"),
    agency("huyen-nang", "UBND huyện Nắng", "district"),
    agency("huyen-mua", "UBND huyện Mưa", "district"),
)


def record_id(said: str) -> RecordId:
    """Return the record identifier that follows from a text."""
    return RecordId(f"urn:uuid:{uuid5(NAMESPACE_URL, said)}")


def record(said: str, agency: str = "so-may") -> EvidenceRecord:
    """Return the record of a page."""
    return EvidenceRecord(
        id=record_id(said),
        agency=AgencyCode(agency),
        source=PORTAL,
        run=RunId("20211102T130000Z-1"),
        url=f"http://{agency}.example.vn/{said}",
        captured_at=datetime(2021, 11, 2, 13, 0, 5, tzinfo=UTC),
        kind="response",
        status=200,
        content_type="text/html; charset=utf-8",
        body_sha256="ab" * 32,
        leaf=7,
    )


def measured(agency: str, component: str, inputs: Mapping[str, Value]) -> Measurement:
    """Return a measurement that rests on one record."""
    return Measurement(
        inputs={name: Input(value=value, origin=Origin.CRAWL) for name, value in inputs.items()},
        grade=Grade.VERIFIED,
        window=PERIOD,
        basis=(Locator(record=record_id(f"{agency} {component}"), path="main > table"),),
        notes=(Note(key="seen", text=f"Đã đọc {HOSTILE}", count=1),),
        verifier="documents/1",
    )


def claimed(agency: str, component: str, inputs: Mapping[str, Value]) -> SubmittedFigure:
    """Return a claim as read from a workbook."""
    return SubmittedFigure(
        agency=AgencyCode(agency),
        component=component,
        inputs=inputs,
        proof=f"=HYPERLINK {HOSTILE}",
        seen=Locator(record=record_id(f"{agency} workbook"), path="TuDanhGia!E2"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """What one agency does and what it says of itself."""

    complete: int
    """Documents with all their attributes, of 40; negative: the portal is dark."""

    claims: int
    sections: frozenset[str] = frozenset({"so-do", "lanh-dao"})
    plan: bool = True


CONDUCT = {
    "so-may": Conduct(complete=36, claims=40),
    "so-gio": Conduct(complete=36, claims=35),
    "so-toi": Conduct(complete=-1, claims=40),
    "huyen-nang": Conduct(complete=20, claims=20, sections=frozenset({"so-do"})),
    "huyen-mua": Conduct(complete=10, claims=10, plan=False),
}


def _results(code: str, conduct: Conduct) -> dict[str, Result]:
    if conduct.complete < 0:
        dark = Unmeasured(
            reason=Reason.UNREACHABLE,
            detail="0 trên 4 lượt thành công",
            basis=(Locator(record=record_id(f"{code} dark")),),
        )
        return {"HD.1": dark, "HD.4": dark}
    counts: dict[str, Value] = {"van_ban_du": Fraction(conduct.complete), "van_ban": Fraction(40)}
    return {
        "HD.1": measured(code, "HD.1", {"muc": conduct.sections}),
        "HD.4": measured(code, "HD.4", counts),
    }


def _claims(code: str, conduct: Conduct) -> dict[str, SubmittedFigure]:
    counts: dict[str, Value] = {"van_ban_du": Fraction(conduct.claims), "van_ban": Fraction(40)}
    return {
        "HD.1": claimed(code, "HD.1", {"muc": conduct.sections}),
        "HD.4": claimed(code, "HD.4", counts),
        "TC.1": claimed(code, "TC.1", {"co_ke_hoach": conduct.plan}),
    }


def board(*, simulated: bool = True, conduct: Mapping[str, Conduct] = CONDUCT) -> Board:
    """Return the small round, scored."""
    registry = tuple(agency for agency in REGISTRY if agency.code in conduct)
    standing = stand(
        index_set=INDEX_SET,
        round_=ROUND,
        registry=registry,
        results={AgencyCode(code): _results(code, each) for code, each in conduct.items()},
        claims={AgencyCode(code): _claims(code, each) for code, each in conduct.items()},
        owner_figures={},
        simulated=simulated,
    )
    return Board(round=ROUND, index_set=INDEX_SET, standing=standing, registry=registry)


def settled_board() -> Board:
    """Return the small round without its dark portal, official and of no simulated province."""
    lit = {code: each for code, each in CONDUCT.items() if each.complete >= 0}
    found = board(simulated=False, conduct=lit)
    return replace(found, standing=replace(found.standing, reconstruction=False))
