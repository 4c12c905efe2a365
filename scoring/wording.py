"""The Vietnamese words for grounds, findings, grades and reasons, as annexes and derivations print them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from minhchung.incidents import Incident, IncidentOutcome
from minhchung.measurements import Grade, NotApplicable, NotApplicableReason, Origin, Reason, Unmeasured
from minhchung.periods import local_day
from minhchung.scores import Finding, Ground

GROUNDS: Final[dict[Ground, str]] = {
    Ground.AGREED: "đo được, khớp số tự báo cáo",
    Ground.CORRECTED: "đo được, khác số tự báo cáo: lấy số đo",
    Ground.MEASURED: "theo số đo",
    Ground.CLAIMED: "theo số tự báo cáo",
    Ground.CLAIM_PROVISIONAL: "chưa đo được, tạm tính theo số tự báo cáo",
    Ground.OWNER: "theo số của đơn vị chủ quản",
    Ground.ACCEPTED: "chưa đo được, chấp nhận theo minh chứng nộp kèm",
    Ground.OPEN: "chưa xác định",
    Ground.EXCLUDED: "chưa đo được, loại ra theo quy định của đợt",
    Ground.OBSERVED: "chưa đo được, theo quan sát trực tiếp có đồng ký",
    Ground.RULED: "theo kết luận thẩm định",
    Ground.NOT_APPLICABLE: "không áp dụng",
    Ground.ABSENT: "cơ quan không gửi số liệu",
}

FINDINGS: Final[dict[Finding, str]] = {
    Finding.AGREED: "khớp",
    Finding.FALSE_CLAIM: "khai vượt",
    Finding.HONEST_ERROR: "sai lệch nhỏ hoặc không có lợi cho cơ quan",
    Finding.UNVERIFIABLE: "chưa xác minh được",
    Finding.NOT_APPLICABLE: "không áp dụng",
    Finding.NO_CLAIM: "không báo cáo",
}

GRADES: Final[dict[Grade, str]] = {
    Grade.VERIFIED: "đã xác minh",
    Grade.PARTLY_VERIFIED: "xác minh một phần",
    Grade.UNVERIFIED: "chưa xác minh",
}

ORIGINS: Final[dict[Origin, str]] = {
    Origin.CRAWL: "thu thập từ cổng",
    Origin.SERVICE: "hệ thống dịch vụ",
    Origin.OWNER: "chủ quản hệ thống",
    Origin.SUBMITTED: "cơ quan tự báo cáo",
    Origin.RULING: "kết luận thẩm định",
    Origin.SIGHTING: "quan sát trực tiếp",
}

REASONS: Final[dict[Reason, str]] = {
    Reason.UNREACHABLE: "không truy cập được",
    Reason.BLOCKED: "bị chặn",
    Reason.ROBOTS_REFUSED: "robots.txt không cho phép",
    Reason.LAYOUT_CHANGED: "bố cục trang đã đổi",
    Reason.NEEDS_BROWSER: "cần trình duyệt",
    Reason.NEEDS_LOGIN: "cần đăng nhập",
    Reason.IDENTITY_UNVERIFIED: "chưa xác nhận được là trang của cơ quan",
    Reason.NO_PORTAL_CONFIRMED: "chưa xác nhận địa chỉ cổng",
    Reason.COVERAGE_BELOW: "thời gian quan sát chưa đủ",
    Reason.SINGLE_MEASUREMENT: "mới đo một lần",
    Reason.NEEDS_PERSON: "cần người xem lại lượt thu thập",
    Reason.INCIDENT: "sự cố phía thu thập",
    Reason.PLATFORM_INCIDENT: "sự cố nền tảng dùng chung",
    Reason.MIGRATION: "cổng đang chuyển nền tảng",
    Reason.BASIS_DOES_NOT_FIT: "cơ sở số liệu không khớp định nghĩa",
    Reason.DENOMINATOR_ABSENT: "chưa có mẫu số",
    Reason.FIGURES_CONTRADICT: "số liệu mâu thuẫn",
    Reason.MAPPING_MISSING: "chưa ánh xạ được mã hoặc nhãn",
    Reason.CALENDAR_MISSING: "chưa có lịch ngày nghỉ",
    Reason.SCHEMA_CHANGED: "cấu trúc dữ liệu của hệ thống đã đổi",
    Reason.UNAUTHORISED: "hệ thống từ chối quyền truy cập",
    Reason.NOT_READ: "chưa đọc được do công cụ",
    Reason.NOT_COLLECTED: "chưa thu thập",
    Reason.ADVISORY: "bộ kiểm chứng chỉ để tham khảo",
}

NOT_APPLICABLE: Final[dict[NotApplicableReason, str]] = {
    NotApplicableReason.NO_PROCEDURES: "cơ quan không có thủ tục hành chính",
    NotApplicableReason.NO_QUESTIONS: "không có câu hỏi trong kỳ",
    NotApplicableReason.NO_FEES: "không có hồ sơ có phí",
    NotApplicableReason.NO_DOSSIERS: "không có hồ sơ trong kỳ",
}


def why_unmeasured(result: Unmeasured) -> str:
    """Return why there is no measurement: `Chưa đo được (không truy cập được): …`."""
    return _because(f"Chưa đo được ({REASONS[result.reason]})", result.detail)


def why_not_applicable(result: NotApplicable) -> str:
    """Return why the component does not apply: `Không áp dụng (không có câu hỏi trong kỳ): …`."""
    return _because(f"Không áp dụng ({NOT_APPLICABLE[result.reason]})", result.detail)


def _because(what: str, detail: str) -> str:
    return f"{what}: {detail}" if detail else what


OUTCOMES: Final[Mapping[IncidentOutcome, str]] = {
    "left-out": "không tính lượt nào trong đó",
    "told": "chỉ nêu, điểm vẫn để mở",
    "charged": "tính cho cơ quan",
    "once": "chưa tính cho ai",
}


def days_of(incident: Incident) -> str:
    """Return the local days of an incident in print."""
    first, last = local_day(incident.began_at), local_day(incident.ended_at)
    return f"{first:%d/%m/%Y}" if first == last else f"{first:%d/%m/%Y}–{last:%d/%m/%Y}"


def incident_said(incident: Incident) -> str:
    """Return one sentence on an incident: when, why, what came of it, whose visits."""
    return (
        f"{days_of(incident)}, {incident.name}: {incident.ground}; {OUTCOMES[incident.outcome]} "
        f"({', '.join(incident.agencies)})"
    )
