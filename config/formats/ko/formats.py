"""Where Korean writes a time otherwise than Django does: 오전 and 오후 stand before it."""

DATETIME_FORMAT = "Y년 n월 j일 A g:i"
