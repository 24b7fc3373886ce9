"""Turn views into plain data, canonical bytes and the name of those bytes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

if TYPE_CHECKING:
    pass


def plain(value: Any) -> Any:
    """Return a view, or a part of one, as plain data for JSON."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=True)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value


def as_bytes(value: Any) -> bytes:
    """Return a view as canonical JSON."""
    text = json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def etag(value: Any) -> str:
    """Return a name for the bytes of a view."""
    return hashlib.sha256(as_bytes(value)).hexdigest()[:32]
