"""Signatures in a PDF: intact, valid and trusted are three answers; nobody is asked on the network."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from asn1crypto import pem, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

MOST: Final = 20
"""Signatures of one file that are examined."""

_FAULTS: Final = (PdfError, SignatureValidationError, ValueError, LookupError, TypeError, AttributeError)


def examined(body: bytes, at: datetime, roots: Sequence[str]) -> list[dict[str, Any]]:
    """Return what can be said of each signature; `at` is the time for one that names none."""
    logging.disable(logging.CRITICAL)  # what a broken file makes a library say is no news
    try:
        found = PdfFileReader(io.BytesIO(body), strict=False).embedded_regular_signatures[:MOST]
    except _FAULTS as exc:
        return [_unexamined(exc)]
    anchors = [anchor for root in roots for anchor in _certificates(Path(root).read_bytes())]
    return [_one(signature, at, anchors) for signature in found]


def _one(signature: EmbeddedPdfSignature, at: datetime, anchors: list[Any]) -> dict[str, Any]:
    signed_at = signature.self_reported_timestamp
    context = ValidationContext(
        trust_roots=anchors, allow_fetching=False, moment=signed_at or at, revocation_mode="soft-fail"
    )
    try:
        status = validate_pdf_signature(signature, signer_validation_context=context)
    except _FAULTS as exc:
        return _unexamined(exc)
    return {
        "intact": bool(status.intact),
        "valid": bool(status.valid),
        "trusted": bool(status.trusted) if anchors else None,
        "whole": status.coverage is SignatureCoverageLevel.ENTIRE_FILE,
        "signer": _name(signature.signer_cert)[:300],
        "signed_at": signed_at.isoformat() if signed_at is not None and signed_at.tzinfo else None,
    }


def _certificates(armoured: bytes) -> list[Any]:
    return [x509.Certificate.load(der) for _, _, der in pem.unarmor(armoured, multiple=True)]


def _name(certificate: Any) -> str:
    return str(certificate.subject.human_friendly) if certificate is not None else ""


def _unexamined(exc: Exception) -> dict[str, Any]:
    return {"intact": False, "valid": False, "trusted": None, "whole": False, "fault": str(exc)[:200]}
