"""Further reports of the simulated one-stop-shop: online dossiers, digitisation, workflows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.disagreements import more, planted
from simulator.services import PROVINCE_CODE, Book, Procedure


def online_row(book: Book, number: int, figures: Mapping[str, int]) -> dict[str, Any]:
    """Return a row of the report of online dossiers: it has names and no codes."""
    full = figures["receivedOnline"] * 2 // 3
    row: dict[str, Any] = {
        "agency_id": f"{number:024x}",
        "agency_name": f"{book.agency.name} - tỉnh Hoa Ban",
        "parent_name": "UBND tỉnh Hoa Ban",
        "phatsinh_1phan_quantity": figures["receivedOnline"] - full,
        "phatsinh_toanphan_quantity": full,
        "onlinepaid_quantity": figures["onlinePaid"],
        "total": figures["received"],
    }
    if planted("report-more", book.agency.code):
        more(row, "onlinepaid_quantity", 2)
    return row


def digitised_row(book: Book, figures: Mapping[str, int]) -> dict[str, Any]:
    """Return how many dossiers and results of an agency have files."""
    received, resolved = figures["received"], figures["resolved"]
    with_file = received + 6 if planted("digitised-more", book.agency.code) else received * 7 // 8
    share = with_file * 1000 // (received or 1)
    return {
        "agency": {"code": book.identifier, "name": book.agency.name},
        "totalReceiver": received,
        "totalReceiverHavingFile": with_file,
        "totalComplete": resolved,
        "totalCompleteHavingFile": resolved * 3 // 4,
        "percentTotalReceiverHavingFile": f"{share // 10},{share % 10}%",
    }


def workflow_row(book: Book, procedure: Procedure) -> dict[str, Any]:
    """Return an electronic workflow of a procedure."""
    key = "processDefinition" if book.knows("workflows-changed") else "procedure"
    retired = procedure.workflow == "retired"
    return {
        key: {"code": f"{procedure.code}.000.00.00.{PROVINCE_CODE}", "name": procedure.name},
        "agency": {"code": book.identifier, "name": book.agency.name},
        "status": {"id": int(not retired), "name": "Ngừng áp dụng" if retired else "Đang áp dụng"},
        "stepCount": 1 if procedure.workflow == "one-step" else 3 + len(procedure.name) % 4,
        "createdDate": f"2020-0{1 + len(procedure.name) % 6}-15T00:00:00.000Z",
    }


def idle_workflows(book: Book) -> list[dict[str, Any]]:
    """Return rows that are no workflow of the agency's procedures: a test, and the parent's own."""
    test = workflow_row(book, book.procedures[0])
    key = "processDefinition" if book.knows("workflows-changed") else "procedure"
    test[key] = {"code": "0", "name": "du lieu test"}
    parent = workflow_row(book, book.procedures[0])
    parent["agency"] = {"code": PROVINCE_CODE, "name": "UBND tỉnh Hoa Ban"}
    parent[key] = {"code": f"9.999999.{PROVINCE_CODE}", "name": "Quy trình liên thông cấp tỉnh"}
    return [test, parent]
