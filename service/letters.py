"""The signature of an owner's letter as its file shows it, beside what whoever imports it says."""

from __future__ import annotations

from minhchung.mappings import SignatureState
from service.signatures import SignatureLook


def contradiction(said: SignatureState, look: SignatureLook) -> str:
    """Return in one sentence how the file contradicts what was said of it; empty where it does not."""
    if look.not_looked or said == "unknown":
        return ""
    sound = bool(look.signatures) and all(each.intact and each.valid for each in look.signatures)
    agrees = {"valid": sound, "none": not look.signatures, "invalid": bool(look.signatures) and not sound}
    return "" if agrees[said] else f"người nhập ghi {said!r}, nhưng {words(look)}"


def words(look: SignatureLook) -> str:
    """Return what was found in the letter's file, in Vietnamese."""
    return f"trong tệp công văn, {look.words()}"
