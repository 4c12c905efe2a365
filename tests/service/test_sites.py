"""`sites probe` and `sites test`: from an address to a profile, and what a changed profile would read."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from minhchung.sites import SiteProfile
from tests.service.calling import Call, caller
from tests.service.portals import portal, write_config

STORIES = [(f"/tin/{n}.html", f"Bà con bản Lướt ra quân đợt {n}", f"{n + 12:02}") for n in range(1, 9)]
PAPERS = [
    (f"/vb/{n}.html", f"0{n}/KH-ST", f"Về việc làm đường bản đợt {n}", f"{n + 12:02}") for n in range(1, 9)
]


def html(body: str, title: str) -> str:
    """A page with the portal's menu."""
    return (
        f'<html lang="vi"><head><title>{title} - Sở Thử</title></head><body><div>Sở Thử</div><nav>'
        f'<a href="/tin">Tin tức</a> <a href="/vb">Văn bản</a></nav><main>{body}</main></body></html>'
    )


def pages(*, months_first: bool = False) -> dict[str, str]:
    """A portal with two lists of two pages each, every item with its page."""

    def day(number: str) -> str:
        return f"10/{number}/2021" if months_first else f"{number}/10/2021"

    made = {"/": html("<p>Chào mừng</p>", "Trang chủ")}
    rows = [
        f'<div class="bai"><h3><a href="{u}">{t}</a></h3><i class="ngay">{day(d)}</i></div>'
        for u, t, d in STORIES
    ]
    for path, first, more in (("/tin", 0, '<a href="/tin?trang=2">Trang sau</a>'), ("/tin?trang=2", 4, "")):
        made[path] = html(
            f'<h1>Tin tức</h1><div id="ds">{"".join(rows[first : first + 4])}</div>{more}', "Tin tức"
        )
    made |= {
        u: html(f'<h1 class="td">{t}</h1><p class="ngay">{day(d)}</p><p>Mọi người đều vui.</p>', t)
        for u, t, d in STORIES
    }
    head = "<tr><th>Số ký hiệu</th><th>Trích yếu</th><th>Ngày ban hành</th></tr>"
    table = "".join(
        f'<tr><td>{c}</td><td><a href="{u}">{a}</a></td><td>{day(d)}</td></tr>' for u, c, a, d in PAPERS
    )
    made["/vb"] = html(f"<h1>Văn bản</h1><table class=vb>{head}{table}</table>", "Văn bản")
    made |= {
        u: html(
            f"<h1>{a}</h1><dl><dt>Số ký hiệu</dt><dd>{c}</dd><dt>Ngày ban hành</dt><dd>{day(d)}</dd>"
            f"<dt>Người ký</dt><dd>Lò Văn Mẫu</dd></dl>",
            a,
        )
        for u, c, a, d in PAPERS
    }
    return made


@contextmanager
def served(folder: Path, made: dict[str, str]) -> Iterator[tuple[Path, str]]:
    """Serve a portal; gives the configuration that allows it, and its address."""
    with portal(pages=made) as port:
        yield write_config(folder / "config", port), f"http://127.0.0.1:{port}/"


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """The command line."""
    return caller(capsys)


def name_site(config: Path, profile: str) -> None:
    """Save a profile and let the agency use it."""
    key = tomllib.loads(profile)["key"]
    (config / "sites").mkdir(exist_ok=True)
    (config / "sites" / f"{key}.toml").write_text(profile, "utf-8")
    registry = config / "agencies" / "thu.toml"
    if "site =" not in (text := registry.read_text("utf-8")):
        registry.write_text(text.replace('name = "Sở Thử"', f'name = "Sở Thử"\nsite = "{key}"'), "utf-8")


