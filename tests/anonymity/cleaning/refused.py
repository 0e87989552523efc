"""Files that must be refused, one for every reason."""

import io
import zipfile

import pikepdf

from tests.anonymity.cleaning.marks import Refused
from tests.anonymity.cleaning.office import letter
from tests.anonymity.cleaning.packages import content_types, relations, root_relations
from tests.anonymity.cleaning.pictures import encoded, photo, riff, scene
from tests.anonymity.cleaning.sounds import box, film, full, late_positions

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def _archive(*members: tuple[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members:
            archive.writestr(name, body)
    return out.getvalue()


def _word(*more: tuple[str, bytes | str], kind: str = "document.main+xml", before: str = "") -> bytes:
    document = f'{before}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body/></w:document>'
    return _archive(
        ("[Content_Types].xml", content_types(**{"word/document.xml": f"{WORD}.{kind}"})),
        ("_rels/.rels", root_relations("word/document.xml")),
        ("word/document.xml", document),
        *more,
    )


def _odt(*more: tuple[str, bytes | str], kind: str = "text", manifest: str = "") -> bytes:
    space = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    return _archive(
        ("mimetype", f"application/vnd.oasis.opendocument.{kind}"),
        ("content.xml", '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>'),
        ("META-INF/manifest.xml", f"<manifest:manifest {space}>{manifest}</manifest:manifest>"),
        *more,
    )


def _locked_pdf() -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    out = io.BytesIO()
    pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="", R=6))
    return out.getvalue()


def _bomb() -> bytes:
    return _word(("word/media/image1.png", bytes(40 << 20)))


def _moving() -> bytes:
    frames = [scene(), scene().rotate(180)]
    return encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=100)


def _broken_photo() -> bytes:
    data = photo().data
    return data[: data.index(b"\xff\xda") + 400]


def _other_media() -> list[Refused]:
    return [
        Refused("empty.txt", b"", "empty"),
        Refused("noise.jpg", b"\xfe\xdc\xba\x98" * 64, "unknown_type"),
        Refused("photo.heic", box(b"ftyp", b"heic", bytes(4), b"mif1heic") + bytes(64), "heic"),
        Refused("photo.avif", box(b"ftyp", b"avif", bytes(4), b"mif1avif") + bytes(64), "heic"),
        Refused("moving.gif", encoded(scene(), "GIF"), "other_picture"),
        Refused("photo.tiff", encoded(scene(), "TIFF"), "other_picture"),
        Refused("photo.bmp", encoded(scene(), "BMP"), "other_picture"),
        Refused("sound.wav", b"RIFF\x24\0\0\0WAVEfmt " + bytes(64), "other_sound"),
        Refused("sound.ogg", b"OggS\0\2" + bytes(64), "other_sound"),
        Refused("film.mov", box(b"ftyp", b"qt  ", bytes(4), b"qt  ") + bytes(64), "other_video"),
        Refused("film.webm", bytes.fromhex("1a45dfa3") + bytes(64), "other_video"),
    ]


def _other_documents() -> list[Refused]:
    return [
        Refused("old.doc", OLE + bytes(600), "old_office"),
        Refused("locked.docx", OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(64), "encrypted"),
        Refused(
            "talk.pptx",
            _archive(
                (
                    "[Content_Types].xml",
                    content_types(
                        **{
                            "ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
                        }
                    ),
                )
            ),
            "other_document",
        ),
        Refused("table.ods", _odt(kind="spreadsheet"), "other_document"),
        Refused("letter.rtf", b"{\\rtf1 hello}", "other_document"),
        Refused("page.html", b"\n <!DOCTYPE html><p>hello", "web_page"),
        Refused("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "web_page"),
        Refused("files.zip", _archive(("a.txt", "hello")), "archive"),
        Refused("files.gz", b"\x1f\x8b\x08" + bytes(64), "archive"),
        Refused("setup.exe", b"MZ" + bytes(200), "program"),
    ]


def _locked_or_alive() -> list[Refused]:
    story = letter().data
    locked = story.replace(b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\1\0").replace(
        b"PK\x03\x04\x14\0\0\0", b"PK\x03\x04\x14\0\1\0"
    )
    encrypted = (
        '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    )
    rels = "word/_rels/document.xml.rels"
    return [
        Refused("locked.pdf", _locked_pdf(), "encrypted"),
        Refused("lockedzip.docx", locked, "encrypted"),
        Refused("locked.odt", _odt(manifest=encrypted), "encrypted"),
        Refused("macros.docm", _word(("word/vbaProject.bin", b"x"), kind="document.macroEnabled.main+xml"), "macros"),
        Refused("macros.docx", _word(("word/vbaProject.bin", b"x")), "macros"),
        Refused("macros.odt", _odt(("Basic/Standard/Module1.xml", "<a/>")), "macros"),
        Refused(
            "inside.docx",
            _word(
                (rels, relations(("rId1", "oleObject", "embeddings/oleObject1.bin", False))),
                ("word/embeddings/oleObject1.bin", b"x"),
            ),
            "embedded_object",
        ),
        Refused("inside.odt", _odt(("Object 1/content.xml", "<a/>")), "embedded_object"),
    ]


def _beyond_cleaning() -> list[Refused]:
    entities = '<!DOCTYPE x [<!ENTITY a "b">]>'
    index = film().data
    return [
        Refused("moving.webp", _moving(), "animation"),
        Refused(
            "pieces.mp4", box(b"ftyp", b"isom", bytes(4), b"isom") + box(b"moof", full(b"mfhd", bytes(4))), "fragmented"
        ),
        Refused("latin.txt", "caff\xe9 wedi\xb4i gau\n".encode("latin-1"), "not_text"),
        Refused("control.txt", b"hello\x00world", "not_text"),
        Refused("bomb.docx", _bomb(), "too_complex"),
        Refused("entities.docx", _word(before=entities), "damaged"),
        Refused("cut.jpg", _broken_photo(), "damaged"),
        Refused("cut.mp4", index[: len(index) // 2], "damaged"),
        Refused("cut.webp", b"RIFF\xff\0\0\0WEBP" + riff(b"VP8 ", bytes(10)), "damaged"),
        Refused("cut.pdf", b"%PDF-1.7\nnothing", "damaged"),
        Refused("late.mp4", late_positions(), "hidden_track"),
    ]


def refused_files() -> list[Refused]:
    """All of them."""
    return [*_other_media(), *_other_documents(), *_locked_or_alive(), *_beyond_cleaning()]
