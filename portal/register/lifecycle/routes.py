"""The desk of systems' lives: one router for its groups of pages."""

from fastapi import APIRouter

from portal.register.lifecycle import acting, desk, incident_pages, papers

router = APIRouter()
for _pages in (desk, acting, papers, incident_pages):
    router.routes += _pages.router.routes
