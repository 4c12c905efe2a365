"""Before anything is collected: what a run costs each server, whether it fits, who can be reached."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from tests.service.calling import Call, caller
from tests.service.portals import portal

AGENCY = '[[agency]]\ncode = "so-{n}"\nname = "Sở {n}"\nbloc = "b"\nportal = "{url}"\n'


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Call the command line in this process."""
    return caller(capsys)


def write(folder: Path, portals: list[str], network: str, *crons: str) -> Path:
    """Write a registry of these portals, a network and a timetable; returns the folder."""
    (folder / "agencies").mkdir(parents=True)
    agencies = "".join(AGENCY.format(n=n, url=url) for n, url in enumerate(portals))
    (folder / "agencies" / "thu.toml").write_text(f"{agencies}\n[network]\n{network}", "utf-8")
    lines = "".join(f'[[schedule]]\nkey = "dong-{n}"\ncron = "{c}"\n' for n, c in enumerate(crons))
    if lines:
        (folder / "timetable.toml").write_text(lines, "utf-8")
    return folder


def a_closed_port() -> int:
    """Return a port of loopback on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def test_a_timetable_that_ninety_sub_sites_of_one_server_cannot_keep_is_refused(
    tmp_path: Path, call: Call
) -> None:
    """Ninety portals on one address, sixty requests each, a second apart: an hour and a half, every hour."""
    port = a_closed_port()
    portals = [f"http://127.0.0.1:{port}/so-{n}/" for n in range(90)]
    network = f'allow = ["127.0.0.1:{port}"]\ndelay = 1.0\nvisit_seconds = 7200.0\n'
    config = write(tmp_path / "config", portals, network, "0 * * * *")

    said = call("--home", tmp_path / "home", "--config", config, "collect", "--plan", "--scope", "lists")

    assert said.code == 2
    assert "lịch dong-0: nhóm 127.0.0.1 cần 1.5 giờ mỗi lần, hai lần cách nhau 1.0 giờ" in said.err
    assert "5400" in said.out
    assert not (tmp_path / "home").exists()


def test_a_plan_that_fits_says_so_and_asks_nobody(tmp_path: Path, call: Call) -> None:
    """One agency, once a day: exit 0, as plain values too, and nothing is made or asked."""
    port = a_closed_port()
    network = f'allow = ["127.0.0.1:{port}"]\ndelay = 1.0\nopen_hours = "22:00-06:00"\n'
    config = write(tmp_path / "config", [f"http://127.0.0.1:{port}/"], network, "0 22 * * *")

    said = call("--home", tmp_path / "home", "--config", config, "collect", "--plan", "--json")

    assert said.code == 0
    (group,) = said.json["runs"][1]["groups"]
    assert group["open_hours"] == "22:00-06:00"
    assert (group["group"], group["requests"], group["guessed"]) == ("127.0.0.1", 60, 1)
    assert said.json["misfits"] == []


@pytest.mark.parametrize("command", [("serve", "--port", "0"), ("schedule", "run")])
def test_a_timetable_that_cannot_fit_is_not_begun(
    tmp_path: Path, call: Call, command: tuple[str, ...]
) -> None:
    """What `collect --plan` refuses, the machine that works by itself refuses as well."""
    port = a_closed_port()
    network = f'allow = ["127.0.0.1:{port}"]\ndelay = 60.0\nrun_seconds = 60.0\n'
    config = write(tmp_path / "config", [f"http://127.0.0.1:{port}/"], network, "* * * * *")

    said = call("--home", tmp_path / "home", "--config", config, "--lang", "en", *command)

    assert said.code == 2
    assert "schedule dong-0: group 127.0.0.1 needs" in said.err
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("network", "crons", "sentence"),
    [
        ("run_seconds = 60.0\n", (), "run_seconds"),
        ("visit_seconds = 60.0\n", (), "visit_seconds"),
        ('open_hours = "00:00-00:30"\n', ("0 0 * * *",), "with the server open for 0.5"),
        ("visit_seconds = 9999.0\n", ("0 */2 * * *",) * 3, "for all lines together"),
    ],
)
def test_whatever_does_not_fit_is_a_sentence(
    tmp_path: Path, call: Call, network: str, crons: tuple[str, ...], sentence: str
) -> None:
    """Deadlines of run and visit, opening hours, and lines that each fit alone."""
    port = a_closed_port()
    delay = 60.0 if len(crons) < 2 else 50.0
    config = write(
        tmp_path / "config",
        [f"http://127.0.0.1:{port}/"],
        f'allow = ["127.0.0.1:{port}"]\ndelay = {delay}\n{network}',
        *crons,
    )
    said = call(
        "--home",
        tmp_path / "home",
        "--config",
        config,
        "--lang",
        "en",
        "collect",
        "--plan",
        "--scope",
        "lists",
    )

    assert said.code == 2
    assert sentence in said.err


def test_earlier_visits_say_what_the_next_will_cost(tmp_path: Path, call: Call) -> None:
    """The dearest of the last three of the same scope; a guess only where there is none."""
    with portal() as port:
        allow = f'allow = ["127.0.0.1:{port}"]\ndelay = 0.0\n'
        config = write(tmp_path / "config", [f"http://127.0.0.1:{port}/"], allow)
        words = ("--home", tmp_path / "home", "--config", config)
        visited = call(*words, "collect", "--scope", "lists", "--json").json["agencies"][0]

        (group,) = call(*words, "collect", "--plan", "--scope", "lists", "--json").json["runs"][0]["groups"]

    assert (group["requests"], group["guessed"]) == (visited["attempts"], 0)


def test_a_declared_group_is_planned_as_one_server(tmp_path: Path, call: Call) -> None:
    """Hosts that do not even resolve here are planned by their group all the same."""
    group = '[[network.group]]\nkey = "cong-tinh"\nhosts = [".invalid"]\ndelay = 5.0\n'
    portals = ["http://a..invalid/", "http://b..invalid/"]  # no name, so nobody is asked for it
    config = write(tmp_path / "config", portals, f"visit_seconds = 99999.0\n{group}")
    words = ("--home", tmp_path / "home", "--config", config)

    said = call(*words, "collect", "--plan", "--scope", "lists", "--json")

    (only,) = said.json["runs"][0]["groups"]
    assert (only["group"], only["requests"], only["delay"]) == ("cong-tinh", 120, 5.0)


# --- doctor --reach -----------------------------------------------------------------------------------


def reach(call: Call, tmp_path: Path, portals: list[str], network: str) -> tuple[int, dict[str, Any]]:
    """Return the exit code and the rows by name."""
    config = write(tmp_path / "config", portals, network)
    said = call("--home", tmp_path / "home", "--config", config, "doctor", "--reach", "--json")
    return said.code, {row["name"]: row for row in said.json["addresses"]}


def test_reach_tells_of_each_portal_how_it_answers_and_what_helps(tmp_path: Path, call: Call) -> None:
    """One up, one dead, one private and not allowed, one unknown to DNS, one without address."""
    closed = a_closed_port()
    with portal() as port:
        portals = [
            f"http://127.0.0.1:{port}/",
            f"http://127.0.0.1:{closed}/",
            "http://10.1.2.3/",
            "http://khong-co..invalid/",
            "",
            f"http://127.0.0.1:{port}/mat",
        ]
        allow = f'allow = ["127.0.0.1:{port}", "127.0.0.1:{closed}"]\ndelay = 0.0\n'
        code, rows = reach(call, tmp_path, portals, allow)

    assert code == 1
    up = rows["so-0"]
    assert (up["level"], up["status"], up["private"], up["robots"]) == ("ok", 200, True, "allowed")
    assert up["addresses"] == ["127.0.0.1"]
    assert isinstance(up["milliseconds"], int)
    assert [rows[f"so-{n}"]["failure"] for n in (1, 2, 3, 5)] == [
        "connect",
        "address-forbidden",
        "dns",
        "http-4xx",
    ]
    assert "tường lửa" in rows["so-1"]["remedy"]
    assert "network.internal" in rows["so-2"]["remedy"]
    assert rows["so-4"]["level"] == "remark"
    assert all(row["remedy"] for name, row in rows.items() if name != "so-0")


def test_reach_obeys_robots_and_names_the_proxy(tmp_path: Path, call: Call) -> None:
    """Disallowed: the home page is not asked for. A dead proxy is our own fault."""
    pages = {"/robots.txt": "User-agent: *\nDisallow: /\n", "/": "x"}
    with portal(pages=pages) as port:
        allow = f'allow = ["127.0.0.1:{port}"]\n'
        _, rows = reach(call, tmp_path / "a", [f"http://127.0.0.1:{port}/"], allow)
        proxied = f'allow = ["127.0.0.1:{port}"]\nproxy = "http://127.0.0.1:{a_closed_port()}"\n'
        code, dead = reach(call, tmp_path / "b", [f"http://127.0.0.1:{port}/"], proxied)

    assert (rows["so-0"]["robots"], rows["so-0"]["status"]) == ("disallowed", None)
    assert rows["so-0"]["level"] == "remark"
    assert (code, dead["so-0"]["failure"]) == (1, "proxy")
    assert dead["so-0"]["proxy"].startswith("127.0.0.1:")


def test_reach_prints_one_table(tmp_path: Path, call: Call) -> None:
    """Every column has its heading; the remedies stand below."""
    config = write(tmp_path / "config", ["http://10.1.2.3/"], "delay = 0.0\n")

    said = call("--home", tmp_path / "home", "--config", config, "--lang", "en", "doctor", "--reach")

    assert said.code == 1
    for heading in ("Name", "Address", "IP", "Private", "Proxy", "TLS", "robots.txt", "Answer", "ms"):
        assert heading in said.out
    assert "name it in [[network.internal]]" in said.out
