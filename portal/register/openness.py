"""Which fields of a record everybody may read. The portal's public pages are read by staff without signing in."""

from portal.register.record import Record
from portal.register.terms import Audience

READERS = frozenset({Audience.PUBLIC, Audience.STAFF})


def is_open(record: Record, *keys: str) -> bool:
    """Whether none of these fields, nor the whole that one is a part of, is withheld from whoever reads the pages."""
    withheld = {one.field for one in record.withheld if READERS.intersection(one.audience)}
    wholes = {key.partition(".")[0] for key in keys}
    return not withheld & (wholes | set(keys))
