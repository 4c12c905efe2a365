"""What an owner's export means: proposed, confirmed by a person, remembered by its headings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from collectors.exports import Export, read_export
from collectors.meanings import rates_of
from collectors.proposals import Proposal, propose_agencies, propose_columns
from minhchung.dossiers import MEANINGS
from minhchung.errors import SubmissionError, UnrecognisedError, UsageError
from minhchung.mappings import ExportMapping
from minhchung.sources import Source
from service.config_files import parse, read_bytes
from service.files import whole_file
from service.settings import Settings

MAX_BYTES: Final = 20_000_000
TYPES: Final = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What a person is asked to confirm about one file."""

    export: Export
    columns: tuple[Proposal, ...]
    bodies: tuple[Proposal, ...]
    known: ExportMapping | None
    """The mapping confirmed earlier for these headings."""


def read_file(path: Path) -> bytes:
    """Return the bytes of a file that somebody sent; raises SubmissionError."""
    if path.suffix.casefold() not in TYPES:
        raise SubmissionError(path.name, "tệp", "không phải .xlsx hay .csv", "lưu lại dạng .xlsx hoặc .csv")
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_BYTES else b""
    except OSError as error:
        fault = f"cannot be read ({error.strerror})"
        raise SubmissionError(str(path), "file", fault, "check path and rights") from error
    if not data:
        fault = f"trống, hoặc lớn hơn {MAX_BYTES} byte"
        raise SubmissionError(path.name, "tệp", fault, "chỉ gửi bảng số liệu")
    return data


def open_export(path: Path, sheet: str = "") -> tuple[bytes, Export]:
    """Return the bytes of an owner's file and what stands in it; raises SubmissionError."""
    data = read_file(path)
    return data, read_export(data, path.name, sheet)


def mapping_file(settings: Settings, digest: str) -> Path:
    """Return where the mapping of these headings is kept."""
    return settings.place.directory / "mappings" / f"{digest[:16]}.toml"


def known_mapping(settings: Settings, export: Export) -> ExportMapping | None:
    """Return the confirmed mapping of these very headings, None where no person has confirmed one."""
    path = mapping_file(settings, export.digest)
    if not path.is_file():
        return None
    mapping = parse(str(path), read_bytes(path), ExportMapping)
    return mapping if mapping.digest == export.digest else None


def propose(settings: Settings, source: Source, path: Path, day: date, sheet: str = "") -> Proposed:
    """Return what the file's headings and bodies most likely mean; nothing is kept.

    `day` says whose names are meant where agencies have merged.
    """
    _, export = open_export(path, sheet)
    columns = propose_columns(export.headings)
    body = next((export.column(p.text) for p in columns if p.meaning == "body"), None)
    names = [row.cells[body] for row in export.rows if row.cells[body]] if body is not None else []
    bodies = propose_agencies(names, settings.registry.agency, source.key, day)
    return Proposed(
        export=export, columns=tuple(columns), bodies=tuple(bodies), known=known_mapping(settings, export)
    )


def confirmed(
    proposed: Proposed, said: Mapping[str, str], bodies: Mapping[str, str], **about: Any
) -> ExportMapping:
    """Return the mapping that a person confirms: what was certain, and what they have said themselves.

    A guess counts only when it was said: `said` gives headings, `bodies` names; an empty meaning drops one.
    Raises UsageError where no column names the body of a row, or no figure is left.
    """
    columns = {p.text: p.meaning for p in proposed.columns if p.nearness == 100}
    for heading, meaning in said.items():
        columns[_heading(proposed.export, heading)] = meaning
    chosen = {heading: meaning for heading, meaning in columns.items() if meaning}
    twice = {m for m in chosen.values() if list(chosen.values()).count(m) > 1}
    if twice:
        msg = f"hai cột cùng được gán {', '.join(sorted(twice))}; bỏ một cột: --set 'Tên cột='"
        raise UsageError(msg)
    by_meaning = {meaning: heading for heading, meaning in chosen.items()}
    body, procedure = by_meaning.pop("body", ""), by_meaning.pop("procedure", "")
    if not body or not by_meaning:
        msg = "thiếu cột tên đơn vị (body) hoặc không có cột số liệu nào; gán bằng --set 'Tên cột=nghĩa'"
        raise UsageError(msg)
    unknown = sorted(by_meaning.keys() - MEANINGS)
    if unknown:
        msg = f"--set: không có nghĩa {', '.join(unknown)}; dùng một trong: {', '.join(sorted(MEANINGS))}"
        raise UsageError(msg)
    about["printed"] = _ratios(proposed.export, about.get("printed", {}))
    sure = {p.text: p.meaning for p in proposed.bodies if p.nearness == 100}
    return ExportMapping(
        digest=proposed.export.digest,
        columns=by_meaning,
        body=body,
        procedure=procedure,
        agencies={name: code for name, code in (sure | dict(bodies)).items() if code},
        **about,
    )


def _ratios(export: Export, said: Mapping[str, str]) -> dict[str, str]:
    ratios = {_heading(export, heading): ratio for heading, ratio in said.items()}
    try:
        rates_of(ratios)
    except UnrecognisedError as error:
        msg = f"--rate: {error}"
        raise UsageError(msg) from error
    return ratios


def _heading(export: Export, said: str) -> str:
    place = export.column(said)
    if place is None:
        msg = f"không có đúng một cột tên {said!r}; các cột: {'; '.join(filter(None, export.headings))}"
        raise UsageError(msg)
    return export.headings[place]


def keep_mapping(settings: Settings, mapping: ExportMapping) -> Path:
    """Write a confirmed mapping into the configuration; returns its file."""
    path = mapping_file(settings, mapping.digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as stream:
        stream.write(_toml(mapping).encode())
    return path


def _toml(mapping: ExportMapping) -> str:
    def line(key: str, value: object) -> str:
        # a JSON string or list of strings is TOML too
        return f"{json.dumps(key, ensure_ascii=False)} = {json.dumps(value, ensure_ascii=False)}\n"

    facts = asdict(mapping)
    tables = {key: facts.pop(key) for key in ("columns", "printed", "agencies")}
    day = facts.pop("confirmed_on")
    head = "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in facts.items())
    body = "".join(
        f"\n[{name}]\n" + "".join(line(key, value) for key, value in table.items())
        for name, table in tables.items()
    )
    return f"{head}confirmed_on = {day.isoformat()}\n{body}"
