"""Keys to keep."""

from datetime import UTC, datetime
from uuid import UUID

from vsmhub.secrets.place import Place
from vsmhub.secrets.record import KeyRecord
from vsmhub.secrets.secret import Secret

HERE = Place("local", "ops-hub")
KEY = "ihk_1a2b3c4d5e6f_abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
RECORD = KeyRecord(Secret(KEY), UUID(int=7), datetime(2026, 6, 14, 12, tzinfo=UTC))
NEWER = KeyRecord(Secret("ihk_6f5e4d3c2b1a_another"), UUID(int=8), datetime(2026, 6, 15, 12, tzinfo=UTC))
