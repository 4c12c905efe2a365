"""What `sites probe` prints: a profile ready to be saved, every field with its confidence and the reason."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any, Final
from urllib.parse import urlsplit

from collectors.reading.learned import LearnedField, LearnedList
from minhchung.addresses import host_of
from minhchung.sites import FieldRule, Pagination
from service.probing import Probe

Say = Callable[[str, str], str]
_KEY: Final = re.compile(r"[^a-z0-9]+")
_KINDS: Final = {
    "news": "tin", "legal_document": "van-ban", "directive": "chi-dao", "question": "hoi-dap",
    "schedule_entry": "lich", "article": "muc",
}  # fmt: skip


def as_toml(found: Probe, url: str, say: Say) -> Iterator[str]:
    """Yield the lines of the profile; what is not certain stands in comments."""
    learned, report = found.learned, found.report
    yield say(
        f"# {url}: {report.state}, {report.fetched} trang đã tải, {learned.item_pages} trang bài đã đọc",
        f"# {url}: {report.state}, {report.fetched} pages fetched, {learned.item_pages} item pages read",
    )
    if report.detail:
        yield f"# {report.detail}"
    yield say(
        "# Sau mỗi trường: độ tin cậy; số lần đọc được; số lần trang bài nói giống dòng trong danh sách.",
        "# After each field: confidence; how often it was read; how often row and item page agreed.",
    )
    yield f"key = {_quoted(site_key(url))}"
    if learned.sign:
        yield f"platform = {_quoted(learned.platform)}  # {say('dấu hiệu', 'sign')}: {learned.sign}"
    if learned.required_text:
        yield f"required_text = {_quoted(learned.required_text)}"
    if learned.order != "dmy":
        yield f'dates = ["{learned.order}"]  # ' + say("tháng đứng trước ngày", "months stand before days")
    for feed in found.feeds:
        yield f"# {say('nguồn tin', 'feed')}: {feed}"
    for other in learned.unnamed:
        yield f"# {say('danh sách không tên, để tự tìm', 'unnamed list, left to looking')}: {other}"
    keys = _list_keys(learned.lists)
    for key, each in zip(keys, learned.lists, strict=True):
        yield from _list(key, each, say)
    if learned.item_fields:
        yield from ("", "[item]")
        yield from _fields(learned.item_fields, say, rules=True)


def _list(key: str, each: LearnedList, say: Say) -> Iterator[str]:
    pages = say(f"{each.items} mục trên {each.pages} trang", f"{each.items} items on {each.pages} pages")
    yield ""
    yield "[[list]]"
    yield f"key = {_quoted(key)}  # {each.heading}: {pages}"
    yield f"url = {_quoted(_local(each.url))}"
    if each.named:
        yield f"kind = {_quoted(each.kind)}"
    if each.further is not None and each.further.kind == "postback":
        yield 'pagination = { kind = "postback" }'
    elif each.further is not None:
        yield f"# {say('trang tiếp', 'further pages')}: {paging(each.further)}"
    if each.rows:
        yield f"rows = {_quoted(each.rows)}"
    else:
        yield "# rows: " + say("không bộ chọn nào khớp; tự tìm", "no selector fits; found by looking")
    yield from _fields(each.fields, say, rules=bool(each.rows))


def _fields(fields: Mapping[str, LearnedField], say: Say, *, rules: bool) -> Iterator[str]:
    for name, learned in fields.items():
        why = reason(learned, say)
        if learned.rule is not None and rules:
            yield f"fields.{name} = {_rule(learned.rule)}  # {percent(learned.confidence)}; {why}"
        else:
            yield f"# {name}: {percent(learned.confidence)}; {why}; {say('tự tìm', 'found by looking')}"


def reason(learned: LearnedField, say: Say) -> str:
    """Return why a field is as sure as it is."""
    seen = say(f"đọc được {learned.seen}/{learned.of}", f"read {learned.seen}/{learned.of}")
    if not learned.compared:
        return seen + say("; chưa có gì để đối chiếu", "; nothing to compare with")
    return seen + say(
        f"; trùng {learned.agreed}/{learned.compared} trang bài",
        f"; agrees with {learned.agreed}/{learned.compared} item pages",
    )


def paging(rules: Pagination) -> str:
    """Return how further pages are asked for, as it was observed."""
    match rules.kind:
        case "query":
            return f"?{rules.param}={rules.first + 1}"
        case "offset":
            return f"?{rules.param}={rules.first + rules.page_size}"
        case "path":
            return rules.path_template.replace("{page}", str(rules.first + 1))
        case kind:
            return kind


def as_json(found: Probe, url: str, say: Say) -> dict[str, Any]:
    """Return everything that was learnt, and the profile as text."""
    learned, report = found.learned, found.report
    return {
        "url": url,
        "state": report.state,
        "detail": report.detail,
        "fetched": report.fetched,
        "platform": {"key": learned.platform, "sign": learned.sign},
        "dates": learned.order,
        "required_text": learned.required_text,
        "feeds": list(found.feeds),
        "unnamed": list(learned.unnamed),
        "item_pages": learned.item_pages,
        "lists": [
            {
                "url": each.url,
                "kind": each.kind,
                "named": each.named,
                "heading": each.heading,
                "rows": each.rows,
                "items": each.items,
                "pages": each.pages,
                "pagination": _pagination(each.further),
                "fields": _as_json(each.fields, say),
            }
            for each in learned.lists
        ],
        "item": {"fields": _as_json(learned.item_fields, say)},
        "profile": "\n".join(as_toml(found, url, say)),
    }


def _pagination(rules: Pagination | None) -> dict[str, Any] | None:
    if rules is None:
        return None
    told = {"kind": rules.kind, "observed": paging(rules)}
    if rules.kind in {"query", "offset"}:
        return {**told, "param": rules.param, "first": rules.first, "page_size": rules.page_size or None}
    return told


def _as_json(fields: Mapping[str, LearnedField], say: Say) -> dict[str, Any]:
    return {
        name: {
            "confidence": float(round(each.confidence, 3)),
            "why": reason(each, say),
            "rule": _given(each.rule) if each.rule is not None else None,
            "example": each.example,
        }
        for name, each in fields.items()
    }


def site_key(url: str) -> str:
    """Return a key for the profile: the address's host and path, as file names are written."""
    parts = urlsplit(url)
    plain = unicodedata.normalize("NFKD", f"{host_of(url)}{parts.path}".casefold()).encode("ascii", "ignore")
    return _KEY.sub("-", plain.decode()).strip("-") or "cong"


def _list_keys(lists: tuple[LearnedList, ...]) -> list[str]:
    met: dict[str, int] = {}
    keys = []
    for each in lists:
        key = _KINDS[each.kind]
        met[key] = met.get(key, 0) + 1
        keys.append(key if met[key] == 1 else f"{key}-{met[key]}")
    return keys


def _local(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"


def _given(rule: FieldRule) -> dict[str, Any]:
    told = {"css": rule.css, "attr": rule.attr, "label": list(rule.label), "many": rule.many}
    return {name: value for name, value in told.items() if value}


def _rule(rule: FieldRule) -> str:
    inside = ", ".join(f"{name} = {_quoted(value)}" for name, value in _given(rule).items())
    return f"{{ {inside} }}"


def _quoted(value: Any) -> str:
    """Return a value as TOML: what JSON writes of texts, lists of texts and truths is TOML too."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def percent(share: Fraction) -> str:
    """Return a share in whole per cent; what nothing confirmed never reads as certain."""
    return f"{int(share * 100)} %" if share < 1 else "100 %"
