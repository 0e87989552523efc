"""Every model of the portal, imported so that the metadata is whole."""

from portal.core.db import Base

METADATA = Base.metadata
