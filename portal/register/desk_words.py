"""What the register's editors see in place of the code words that no public page shows."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from portal.core.text import Message, pmsg
from portal.register.terms import AtrsStatus, Audience, Clearer, ExportMethod, LanguageState, Origin, TimeUnit

DESK_WORDS: Mapping[type[StrEnum], Mapping[Any, Message]] = {
    ExportMethod: {
        ExportMethod.SELF_SERVE: pmsg("how a copy is made", "Workers can take it themselves"),
        ExportMethod.REPORT: pmsg("how a copy is made", "A report from the system"),
        ExportMethod.API: pmsg("how a copy is made", "Automatic transfer"),
        ExportMethod.MANUAL: pmsg("how a copy is made", "By hand"),
    },
    TimeUnit: {
        TimeUnit.MINUTES: pmsg("unit of time", "Minutes"),
        TimeUnit.HOURS: pmsg("unit of time", "Hours"),
        TimeUnit.DAYS: pmsg("unit of time", "Days"),
        TimeUnit.WORKING_DAYS: pmsg("unit of time", "Working days"),
        TimeUnit.WEEKS: pmsg("unit of time", "Weeks"),
        TimeUnit.MONTHS: pmsg("unit of time", "Months"),
        TimeUnit.YEARS: pmsg("unit of time", "Years"),
    },
    AtrsStatus: {
        AtrsStatus.NOT_IN_SCOPE: pmsg("publication on GOV.UK", "Not in scope"),
        AtrsStatus.PLANNED: pmsg("publication on GOV.UK", "Planned"),
        AtrsStatus.SENT: pmsg("publication on GOV.UK", "Sent"),
        AtrsStatus.PUBLISHED: pmsg("publication on GOV.UK", "Published"),
        AtrsStatus.WITHDRAWN: pmsg("publication on GOV.UK", "Withdrawn"),
    },
    Clearer: {
        Clearer.TEAM: pmsg("who has cleared it", "The team"),
        Clearer.RESPONSIBLE: pmsg("who has cleared it", "The responsible manager"),
        Clearer.COMMUNICATIONS: pmsg("who has cleared it", "The communications team"),
        Clearer.UNION: pmsg("who has cleared it", "The unions"),
    },
    LanguageState: {
        LanguageState.NONE: pmsg("state of a text", "Not written"),
        LanguageState.MACHINE: pmsg("state of a text", "Written by a machine, not yet checked"),
        LanguageState.DRAFT: pmsg("state of a text", "Draft"),
        LanguageState.APPROVED: pmsg("state of a text", "Approved"),
    },
    Origin: {
        Origin.PERSON: pmsg("where a text came from", "Written in the form"),
        Origin.TEMPLATE: pmsg("where a text came from", "Taken from the template"),
        Origin.IMPORT: pmsg("where a text came from", "Came with a file"),
        Origin.MACHINE: pmsg("where a text came from", "Written by a machine"),
    },
    Audience: {
        Audience.PUBLIC: pmsg("who may read", "Everybody"),
        Audience.STAFF: pmsg("who may read", "Staff"),
        Audience.UNION: pmsg("who may read", "Unions"),
        Audience.INTERNAL: pmsg("who may read", "The register’s editors"),
    },
}
