"""The pages of writing: one router, the fixed names before the sections."""

from fastapi import APIRouter

from portal.register.editing import approving, desk, files, offering, origin_pages, rows, sections, talking

router = APIRouter()
for _pages in (desk, approving, files, offering, origin_pages, talking, sections, rows):
    router.routes += _pages.router.routes