def test_a_probe_prints_a_profile_that_reads_what_looking_reads(tmp_path: Path, call: Call) -> None:
    """Every rule of the printed profile, every field with its confidence and why; the file is sound TOML."""
    with served(tmp_path, pages()) as (config, url):
        told = call("--config", config, "sites", "probe", url, "--json")
        said = call("--config", config, "sites", "probe", url)
        call("--home", tmp_path / "home", "--config", config, "collect")
        name_site(config, said.out)
        again = call("--home", tmp_path / "home", "--config", config, "sites", "test", "so-thu", "--json")

    assert (told.code, said.code) == (0, 0)
    profile = TypeAdapter(SiteProfile).validate_python(tomllib.loads(said.out))
    assert [(each.kind, each.url, each.rows) for each in profile.list] == [
        ("news", "/tin", "div.bai"),
        ("legal_document", "/vb", "table.vb tr"),
    ]
    assert profile.required_text == "Sở Thử"
    news, papers = told.json["lists"]
    assert news["pagination"] == {
        "kind": "query", "observed": "?trang=2", "param": "trang", "first": 1, "page_size": None,
    }  # fmt: skip
    assert (news["items"], news["pages"], papers["items"]) == (8, 2, 8)
    published = news["fields"]["published"]
    assert (published["confidence"], published["rule"]) == (1.0, {"css": ".ngay"})
    assert "8/8" in published["why"]
    assert papers["fields"]["number"]["confidence"] == 1.0
    assert told.json["item"]["fields"]["signer"]["rule"] == {"label": ["Người ký"]}
    assert again.code == 0
    assert (again.json["stored"], again.json["read"], again.json["differences"]) == (16, 16, [])
    assert not (tmp_path / "minhchung-home").exists()


def test_a_changed_profile_is_shown_item_by_item(tmp_path: Path, call: Call) -> None:
    """Days of the week's news lost to a wrong rule: each item by name, each field with both readings."""
    with served(tmp_path, pages()) as (config, _):
        call("--home", tmp_path / "home", "--config", config, "collect")
    name_site(
        config,
        'key = "thu"\n[[list]]\nkey = "t"\nurl = "/tin"\nrows = "div.bai"\n'
        'exclude = ["div.bai:first-child"]\n',
    )
    said = call("--home", tmp_path / "home", "--config", config, "sites", "test", "thu")

    assert said.code == 1
    assert "mất 2, mới 0" in said.out
    assert sum(line.startswith("- so-thu [news]") for line in said.out.splitlines()) == 2


def test_months_before_days_are_noticed_where_days_would_be_impossible(tmp_path: Path, call: Call) -> None:
    """10/13/2021 … 10/20/2021: there is no thirteenth month."""
    with served(tmp_path, pages(months_first=True)) as (config, url):
        told = call("--config", config, "sites", "probe", url, "--json")

    assert told.json["dates"] == "mdy"
    assert 'dates = ["mdy"]' in told.json["profile"]
    assert told.json["lists"][0]["fields"]["published"]["example"] == "2021-10-13"


def test_a_probe_obeys_guard_and_robots(tmp_path: Path, call: Call) -> None:
    """robots.txt is obeyed, a private address that config does not allow is not asked."""
    made = pages() | {"/robots.txt": "User-agent: *\nDisallow: /\n"}
    with served(tmp_path, made) as (config, url):
        refused = call("--config", config, "sites", "probe", url, "--json")
        (config / "agencies" / "thu.toml").write_text(
            '[[agency]]\ncode = "so-thu"\nname = "Sở Thử"\nbloc = "b"\n', "utf-8"
        )
        guarded = call("--config", config, "sites", "probe", url, "--json")

    assert (refused.code, refused.json["state"]) == (3, "robots-refused")
    assert (guarded.code, guarded.json["state"], guarded.json["fetched"]) == (3, "unreachable", 0)


def test_what_is_no_address_and_what_no_agency_uses_is_said(tmp_path: Path, call: Call) -> None:
    """Usage errors, code 2."""
    with served(tmp_path, pages()) as (config, _):
        assert call("--config", config, "sites", "probe", "sothu.example").code == 2
        call("--home", tmp_path / "home", "--config", config, "collect")
        unknown = call("--home", tmp_path / "home", "--config", config, "sites", "test", "khac")

    assert unknown.code == 2
    assert "'khac'" in unknown.sentence()
