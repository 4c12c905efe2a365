"""A list of agencies becomes a registry or is refused by line; trends across mergers are labelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from minhchung.agencies import Agency
from minhchung.errors import SubmissionError
from minhchung.evidence import AgencyCode
from minhchung.sources import AgenciesFile
from scoring.trend import trends
from service.config_files import parse
from service.registries import preview
from tests.scoring.making import round_of, set_of
from tests.scoring.test_round_choices import concluded, share
from tests.service.calling import Call, caller
from tests.service.test_index_set_commands import word, workbook

HEAD = (
    "TT",
    "Mã",
    "Tên cơ quan",
    "Khối",
    "Cấp",
    "Cổng thông tin",
    "Mã định danh",
    "Hiệu lực từ",
    "Hiệu lực đến",
    "Tiền thân",
    "Thủ tục",
    "Ký hiệu",
)


def line(code: str, name: str, bloc: str = "so", **more: str) -> tuple[str, ...]:
    """Return a row of the workbook."""
    later = ("portal", "ident", "since", "until", "former", "procedures", "symbol")
    return ("1", code, name, bloc, "tỉnh", *(more.get(key, "") for key in later))


MERGED = (
    line("so-gtvt", "Sở Giao thông vận tải", until="28/02/2025"),
    line("so-xd-cu", "Sở Xây dựng", portal="soxaydung.tinh.example", until="28/02/2025"),
    line(
        "so-xd",
        "Sở Xây dựng",
        portal="soxaydung.tinh.example",
        since="01/03/2025",
        former="so-gtvt; so-xd-cu",
        symbol="SXD",
    ),
    line("xa-a", "UBND xã A", "xa", portal="xa.tinh.example/xa-a", ident="H1.01", since="01/07/2025"),
    line("xa-b", "UBND xã B", "xa", portal="xa.tinh.example/xa-b", ident="H1.02", since="01/07/2025"),
    line("thanh-tra", "Thanh tra tỉnh", procedures="không"),
)


def listed(folder: Path, rows: Sequence[tuple[str, ...]], suffix: str = "xlsx") -> Path:
    path = folder / f"danh-sach.{suffix}"
    table = [("DANH SÁCH CƠ QUAN", *[""] * (len(HEAD) - 1)), HEAD, *rows]
    path.write_bytes(workbook(table) if suffix == "xlsx" else word(table))
    return path


@pytest.mark.parametrize("suffix", ["xlsx", "docx"])
def test_a_list_becomes_a_registry_that_is_read_back(tmp_path: Path, suffix: str) -> None:
    """Two tiers since 1/7/2025: hosts shared by path, predecessors, days from and to."""
    found = preview(listed(tmp_path, MERGED, suffix), source="mot-cua", blocs=("so", "xa"))

    registry = parse("x.toml", found.toml("Danh sách thử").encode(), AgenciesFile)
    by_code = {agency.code: agency for agency in registry.agency}
    assert found.findings == ()
    assert by_code[AgencyCode("so-xd")].predecessors == ("so-gtvt", "so-xd-cu")
    assert by_code[AgencyCode("so-xd")].valid_from == date(2025, 3, 1)
    assert by_code[AgencyCode("so-xd")].abbreviation == "SXD"
    assert by_code[AgencyCode("xa-a")].portal == "https://xa.tinh.example/xa-a"
    assert by_code[AgencyCode("xa-a")].identifier("mot-cua") == "H1.01"
    assert not by_code[AgencyCode("thanh-tra")].has_procedures


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ((line("so-a", "Sở A"), line("so-a", "Sở Á")), "the code stands 2 times"),
        ((line("so-a", "Sở A", "khac"),), "'khac' is none of the blocs"),
        ((line("so-a", "Sở A", former="so-b"),), "its predecessor 'so-b' is not in the list"),
        ((line("so-b", "Sở B"), line("so-a", "Sở A", former="so-b")), "so-b has no last day"),
        ((line("so-a", "Sở A", since="01/03/2025", until="01/02/2025"),), "ends on 2025-02-01, before"),
        (
            (line("xa-a", "Xã A", portal="x.example"), line("xa-b", "Xã B", portal="x.example/")),
            "has the same address as xa-a",
        ),
        (
            (
                line("xa-cu", "Xã cũ", portal="x.example/xa", until="30/06/2025"),
                line("xa-a", "Xã A", portal="x.example/xa", since="01/07/2025"),
                line("xa-b", "Xã B", portal="www.x.example/xa", since="01/07/2025"),
            ),
            "xa-b: has the same address as xa-a",
        ),
    ],
)
def test_what_is_wrong_is_named_by_line(tmp_path: Path, rows: tuple[tuple[str, ...], ...], says: str) -> None:
    found = preview(listed(tmp_path, rows), blocs=("so", "xa"))

    assert any(says in finding.text for finding in found.findings)


def test_portals_on_two_ports_of_one_host_are_two_addresses(tmp_path: Path) -> None:
    """A port is part of an address, as a path is."""
    ports = (
        line("xa-a", "Xã A", portal="http://x.example:8081"),
        line("xa-b", "Xã B", portal="http://x.example:8082"),
    )

    assert preview(listed(tmp_path, ports)).findings == ()


def test_an_identifier_without_its_system_and_a_table_of_something_else_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SubmissionError, match="không rõ của hệ thống nào"):
        preview(listed(tmp_path, (line("so-a", "Sở A", ident="H1"),)))
    (tmp_path / "x.xlsx").write_bytes(workbook([("a", "b")]))
    with pytest.raises(SubmissionError, match="không có cột tên cơ quan"):
        preview(tmp_path / "x.xlsx")


def test_nothing_is_written_while_a_fault_stands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call: Call = caller(capsys)
    out = tmp_path / "ra.toml"
    bad = listed(tmp_path, (line("so-a", "Sở A", former="so-b"),))

    assert call("registry", "import", bad, "--out", out).code == 1
    assert not out.exists()
    assert call("registry", "import", listed(tmp_path, MERGED), "--source", "mot-cua", "--out", out).code == 0
    assert len(parse("x", out.read_bytes(), AgenciesFile).agency) == 6


def test_a_trend_across_a_merger_is_absent_or_the_mean_of_predecessors() -> None:
    """National index 2024: merged provinces get the arithmetic mean of the former ones in each main index."""
    index_set = set_of([share("X.1", "10")])
    then = concluded(
        index_set, round_of(), {"so-a": {"X.1": {"num": 1, "den": 2}}, "so-b": {"X.1": {"num": 1, "den": 1}}}
    )
    now = concluded(
        index_set, round_of(), {"so-c": {"X.1": {"num": 9, "den": 10}}, "so-a": {"X.1": {"num": 1, "den": 1}}}
    )
    merged = Agency(
        code=AgencyCode("so-c"),
        name="Sở C",
        bloc="provincial",
        predecessors=(AgencyCode("so-a"), AgencyCode("so-b")),
    )
    maxima = ({"X": Fraction(10)}, {"X": Fraction(10)})

    own, mean = trends(then, now, maxima, [merged], "mean-of-predecessors")
    _, absent = trends(then, now, maxima, [merged], "absent")

    assert (mean.before, mean.after, mean.basis) == (Fraction(75), Fraction(90), "mean-of-predecessors")
    assert (own.before, own.basis) == (Fraction(50), "itself")
    assert (absent.before, absent.basis) == (None, "absent")
