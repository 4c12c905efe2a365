"""The words by which Vietnamese portals label the attributes of what they publish."""

from __future__ import annotations

from typing import Final

LABELS: Final[dict[str, tuple[str, ...]]] = {
    "number": (
        "số ký hiệu", "số/ký hiệu", "số, ký hiệu", "số và ký hiệu", "số hiệu", "số hiệu văn bản",
        "số ký hiệu văn bản", "số văn bản", "ký hiệu", "số", "số công văn", "số - ký hiệu", "số đi",
        "số hiệu/ký hiệu", "document number", "number",
    ),
    "issued": (
        "ngày ban hành", "ngày ký", "ngày ký ban hành", "ban hành ngày", "ngày văn bản",
        "ngày tháng văn bản", "ngày tháng ban hành", "ngày ra văn bản", "thời gian ban hành", "ngày bh",
        "ban hành", "ngày tháng năm ban hành", "ngày kí ban hành", "issued",
    ),
    "effective": (
        "ngày có hiệu lực", "ngày hiệu lực", "hiệu lực từ", "hiệu lực", "có hiệu lực", "có hiệu lực từ",
        "có hiệu lực từ ngày", "thời điểm có hiệu lực", "hiệu lực từ ngày", "ngày áp dụng",
        "hiệu lực thi hành", "ngày bắt đầu hiệu lực",
    ),
    "expires": (
        "ngày hết hiệu lực", "hết hiệu lực", "ngày hết hạn",
    ),
    "issuer": (
        "cơ quan ban hành", "đơn vị ban hành", "nơi ban hành", "cơ quan ban hành văn bản", "cq ban hành",
        "cơ quan", "nơi phát hành", "cơ quan, đơn vị ban hành", "cơ quan phát hành", "tổ chức ban hành",
        "issuer",
    ),
    "doc_type": (
        "loại văn bản", "hình thức văn bản", "thể loại văn bản", "thể loại", "loại", "hình thức",
        "tên loại", "loại vb", "kiểu văn bản", "document type",
    ),
    "summary": (
        "trích yếu", "trích yếu nội dung", "nội dung trích yếu", "về việc", "trích yếu văn bản",
        "trích dẫn", "nội dung", "v/v", "tóm tắt", "tóm tắt nội dung", "abstract",
    ),
    "signer": (
        "người ký", "người kí", "người ký duyệt", "người ký văn bản", "ký bởi", "signed by",
    ),
    "published": (
        "ngày đăng", "ngày đăng tải", "đăng ngày", "ngày xuất bản", "ngày công bố", "thời gian đăng",
        "đăng lúc", "ngày đưa tin", "ngày đăng tin", "ngày phát hành", "ngày đưa lên", "ngày cập nhật",
        "cập nhật", "cập nhật ngày", "cập nhật lúc", "ngày tạo", "thời gian đăng tải", "ngày đăng bài",
        "xuất bản", "published", "posted on",
    ),
    "day": (
        "ngày", "ngày tháng", "date", "ngày, tháng",
    ),
    "attachments": (
        "tệp đính kèm", "file đính kèm", "tập tin đính kèm", "tài liệu đính kèm", "văn bản đính kèm",
        "tải về", "toàn văn", "tệp tin", "tải văn bản", "tải file", "tải xuống", "download", "tệp",
        "file", "đính kèm", "tài liệu", "nội dung văn bản", "xem", "attachments",
    ),
    "title": (
        "tiêu đề", "tên văn bản", "tên bài viết", "tên", "tên tài liệu", "tên bài", "tiêu đề bài viết",
        "title",
    ),
    "asked": (
        "ngày hỏi", "ngày gửi", "gửi ngày", "ngày gửi câu hỏi", "hỏi ngày", "ngày đặt câu hỏi",
        "gửi lúc", "ngày tiếp nhận", "thời gian gửi", "thời gian hỏi", "ngày nhận",
    ),
    "answered": (
        "ngày trả lời", "trả lời ngày", "ngày phúc đáp", "thời gian trả lời", "trả lời lúc",
        "ngày đăng trả lời",
    ),
    "answer": (
        "trả lời", "nội dung trả lời", "câu trả lời", "phúc đáp", "phản hồi", "nội dung phúc đáp",
    ),
    "asker": (
        "người hỏi", "người gửi", "họ tên", "họ và tên", "công dân", "địa chỉ", "email", "điện thoại",
        "tác giả câu hỏi",
    ),
    "source": (
        "nguồn", "nguồn tin", "theo", "tác giả", "nguồn bài",
    ),
    "views": (
        "lượt xem", "số lượt xem", "lượt đọc", "số lần xem", "đã xem",
    ),
    "field": (
        "lĩnh vực", "lĩnh vực văn bản", "chuyên mục", "chuyên đề", "danh mục",
    ),
    "status": (
        "tình trạng", "trạng thái", "tình trạng hiệu lực", "hiệu lực văn bản",
    ),
    "order": (
        "stt", "tt", "số tt", "số thứ tự", "no",
    ),
}  # fmt: skip
"""Field -> labels, compared on k2."""
