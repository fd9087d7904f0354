"""Dates as feeds and scrapers write them, to seconds since 1970 in UTC."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime
from typing import Any

FIRST, LAST = -62_135_596_800, 253_402_300_799
"""The years 1 to 9999: what a calendar date can say."""
MILLIS = 10**11
"""A number from here on is milliseconds: as seconds it would be the year 5138, as milliseconds it is 1973."""

_NUMBER = re.compile(r"-?\d{9,13}(?:\.\d+)?")
_ZONE = re.compile(r"\s*(?:UTC|GMT|Z)$", re.IGNORECASE)
_OFFSET = re.compile(r"\s+([+-]\d\d:?\d\d)$")
_TOGETHER = re.compile(r"^(\d{8})(\d{6})$")
_HYPHENED = re.compile(r"^(\d{1,2})-([A-Za-z]{3})-(\d{4}) ([\d:]+)\.\d+$")  # 26-FEB-1987 15:01:01.79, as Reuters wrote
_SLASHED = re.compile(r"(\d{4})/(\d\d)/(\d\d)(?!\d)")


def seconds(value: Any) -> int | None:
    """The moment that `value` says: ISO 8601, RFC 2822, seconds or milliseconds since 1970, a date; None if it says none.

    Without a time zone it is UTC; a date is its first second.

    >>> seconds("2021-03-04T05:06:07+01:00"), seconds("Thu, 04 Mar 2021 04:06:07 GMT"), seconds(1614830767000), seconds("soon")
    (1614830767, 1614830767, 1614830767, None)
    """
    try:
        found = _seconds(value)
    except (ValueError, OverflowError, TypeError, IndexError, ArithmeticError):
        return None
    return found if found is not None and FIRST <= found <= LAST else None


def _seconds(value: Any) -> int | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return math.floor(value / 1000 if abs(value) >= MILLIS else value)
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return _moment(datetime.combine(value, time()))
    return _text(value.strip()) if isinstance(value, str) and len(value) < 100 else None


def _text(text: str) -> int | None:
    if _NUMBER.fullmatch(text):
        return _seconds(float(text))
    try:
        return _moment(datetime.fromisoformat(text))
    except ValueError:
        pass
    iso = _TOGETHER.sub(r"\1T\2", _SLASHED.sub(r"\1-\2-\3", _OFFSET.sub(r"\1", _ZONE.sub("+00:00", text))))
    try:
        return _moment(datetime.fromisoformat(iso))
    except ValueError:
        return _moment(parsedate_to_datetime(_HYPHENED.sub(r"\1 \2 \3 \4", text)))


def _moment(value: datetime) -> int:
    if value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    return math.floor((value - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
