"""Ids in paths."""

from typing import Annotated
from uuid import UUID

from fastapi import Path

Id = Annotated[UUID, Path(alias="id")]
HubId = Annotated[UUID, Path(alias="hubId")]
