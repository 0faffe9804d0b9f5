"""Exchange: bibliographic records in the formats of other programs, read and written."""
