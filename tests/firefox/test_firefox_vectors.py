"""The browser half gives the very bytes of vectors.json in Firefox as well: the tests of Chromium, unchanged."""

import pytest

from tests.anonymity.test_browser_vectors import *  # noqa: F403

pytestmark = pytest.mark.firefox
