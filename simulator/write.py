"""The province on disk: truth file, certificates, the configuration that finds it, the workbooks sent in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from simulator import services
from simulator.agencies import Agency
from simulator.ports import HOST, Ports
from simulator.province import Province
from simulator.submissions import workbooks
from simulator.tls import make_certificates
from simulator.truth import crawl_claims, truth_text

Toml = str | int | float | bool | Sequence["Toml"]
REGISTRY: Final = "mo-phong"
_TITLES: Final = {
    "vnpt": "Cổng kiểu VNPT (mô phỏng)",
    "sharepoint": "Cổng kiểu SharePoint (mô phỏng)",
    "nukeviet": "Cổng kiểu NukeViet (mô phỏng)",
    "liferay": "Cổng kiểu Liferay (mô phỏng)",
    "wordpress": "Trang kiểu WordPress (mô phỏng)",
    "webforms": "Cổng kiểu ASP.NET WebForms (mô phỏng)",
}


def write_province(province: Province, ports: Ports, out: Path) -> None:
    """Write everything that the world knows about itself into a folder."""
    config = out / "config"
    certificates = make_certificates(province.seed)
    write_file(out / "truth.json", truth_text(province).encode())
    for name, workbook in workbooks(province.seed, crawl_claims(province)).items():
        write_file(out / "submissions" / name, workbook)
    write_file(out / "tls" / "authority.pem", certificates.authority)
    write_file(config / "tls" / "authority.pem", certificates.authority)
    for kind, leaf in certificates.leaves.items():
        write_file(out / "tls" / f"{kind}.pem", leaf)
    write_file(config / "agencies" / f"{REGISTRY}.toml", _registry(province, ports).encode())
    for look in _TITLES:
        write_file(config / "sites" / f"{REGISTRY}-{look}.toml", site_profile(look).encode())
    for key, text in _sources(province, ports).items():
        write_file(config / "sources" / f"{key}.toml", text.encode())


def write_file(path: Path, body: bytes) -> None:
    """Write a file, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


def _registry(province: Province, ports: Ports) -> str:
    cast = tuple(portal.agency for portal in province.portals)
    head = lines(
        {
            "title": "Các cơ quan của một tỉnh mô phỏng",
            "province": province.name,
            "simulated": True,
            "canaries": [f"http://{HOST}:{ports.control}/health"],
            "service_portal_hosts": [f"{HOST}:{ports.service_portal}"],
            "note": "Tỉnh, cơ quan, số liệu và tên người trong tệp này đều là mô phỏng.",
        }
    )
    network = lines(
        {
            "allow": [f"{HOST}:{port}" for port in ports.listening(cast)],
            "trust_roots": ["tls/authority.pem"],
            "delay": 0.0,
            "concurrency": 32,
            "concurrency_per_host": 4,
            "timeout_connect": 5.0,
            "timeout_read": 10.0,
        }
    )
    tenants = [
        f"{HOST}:{port}"
        for n, agency in enumerate(cast)
        if "platform-robots" in agency.temper
        for port in (ports.https(n), ports.http(n))
    ]
    platform = lines(
        {
            "key": "nen-tang-dung-chung",
            "title": "Nền tảng dùng chung (mô phỏng)",
            "hosts": tenants,
            "owner": "so-thong-tin-truyen-thong",
        }
    )
    mapped = services.mapped_identifiers(province.seed)
    tables = [_agency(agency, n, ports, mapped[agency.code]) for n, agency in enumerate(cast)]
    return "\n".join([head, f"[network]\n{network}", f"[[shared_platform]]\n{platform}", *tables])


def _agency(agency: Agency, index: int, ports: Ports, identifiers: Sequence[tuple[str, str]]) -> str:
    fields: dict[str, Toml] = {
        "code": agency.code,
        "name": agency.name,
        "bloc": agency.bloc,
        "portal": f"{ports.origin(agency, index)}/",
        "http_port": ports.http(index),
        "site": f"{REGISTRY}-{agency.look}",
        "abbreviation": agency.abbreviation,
        "aliases": list(agency.aliases),
        "has_procedures": agency.has_procedures,
        "identifiers": [list(pair) for pair in identifiers],
    }
    return agency_table(fields)


def agency_table(fields: Mapping[str, Toml]) -> str:
    """Return one agency's table of a registry."""
    return f"[[agency]]\n{lines(fields)}"


def site_profile(look: str) -> str:
    """Return the profile of the sites of one look."""
    return lines(
        {
            "key": f"{REGISTRY}-{look}",
            "platform": look,
            "title": _TITLES[look],
            "required_text": "mô phỏng",
            "block_markers": ["Request Rejected"],
        }
    )


def _sources(province: Province, ports: Ports) -> dict[str, str]:
    one_stop, service_portal = services.SOURCE_KEYS
    names = {
        portal.agency.code: f"{portal.agency.name} - tỉnh Hoa Ban"
        for portal in province.portals
        if portal.agency.has_procedures
    }
    return {
        one_stop: lines(
            {
                "key": one_stop,
                "title": "Một cửa điện tử (mô phỏng)",
                "kind": "onestop",
                "driver": "igate2",
                "url": f"http://{HOST}:{ports.one_stop_shop}/",
            }
        )
        + "\n[settings]\n"
        + lines({"digitisation": True, "online_report": True})
        + "\n[settings.report_names]\n"
        + lines(names),
        service_portal: lines(
            {
                "key": service_portal,
                "title": "Cổng dịch vụ công (mô phỏng)",
                "kind": "services",
                "driver": "dvcqg",
                "url": f"http://{HOST}:{ports.service_portal}/",
            }
        )
        + "\n[settings]\n"
        + lines({"statistics": "compare"}),
    }


def lines(fields: Mapping[str, Toml]) -> str:
    """Return keys and values as lines of TOML."""
    return "".join(f"{key} = {_value(value)}\n" for key, value in fields.items())


def _value(value: Toml) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)  # a JSON string is a TOML basic string
    if isinstance(value, int | float):
        return str(value)
    return f"[{', '.join(_value(item) for item in value)}]"
