"""What the lines of a review's timeline tell of, for people who see only what its worker shares with them.

That a second reviewer looks is told of with the outcome: it says how the first one would decide.
"""

from portal.cases.speaking import COMMON, Lines, Shared, lines_of

PLAIN = (
    *COMMON,
    "acknowledge",
    "classify",
    "class_contested",
    "class_settled",
    "doubt",
    "identity",
    "no_doubt",
    "proof_reminder",
    "give_up_proof",
    "revive",
    "extend",
    "request_pack",
    "share_pack",
    "records_late",
    "assign",
    "decline",
    "vacate",
    "question_asked",
    "question_answered",
    "view_written",
    "output_shown",
    "question_reminded",
    "question_ended",
    "answer_missing",
    "without_officer",
    "missed_day",
)
ASKED = (
    "ask_hold",
    "hold_wanted",
    "hold_asked",
    "hold_answered",
    "hold_done",
    "hold_by_default",
    "hold_chased",
    "hold_escalated",
)
"""Whether an effect waits is asked because of what the worker says of it."""

RECORDS = (
    "paper_added",
    "record_corrected",
    "correction_answered",
    "days_chosen",
    "side_said",
    "side_closed",
    "records_wanted",
    "records_begun",
    "records_frozen",
    "records_shared",
)
ENDING = ("decide", "settle", "explain", "refuse")
OUTCOME = (
    *ENDING,
    "look_again",
    "assign_reviewer",
    "end_reviewer",
    "open_seat",
    "reviewers_differ",
    "seat_reminded",
    "seat_late",
    "start_remedy",
    "remedy_added",
    "remedy_done",
    "remedy_confirmed",
    "remedy_contested",
    "remedy_checked",
    "remedy_late",
    "close",
    "stage_two",
    "asked_late",
    "second_view_written",
    "chair_gone",
    "panel_named",
    "other_body_named",
    "decide_again",
    "refer",
    "refer_at_once",
    "lesson_published",
    "look_back_opened",
)
LINES: Lines = lines_of(
    PLAIN,
    {Shared.ASKED: ASKED, Shared.RECORDS: RECORDS, Shared.OUTCOME: OUTCOME},
    telling=(*ENDING, "look_again"),
    ending=ENDING,
)
