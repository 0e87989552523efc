"""What one half seals the other opens, in Firefox: the tests of Chromium, unchanged. Sealing is in its worker."""

import pytest

from tests.anonymity import test_browser_crossing as crossing
from tests.anonymity import test_browser_files as files
from tests.anonymity import test_browser_readers as reading
from tests.anonymity import test_browser_worker as worker
from tests.firefox.fox import Tab

pytestmark = pytest.mark.firefox

code, readers, reporter, desk = crossing.code, crossing.readers, reading.reporter, reading.desk
TOLD_ELSEWHERE = (
    "printed",
    "chunk_border",
    "no_bit",
    "largest_file",
    "responsive",
    "changed_worker",
    "portals_policy",
    "carries",
    "opened_from",
    "no_way_out",
    "locked_worker",
)
"""Parts of the names of tests that are about speed or size, or need more of the browser than its pages."""

for _room in (crossing, files, reading, worker):
    for _name, _test in vars(_room).items():
        if _name.startswith("test_") and not any(part in _name for part in TOLD_ELSEWHERE):
            globals()[_name] = _test


@pytest.fixture(scope="module")
def files_page(modules: Tab) -> Tab:
    """The page of the modules: it does for files as well."""
    return modules
