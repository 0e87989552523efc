"""Which files take longer than others, which of them come first, and which a run need not read at all."""

TAKES_LONGER = (
    "tests/bench/",
    "tests/leaks/",
    "tests/cli/",
    "tests/anonymity/cleaning/",
    "tests/anonymity/test_browser",
    "tests/anonymity/test_bundle",
    "tests/anonymity/test_story",
    "tests/anonymity/test_readership",
    "tests/complaints/",
    "tests/concerns/",
    "tests/decision_review/",
    "tests/migrations/",
    "tests/notifications/test_operator",
    "tests/notrace/",
    "tests/account/test_routes",
    "tests/statistics/test_freezing",
    "tests/statistics/test_pages",
    "tests/subject_access/test_pages",
    "tests/subject_access/after/test_erasing",
    "tests/subject_access/after/test_pages",
    "tests/subject_access/answering/",
    "tests/subject_access/asking/test_looking",
    "tests/subject_access/asking/test_pages",
    "tests/subject_access/material/",
    "tests/subject_access/officer/",
    "tests/subject_access/searching/test_pages",
    "tests/register/test_any_day",
    "tests/register/test_demonstration",
    "tests/register/test_routes",
    "tests/register/test_system_pages",
    "tests/register/opendata/test_routes",
    "tests/register/editing/test_affected_rows",
    "tests/register/editing/test_files",
    "tests/register/editing/test_origins",
    "tests/register/editing/test_routes",
    "tests/register/editing/test_templates",
    "tests/register/lifecycle/test_routes",
    "tests/register/unlisted/test_routes",
    "tests/register/voices/test_routes",
    "tests/register/watching/test_routes",
    "tests/web/test_anonymous_area",
    "tests/web/test_answers",
    "tests/web/test_odd_forms",
    "tests/web/test_origins",
    "tests/web/test_slow_forms",
    "tests/documents/test_apart",
    "tests/mailbox/test_epochs",
    "tests/notifications/test_two_processes",
    "tests/tools/test_hanging",
    "tests/tools/test_chosen",
    "tests/tools/test_played_twice",
)
"""Processes, databases made by a command, pages asked of the whole portal, and stories on the demonstration."""
STILL_SHORT = (
    "tests/complaints/test_days",
    "tests/concerns/after/test_rules",
    "tests/concerns/together/test_rules",
    "tests/decision_review/learning/test_tables",
    "tests/decision_review/test_rules",
    "tests/subject_access/material/test_rules",
)
"""What stands among these and is neither."""
FIRST = (
    "tests/bench/test_bench_runs",
    "tests/notrace/",
    "tests/bench/test_desk_list",
    "tests/anonymity/test_browser_worker",
    "tests/anonymity/test_browser_concern",
    "tests/cli/test_client",
    "tests/anonymity/test_browser_return",
    "tests/cases/test_on_postgresql",
    "tests/complaints/test_on_postgresql",
    "tests/subject_access/answering/test_on_postgresql",
    "tests/firefox/test_firefox_crossing",
    "tests/cli/test_verify",
    "tests/leaks/",
    "tests/subject_access/after/test_on_postgresql",
    "tests/cli/test_commands",
    "tests/anonymity/cleaning/test_hostile",
    "tests/anonymity/test_browser_files",
    "tests/anonymity/test_browser_crossing",
    "tests/concerns/test_two_servers_on_postgresql",
    "tests/concerns/test_two_processes",
    "tests/concerns/test_on_postgresql",
    "tests/decision_review/reviewing/test_pages",
    "tests/decision_review/",
    "tests/firefox/",
    "tests/cli/",
    "tests/locales/test_catalogue_gate",
    "tests/migrations/",
    "tests/subject_access/material/test_pages",
    "tests/cases/test_queries",
    "tests/subject_access/after/test_pages",
    "tests/documents/test_sheets",
    "tests/architecture/",
    "tests/complaints/",
    "tests/subject_access/",
)
"""Files that take longest, the longest first: whichever came last, the other processes would have nothing to do."""
NOT_READ = {"not slow": TAKES_LONGER, "not pages": ("tests/pages/",), "not journey": ("tests/journeys/",)}
"""What a run leaves out is not even read: to import and rewrite a test costs more than many a test."""


def turn_of(where: str) -> int:
    """The place of a file among those that come first."""
    return next((turn for turn, begin in enumerate(FIRST) if where.startswith(begin)), len(FIRST))


def stands_among_long(where: str) -> bool:
    return where.startswith(TAKES_LONGER) and not where.startswith(STILL_SHORT)


def is_left_unread(where: str, markers: str) -> bool:
    """Whether a run of these markers has nothing to do with a file, or with a folder (which ends in a slash)."""
    if where.startswith(STILL_SHORT) or any(path.startswith(where) for path in STILL_SHORT):
        return False
    left_out = [paths for said, paths in NOT_READ.items() if said in markers]
    return where.startswith(tuple(path for paths in left_out for path in paths))
