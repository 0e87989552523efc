"""Handing out a file of the records: as it came, or as the worker and the reviewer get it."""

from starlette.responses import Response

from portal.core.errors import NotFound
from portal.decision_review.evidence.models import EvidenceItem
from portal.decision_review.evidence.queries import item_context, open_item
from portal.web.anonymous import Visit
from portal.web.handing import handed


def hand_out(visit: Visit, item: EvidenceItem, *, shared: bool) -> Response:
    """The file of an item; ``shared``: without what was taken out."""
    blob_id, column = item.blob_id, "blob_id"
    if shared and item.shared_blob_id is not None:
        blob_id, column = item.shared_blob_id, "shared_blob_id"
    if blob_id is None:
        raise NotFound
    name = open_item(item, "file_name", visit.vault)
    data = b"".join(visit.blobs.read(blob_id, context=item_context(column, item.id)))
    return handed(iter([data]), name.reveal() if name else "", item.media_type, len(data))
