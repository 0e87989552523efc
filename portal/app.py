"""The application: every feature's router under both languages, one header layer, one table of errors."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import APIRouter, FastAPI

from anonymity.errors import CannotOpen
from portal.account import routes as account
from portal.administration import routes as administration
from portal.complaints import routes as complaints
from portal.concerns.casework import bulk_pages as concerns_several
from portal.concerns.casework import labels_pages as concerns_labels
from portal.concerns.casework import marking as concerns_marking
from portal.concerns.casework import pairs_pages as concerns_replies
from portal.concerns.casework import printing as concerns_printing
from portal.concerns.casework import routes as concerns_casework
from portal.concerns.casework import saved_pages as concerns_views
from portal.concerns.desk import asking as concerns_asking
from portal.concerns.desk import box as concerns_desk_box
from portal.concerns.desk import key_pages as concerns_keys
from portal.concerns.desk import shortcuts as concerns_shortcuts
from portal.concerns.reporting import admission, gate, waiting
from portal.concerns.reporting import box as concerns_box
from portal.concerns.reporting import offers as concerns_offers
from portal.concerns.reporting import returns as concerns_returns
from portal.concerns.reporting import routes as concerns_reporting
from portal.concerns.timing import routes as concerns_promises
from portal.concerns.together import joint_routes as concerns_joint
from portal.concerns.together import routes as concerns_together
from portal.core.blobs import BlobStore
from portal.core.db import Base, Database
from portal.decision_review import routes as decision_review
from portal.home import case_pages, report_pages
from portal.home import routes as home
from portal.register import routes as register
from portal.register.atrs_export import routes as register_atrs
from portal.register.corrections import routes as corrections
from portal.register.editing import routes as register_editing
from portal.register.lifecycle import routes as register_lifecycle
from portal.register.opendata import routes as register_open_data
from portal.register.posters import routes as register_posters
from portal.register.unlisted import routes as register_unlisted
from portal.register.voices import routes as register_voices
from portal.register.watching import routes as register_watching
from portal.settings.models import Settings
from portal.subject_access import routes as subject_access
from portal.union_casework import routes as union_casework
from portal.web import errors, static
from portal.web.headers import HeaderLayer
from portal.web.keeping import KeepLayer
from portal.web.signposts import Signposts

FEATURES: tuple[APIRouter, ...] = (
    concerns_reporting.router,
    concerns_returns.router,
    concerns_box.router,
    concerns_offers.router,
    admission.router,
    home.router,
    case_pages.router,
    report_pages.router,
    register.router,
    register_posters.router,
    register_atrs.router,
    register_watching.router,
    register_open_data.router,
    corrections.router,
    register_unlisted.router,
    register_voices.router,
    register_editing.router,
    register_lifecycle.router,
    account.router,
    administration.router,
    subject_access.router,
    decision_review.router,
    complaints.router,
    concerns_promises.router,
    union_casework.router,
    concerns_joint.router,
    concerns_together.router,
    concerns_desk_box.router,
    concerns_asking.router,
    concerns_keys.router,
    concerns_shortcuts.router,
    concerns_labels.router,
    concerns_replies.router,
    concerns_several.router,
    concerns_views.router,
    concerns_printing.router,
    concerns_marking.router,
    concerns_casework.router,  # after the addresses that no thread has
)
"""All that stands below a language; no address belongs to two of them."""


def make_app(settings: Settings) -> FastAPI:
    """The whole portal for one process."""
    app = FastAPI(
        title="Porth",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=_life,
        telemetry={
            "tracing": False,
            "metrics": False,
            "logs": False,
            "operation_spans": False,
            "auto_configure": False,
        },
    )
    app.state.settings = settings
    app.state.database = Database(settings.database)
    app.state.blobs = BlobStore(settings.blob_folder, settings.vault)
    for router in (home.start, static.router, register_open_data.machines):
        app.router.routes += router.routes
    app.router.routes.append(Signposts(FEATURES))
    errors.install(app, account.sign_in_again)
    app.add_exception_handler(admission.WorkNeeded, admission.ask_for_work)
    app.add_exception_handler(CannotOpen, errors.not_there)
    app.add_exception_handler(gate.Busy, waiting.tell_busy)
    app.add_middleware(errors.CatchLayer)
    app.add_middleware(
        KeepLayer,
        settings=settings,
        database=app.state.database,
        fixed=home.FIXED_PAGES,
        changing=register.PUBLIC_PAGES,
        shown=_tables_of("portal.directory.", "portal.register.") - _tables_of(*QUIET),
    )
    app.add_middleware(HeaderLayer, settings=settings)
    return app


QUIET = ("portal.register.corrections.", "portal.register.unlisted.", "portal.register.watching.")
"""Were what these keep to end a kept page, its slowness would tell at which second somebody asked or followed."""


def _tables_of(*rooms: str) -> frozenset[str]:
    """What public pages are made of: the tables of these rooms."""
    mapped = (mapper.class_ for mapper in Base.registry.mappers)
    return frozenset(one.__tablename__ for one in mapped if one.__module__.startswith(rooms))


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    limiter = anyio.to_thread.current_default_thread_limiter()
    limiter.total_tokens = app.state.settings.threads
    yield
    app.state.database.close()
