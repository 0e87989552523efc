"""Every model of the portal, imported so that the metadata is whole."""

import portal.audit.models
import portal.cases.board
import portal.cases.models
import portal.cases.views
import portal.complaints.models
import portal.concerns.casework.models
import portal.concerns.models
import portal.concerns.reporting.models
import portal.concerns.timing.models
import portal.concerns.together.models
import portal.decision_review.asking.models
import portal.decision_review.evidence.models
import portal.decision_review.holding.models
import portal.decision_review.learning.models
import portal.decision_review.models
import portal.decision_review.outcome.models
import portal.decision_review.reviewing.models
import portal.directory.models
import portal.identity.models
import portal.mailbox.models
import portal.mailbox.physical
import portal.notifications.models
import portal.register.corrections.models
import portal.register.editing.models
import portal.register.finding.models
import portal.register.lifecycle.models
import portal.register.models
import portal.register.positions
import portal.register.products.models
import portal.register.talks
import portal.register.voices.models
import portal.register.watching.models
import portal.subject_access.after.models
import portal.subject_access.answering.models
import portal.subject_access.asking.models
import portal.subject_access.material.models
import portal.subject_access.models
import portal.subject_access.officer.models
import portal.subject_access.searching.models
import portal.sweep
import portal.union_casework.models  # noqa: F401
from portal.core.db import Base

METADATA = Base.metadata
