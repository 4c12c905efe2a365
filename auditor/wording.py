"""Words and numbers as the pages print them; what annexes print too comes from `scoring.wording`."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final

from minhchung.contradictions import Contradiction
from minhchung.evidence import Failure, RecordId
from minhchung.index_set import Component
from minhchung.measurements import Value
from minhchung.periods import VIETNAM
from minhchung.rounds import Round
from minhchung.scores import Finding, Ground, Place, Score
from scoring.inputs import told
from scoring.numerals import comma, exact, rounded
from scoring.wording import FINDINGS

MOST_PLACES: Final = 4
"""Records shown beside one contradiction; the command line names them all."""

TONES: Final = {
    Finding.AGREED: "good",
    Finding.FALSE_CLAIM: "bad",
    Finding.HONEST_ERROR: "mild",
    Finding.UNVERIFIABLE: "open",
    Finding.NOT_APPLICABLE: "still",
    Finding.NO_CLAIM: "still",
}
"""Colour class of each finding; the words always stand beside it."""

SHORT_FINDINGS: Final = {
    Finding.FALSE_CLAIM: "khai vượt",
    Finding.HONEST_ERROR: "sai lệch nhỏ",
    Finding.UNVERIFIABLE: "chưa xác minh",
}
"""For counts in a narrow cell, after a number."""

FAILURES: Final = {
    Failure.DNS: "không phân giải được tên máy chủ",
    Failure.CONNECT: "không kết nối được",
    Failure.RESET: "kết nối bị ngắt",
    Failure.TIMEOUT_CONNECT: "quá thời gian kết nối",
    Failure.TIMEOUT_READ: "quá thời gian chờ dữ liệu",
    Failure.TIMEOUT_TOTAL: "quá thời gian cho một yêu cầu",
    Failure.TLS_EXPIRED: "chứng thư số hết hạn",
    Failure.TLS_CHAIN: "chuỗi chứng thư số không tin cậy",
    Failure.TLS_NAME: "chứng thư số sai tên miền",
    Failure.TLS_OTHER: "lỗi TLS khác",
    Failure.TOO_LARGE: "nội dung quá lớn",
    Failure.DECODE_BOMB: "nội dung nén phình quá lớn",
    Failure.BAD_CONTENT: "nội dung hỏng",
    Failure.REDIRECT_LOOP: "chuyển hướng vòng quanh",
    Failure.REDIRECT_FORBIDDEN: "chuyển hướng tới nơi không được phép",
    Failure.ADDRESS_FORBIDDEN: "địa chỉ không được phép",
    Failure.ROBOTS: "robots.txt không cho đọc",
    Failure.BLOCKED: "bị chặn",
    Failure.RATE_LIMITED: "bị giới hạn tần suất",
    Failure.HTTP_4XX: "máy chủ trả lỗi 4xx",
    Failure.HTTP_5XX: "máy chủ trả lỗi 5xx",
    Failure.BUDGET: "hết hạn mức của lượt",
    Failure.NO_BROWSER: "không có trình duyệt",
}

KINDS: Final = {
    "response": "Trả lời HTTP",
    "revisit": "Đọc lại, nội dung không đổi",
    "failure": "Lần thử không thành",
    "resource": "Tài liệu",
}

SIMULATED: Final = "MÔ PHỎNG: số liệu của một tỉnh không có thật, chỉ để thử nghiệm; không dùng làm căn cứ."
PROVISIONAL: Final = (
    "Có cơ quan tạm xếp: một số điểm chưa kiểm chứng được nên còn để mở; điểm và hạng ghi theo khoảng "
    "thấp nhất – cao nhất. Đợt chưa thể chốt."
)
PROVISIONAL_ONE: Final = (
    "Tạm xếp: điểm hoặc hạng của cơ quan này còn có thể thay đổi, vì điểm của chính cơ quan hoặc của cơ quan "
    "khác trong khối còn để mở."
)
TRIAL: Final = "ĐỢT THỬ NGHIỆM: đợt đánh giá chưa được mở chính thức; kết quả không có giá trị công bố."
RECONSTRUCTION: Final = (
    "Bộ chỉ số tái dựng: trọng số và ngưỡng do người dựng đặt, không phải văn bản chính thức."
)

DASH: Final = "–"


def numeral(value: Decimal | Fraction, decimals: int = 2) -> str:
    """Return a number as printed: a decimal as it is, a fraction rounded half-up."""
    return comma(value) if isinstance(value, Decimal) else rounded(value, decimals)


def span(low: Decimal | Fraction, high: Decimal | Fraction, decimals: int = 2) -> str:
    """Return `78,2`, or `78,2–84,1` where both ends differ as printed."""
    first, last = numeral(low, decimals), numeral(high, decimals)
    return first if first == last else f"{first}{DASH}{last}"


def rank_text(place: Place) -> str:
    """Return a place as the published tables print it, `06`, or `03–05`; a dash where it is not ranked."""
    if place.best == 0:
        return DASH
    if place.best == place.worst:
        return f"{place.best:02d}"
    return f"{place.best:02d}{DASH}{place.worst:02d}"


def band_text(place: Place, round_: Round) -> str:
    """Return the level, or both where open points leave two possible."""
    names = {band.code: band.name for band in round_.bands}
    low, high = names[place.band_low], names[place.band_high]
    return low if low == high else f"{low} {DASH} {high.removeprefix('Mức ')}"


def finding_text(score: Score) -> str:
    """Return how the claim compares; what nothing measures rests on the report alone, which is no finding."""
    if score.figure.ground is Ground.CLAIMED:
        return "Chỉ theo báo cáo"
    return sentence(FINDINGS[score.figure.finding])


def tone_of(score: Score) -> str:
    """Return the colour class of a score's finding."""
    return "still" if score.figure.ground is Ground.CLAIMED else TONES[score.figure.finding]


def sentence(words: str) -> str:
    """Return words with a capital at the beginning, the rest as it is."""
    return words[:1].upper() + words[1:]


def day_text(day: date) -> str:
    """Return a day as written in Viet Nam."""
    return f"{day:%d/%m/%Y}"


def instant_text(instant: datetime) -> str:
    """Return an aware instant in local time, to the second."""
    return f"{instant.astimezone(VIETNAM):%d/%m/%Y %H:%M:%S}"


def value_text(component: Component, name: str, value: Value) -> str:
    """Return an input's value for people; checklist items and options by their names."""
    return exact(value) if isinstance(value, Fraction) else told(component, name, value)


def input_title(component: Component, name: str) -> str:
    """Return what an input is called for people."""
    return next((spec.title or spec.name for spec in component.inputs if spec.name == name), name)


def records_of(contradiction: Contradiction) -> list[RecordId]:
    """Return the records that both sides of a contradiction stand in, each once, at most `MOST_PLACES`."""
    places = (*contradiction.one.seen, *contradiction.other.seen)
    return list(dict.fromkeys(place.record for place in places))[:MOST_PLACES]
