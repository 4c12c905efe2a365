"""Reads any JSON interface by a profile: where the rows are, which keys mean which figure, how it pages.

`settings.question` is a list of profiles (docs/reference/service-drivers.md). A row with children is a total
over them; a declared total is compared with what was read; a page that says to be another one ends the list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from collectors.interface import Answer, Ask, Capabilities, ServiceDriver
from collectors.meanings import by_basis, rates_of
from collectors.profiled import Profile, of_province, profiles, question, spans, topic_of
from collectors.service_answers import (
    Answered,
    as_printed,
    count,
    demand,
    level_of,
    national_code,
    payload,
    rows_of,
    tallies,
    text_of,
)
from minhchung.agencies import PROVINCE, Agency
from minhchung.dossiers import Topic
from minhchung.errors import UnrecognisedError
from minhchung.evidence import EvidenceRecord
from minhchung.observations import Procedure, ServiceOffer, SourceAgency
from minhchung.periods import Period
from minhchung.sources import Source

_DEEPEST: Final = 8


class ByJson:
    """Asks the questions of a profile and reads the rows of the answers."""

    def capabilities(self, source: Source) -> Capabilities:
        """Return the topics of the profiles."""
        topics: set[Topic] = {topic_of(profile) for _, profile in profiles(source, "question")}
        return Capabilities(
            topics=frozenset(topics), shape="hồ sơ đọc do người vận hành khai cho hệ thống này"
        )

    def asks(self, source: Source, agency: Agency, period: Period) -> Iterator[Ask]:
        """Yield the first page of each profile that is of one agency."""
        if agency.identifier(source.key) is None:
            return
        for number, profile in profiles(source, "question"):
            if not of_province(profile):
                for span in spans(profile, period):
                    yield question(source, number, profile, agency, span, 1, _first_page(profile))

    def surveys(self, source: Source, period: Period) -> Iterator[Ask]:
        """Yield the first page of each profile that is of the province."""
        for number, profile in profiles(source, "question"):
            if of_province(profile):
                for span in spans(profile, period):
                    nobody = Agency(code=PROVINCE, name="", bloc="")
                    yield question(source, number, profile, nobody, span, 1, _first_page(profile))

    def read(
        self, source: Source, agency: Agency, record: EvidenceRecord, body: bytes, ask: Ask
    ) -> Iterator[Answer]:
        """Yield what the rows say, the next page, and the health of the topic."""
        answered = Answered(source=source, agency=agency, record=record, topic=ask.topic)
        value, trouble = payload(record, body)
        if trouble is not None:
            yield answered.health(*trouble)
            return
        try:
            profile = dict(profiles(source, "question"))[ask.profile]
            _success(profile, value)
            rows = _rows(at(value, str(profile.get("rows", ""))))
            found = list(_found(answered, profile, rows, ask))
            follows, fault = _goes_on(profile, value, rows, ask)
        except UnrecognisedError as error:
            yield answered.health("schema-changed", str(error))
            return
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            yield answered.health("schema-changed", f"hồ sơ đọc thiếu hoặc sai mục {error}")
            return
        yield from found
        if follows and ask.first is not None and ask.last is not None:
            span = (ask.first, ask.last)
            yield question(source, ask.profile, profile, agency, span, ask.page + 1, _first_page(profile))
        yield answered.health("ok" if rows or ask.page > 1 else "empty", fault, complete=not fault)


def at(value: Any, path: str) -> Any:
    """Return what stands at a dotted path; raises UnrecognisedError where nothing does."""
    for part in filter(None, path.split(".")):
        if not isinstance(value, dict) or part not in value:
            raise UnrecognisedError(f"không có {path!r} trong câu trả lời")
        value = value[part]
    return value


def _rows(value: Any) -> list[Mapping[str, Any]]:
    """Return a list of objects, or a single object as the only one."""
    return [value] if isinstance(value, dict) else rows_of(value)


def _optional(row: Mapping[str, Any], path: Any) -> str:
    if not path:
        return ""
    try:
        value = at(row, str(path))
    except UnrecognisedError:
        return ""
    if isinstance(value, dict | list):
        raise UnrecognisedError(f"{path!r} không phải một giá trị")
    return text_of(value)


def _success(profile: Profile, value: Any) -> None:
    wanted = profile.get("success")
    if wanted is not None and at(value, str(wanted["path"])) != wanted["equals"]:
        raise UnrecognisedError(f"hệ thống không báo thành công ở {wanted['path']!r}")


def _first_page(profile: Profile) -> int:
    return int(profile.get("page", {}).get("first", 1))


def _goes_on(profile: Profile, value: Any, rows: list[Mapping[str, Any]], ask: Ask) -> tuple[bool, str]:
    """Return whether another page follows, and what keeps the list from being whole."""
    page: Mapping[str, Any] = profile.get("page", {})
    if not page:
        return False, ""
    size = int(page["size"])
    if echo := page.get("echo"):
        said = count(at(value, str(echo)), str(echo))
        due = ask.page - 1 + int(page.get("echo_first", _first_page(profile)))
        if said != due:
            return False, f"hỏi trang {due}, câu trả lời nói là trang {said}"
    read = (ask.page - 1) * size + len(rows)
    total = count(at(value, str(page["total"])), str(page["total"])) if page.get("total") else None
    if len(rows) > size:
        return False, f"trang có {len(rows)} dòng, hỏi {size}"
    if len(rows) == size and (total is None or read < total):
        return True, ""
    if total is not None and read != total:
        return False, f"hệ thống nói có {total} dòng, đọc được {read}"
    return False, ""


def _found(answered: Answered, profile: Profile, rows: list[Mapping[str, Any]], ask: Ask) -> Iterator[Answer]:
    who = answered.agency.identifier(answered.source.key) or ""
    for path, row, depth, has_children in _unfolded(rows, str(profile.get("children", "")), "", 0):
        demand(row, frozenset(map(str, profile.get("required", ()))))
        named = profile.get("agency")
        code = _optional(row, named)
        match ask.topic:
            case "agencies":
                yield SourceAgency(
                    **answered.carried(path), identifier=code, name=_optional(row, profile.get("name"))
                )
            case "procedures" if not (named and code != who):
                yield Procedure(
                    **answered.carried(path),
                    code=national_code(_optional(row, profile.get("procedure"))),
                    name=_optional(row, profile.get("name")),
                )
            case "services" if not (named and code != who):
                words = _optional(row, profile["level"])
                yield ServiceOffer(
                    **answered.carried(path),
                    procedure=national_code(_optional(row, profile["procedure"])),
                    level=level_of(words, answered.source.level),
                    level_text=words,
                )
            case "dossiers" | "reports":
                whose = _whose(profile, code, who, depth, bool(named))
                if whose:
                    yield from _tally(answered, profile, row, ask, path, whose, code, has_children)
            case _:
                pass


def _whose(profile: Profile, code: str, who: str, depth: int, named: bool) -> str:
    """Return whose row it is: the agency's, a unit's under it, the province's; empty: anybody else's."""
    if not named or code == who:
        return "agency"
    if code in map(str, profile.get("province", ())):
        return "province"
    return "unit" if depth and who and code.startswith(f"{who}.") else ""


def _tally(
    answered: Answered,
    profile: Profile,
    row: Mapping[str, Any],
    ask: Ask,
    path: str,
    whose: str,
    code: str,
    has_children: bool,
) -> Iterator[Answer]:
    figures: Mapping[str, str] = profile["figures"]
    missing = [key for key in figures.values() if key not in row]
    if len(missing) == len(figures):
        raise UnrecognisedError(f"khóa không còn: {', '.join(sorted(missing)[:6])}")
    procedure = _optional(row, profile.get("procedure"))
    yield from tallies(
        answered,
        row,
        by_basis(figures),
        path=path,
        span=(ask.first, ask.last),
        whose=whose,
        body="" if whose == "agency" else code,
        is_total=has_children or whose == "province",
        procedure=national_code(procedure) if procedure else "",
        printed=as_printed(row, profile.get("printed", {})),
        rates=rates_of(profile.get("printed", {})),
        definition=str(profile.get("definition", "")),
        report=str(profile.get("report", "")),
    )


def _unfolded(
    rows: list[Mapping[str, Any]], children: str, path: str, depth: int
) -> Iterator[tuple[str, Mapping[str, Any], int, bool]]:
    """Yield (JSON pointer, row, depth, whether it stands over others) of rows and of those nested in them."""
    if depth > _DEEPEST:
        raise UnrecognisedError("các dòng lồng nhau quá sâu")
    for number, row in enumerate(rows):
        inner = row.get(children) if children else None
        nested = rows_of(inner, children) if inner else []
        yield f"{path}/{number}", row, depth, bool(nested)
        yield from _unfolded(nested, children, f"{path}/{number}/{children}", depth + 1)


BY_JSON: Final[ServiceDriver] = ByJson()
