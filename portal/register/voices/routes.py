"""The pages of both sides."""

from fastapi import APIRouter

from portal.register.voices import consultations, employer_desk, rights, union_desk

router = APIRouter()
for _part in (consultations, rights, employer_desk, union_desk):
    router.routes += _part.router.routes
