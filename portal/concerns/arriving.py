"""An item of the wire as the store takes it."""

from anonymity.submission import SealedItem
from portal.mailbox.service import IncomingItem


def incoming(item: SealedItem) -> IncomingItem:
    """The item, as it came, with the files that it names."""
    return IncomingItem(item.id, item.prev, item.file, item.files)
