"""Files as agencies publish them, and as an enemy would: made here, signed by authorities made here."""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

NOW = datetime(2021, 11, 4, 2, 0, tzinfo=UTC)


def pdf(stream: bytes, *, pages: int = 1, filters: bytes = b"") -> bytes:
    """Return a PDF whose pages all show one content stream."""
    kids = b" ".join(b"3 0 R" for _ in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % pages,
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(stream), filters, stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Producer (Bo go thu) /CreationDate (D:20211103081500+07'00') >>",
    ]  # fmt: skip
    out = bytearray(b"%PDF-1.5\n")
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)


def written_pdf(text: str, pages: int = 1) -> bytes:
    """Return a PDF that says a text, unaccented."""
    return pdf(f"BT /F1 12 Tf 60 760 Td ({text}) Tj ET".encode(), pages=pages)


def scanned_pdf() -> bytes:
    """Return a PDF of one page that is a picture."""
    picture = b"q 400 0 0 400 60 300 cm BI /W 2 /H 2 /CS /G /BPC 8 ID \x00\xff\xff\x00 EI Q"
    return pdf(picture)


def pdf_bomb() -> bytes:
    """Return a small PDF whose content unpacks to two gigabytes of drawing."""
    packer = zlib.compressobj(9)
    once = b"BT /F1 1 Tf 0 0 Td (" + b"A" * 1000 + b") Tj ET\n"
    packed = b"".join(packer.compress(once * 1000) for _ in range(2000)) + packer.flush()
    return pdf(packed, filters=b"/Filter /FlateDecode")


def zipped(parts: dict[str, bytes]) -> bytes:
    """Return a zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in parts.items():
            packed.writestr(name, body)
    return out.getvalue()


def docx(text: str) -> bytes:
    """Return a Word file of one paragraph."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    core = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
    body = (
        f'<w:document xmlns:w="{word}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>'
    )
    said = f'<c:p xmlns:c="{core}" xmlns:d="http://purl.org/dc/terms/"><d:created>2021-11-03T01:15:00Z</d:created></c:p>'
    more = "<Properties><Pages>4</Pages><Application>Bộ gõ thử</Application></Properties>"
    return zipped(
        {
            "word/document.xml": body.encode(),
            "docProps/core.xml": said.encode(),
            "docProps/app.xml": more.encode(),
        }
    )


def authority(name: str) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    """Return an authority's key and certificate."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key, _certificate(name, key, name, key, ca=True)


def signed_pdf(body: bytes, name: str, key: rsa.RSAPrivateKey, root: x509.Certificate) -> bytes:
    """Return a PDF signed in the name of somebody whom the authority vouches for."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers

    own = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    issuer = root.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    certificate = _certificate(name, own, str(issuer), key, ca=False)
    pack = serialization.pkcs12.serialize_key_and_certificates(
        b"x", own, certificate, [root], serialization.NoEncryption()
    )
    signer = signers.SimpleSigner.load_pkcs12_data(pack, other_certs=[], passphrase=None)
    out: io.BytesIO = signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(body)),
        signers.PdfSignatureMetadata(field_name="Ky"),
        signer=signer,
    )
    return out.getvalue()


def _certificate(
    name: str, key: rsa.RSAPrivateKey, issuer: str, by: rsa.RSAPrivateKey, *, ca: bool
) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=ca, crl_sign=ca, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=400))
        .not_valid_after(datetime.now(UTC) + timedelta(days=400))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(by, hashes.SHA256())
    )
