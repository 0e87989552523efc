"""The outgoing scan names what a PDF holds besides what it shows, and finds nothing in a copy made anew."""

import pikepdf

from portal.documents.cuts import AreaCut
from portal.documents.cutting import cut
from portal.documents.findings import FindingCode
from portal.documents.kinds import FileKind
from portal.documents.pdfcutting import without_unseen
from portal.documents.pdfscanning import scan_pdf, unseen_words
from tests.documents import papers


def codes(data: bytes) -> set[FindingCode]:
    return {finding.code for finding in scan_pdf(data)}


def test_every_planted_thing_is_named() -> None:
    assert {
        FindingCode.EMBEDDED_FILE,
        FindingCode.PROPERTIES,
        FindingCode.COMMENT,
        FindingCode.FORM_FIELD,
        FindingCode.EARLIER_REVISION,
    } <= codes(papers.planted())


def test_words_under_a_box_and_off_the_page_are_told_by_page() -> None:
    boxed = papers.line(b"Mali Tudur") + b"0 g 15 190 120 24 re f\n"
    data = papers.octets(papers.paper(papers.line(b"Seen"), boxed + papers.line(b"away", 900)))
    found = {(finding.code, finding.place, finding.number) for finding in scan_pdf(data)}
    assert {(FindingCode.TEXT_UNDER_BOX, "2", 9), (FindingCode.TEXT_OFF_PAGE, "2", 4)} <= found
    assert unseen_words(data) == ["MaliTuduraway"]


def test_a_copy_made_anew_has_no_finding_and_scanning_it_twice_says_the_same() -> None:
    clean = without_unseen(papers.planted())
    assert scan_pdf(clean) == []
    assert scan_pdf(without_unseen(clean)) == []


def test_a_dot_a_dash_and_pale_ink_are_seen() -> None:
    pale = b".8 g " + papers.line(b"pale . - | _", 100)
    assert codes(papers.octets(papers.paper(papers.line(b". - , ' |") + pale))) == set()


def test_the_points_of_a_page_that_became_a_picture_are_no_finding() -> None:
    lines = papers.line(b"Trafodwyd y sifftiau hir. Yn bresennol: y rheolwr, y gweithiwr,") + papers.line(b"Gone", 100)
    done = cut(FileKind.PDF, papers.octets(papers.paper(lines)), [AreaCut(1, 0, 0.6, 0.3, 0.7)])
    assert done.pictured == [1]
    assert codes(done.data) == set()


def test_a_point_that_hides_among_hidden_letters_is_counted_with_them() -> None:
    boxed = papers.line(b"M.T.") + b"0 g 15 190 120 24 re f\n"
    (finding,) = scan_pdf(papers.octets(papers.paper(boxed)))
    assert (finding.code, finding.number) == (FindingCode.TEXT_UNDER_BOX, 4)


def test_locked_and_broken_files_are_findings_that_nothing_fixes() -> None:
    locked = papers.octets(papers.paper(b""), encryption=pikepdf.Encryption(owner="a", user="b"))
    for data, code in ((locked, FindingCode.LOCKED), (b"%PDF-1.4 nonsense", FindingCode.UNREADABLE)):
        (finding,) = scan_pdf(data)
        assert (finding.code, finding.can_fix) == (code, False)
