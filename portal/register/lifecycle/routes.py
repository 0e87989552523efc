"""The desk of systems' lives: one router for its three groups of pages."""

from fastapi import APIRouter

from portal.register.lifecycle import acting, desk, papers

router = APIRouter()
for _pages in (desk, acting, papers):
    router.routes += _pages.router.routes
