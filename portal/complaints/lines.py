"""What the lines of a complaint's timeline tell of, for people who see only what its person shares with them.

Who acknowledges it and who reads the outcome as a second person says whether it is about the body's own officers.
"""

from portal.cases.speaking import COMMON, Lines, Shared, lines_of

PLAIN = (
    *COMMON,
    "enquire",
    "progress_over",
    "update",
    "ask_person",
    "answer_question",
    "file",
    "to_regulator",
    "ico_asked",
    "ico_answered",
    "ico_ended",
    "not_acknowledged",
)
ASKED = ("acknowledge", "assign_reviewer", "end_reviewer")
OUTCOME = ("propose", "decide", "fix", "remedy_done", "reopen", "close")
LINES: Lines = lines_of(
    PLAIN, {Shared.ASKED: ASKED, Shared.OUTCOME: OUTCOME}, telling=("propose", "decide"), ending=("decide",)
)
