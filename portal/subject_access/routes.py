"""The pages of access requests."""

from fastapi import APIRouter

router = APIRouter()
