"""Further reports of the simulated one-stop-shop: online dossiers, digitisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.disagreements import more, planted
from simulator.services import Book


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
