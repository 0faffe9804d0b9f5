CREATE TABLE runs ( id INTEGER PRIMARY KEY, started_at TEXT NOT NULL, ended_at TEXT, version TEXT NOT NULL , command TEXT NOT NULL DEFAULT 'run') STRICT
CREATE TABLE harvests ( id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs(id), source TEXT NOT NULL, label TEXT NOT NULL, asked_at TEXT NOT NULL, status TEXT NOT NULL CHECK (status IN ('complete', 'incomplete', 'failed', 'skipped')), query TEXT NOT NULL, query_version TEXT NOT NULL, total INTEGER, fetched INTEGER NOT NULL, new INTEGER NOT NULL, changed INTEGER NOT NULL, quarantined INTEGER NOT NULL, error TEXT NOT NULL, not_before TEXT , gone INTEGER NOT NULL DEFAULT 0) STRICT
CREATE INDEX harvests_by_source ON harvests (source, status, asked_at)
CREATE TABLE records ( id INTEGER PRIMARY KEY, source TEXT NOT NULL, source_id TEXT NOT NULL, label TEXT NOT NULL, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, fetched_at TEXT NOT NULL, missing_since TEXT, pending INTEGER NOT NULL CHECK (pending IN (0, 1)), content_hash TEXT NOT NULL, content TEXT NOT NULL CHECK (json_valid(content)), key TEXT GENERATED ALWAYS AS (source || ':' || source_id) VIRTUAL, title TEXT GENERATED ALWAYS AS (content ->> '$.title') VIRTUAL, journal TEXT GENERATED ALWAYS AS (content ->> '$.journal') VIRTUAL, doi TEXT GENERATED ALWAYS AS (content ->> '$.doi') VIRTUAL, pmid TEXT GENERATED ALWAYS AS (content ->> '$.pmid') VIRTUAL, matched_by INTEGER NOT NULL DEFAULT 0, UNIQUE (source, source_id) ) STRICT
CREATE UNIQUE INDEX records_by_key ON records (key)
CREATE INDEX records_pending ON records (id) WHERE pending
CREATE TABLE revisions ( id INTEGER PRIMARY KEY, record INTEGER NOT NULL REFERENCES records(id), seen_at TEXT NOT NULL, content_hash TEXT NOT NULL, reader_version INTEGER NOT NULL, payload BLOB NOT NULL ) STRICT
CREATE INDEX revisions_by_record ON revisions (record)
CREATE TABLE quarantine ( id INTEGER PRIMARY KEY, source TEXT NOT NULL, content_hash TEXT NOT NULL, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, error TEXT NOT NULL, payload BLOB NOT NULL, UNIQUE (source, content_hash) ) STRICT
CREATE TABLE record_keys ( key TEXT NOT NULL, record INTEGER NOT NULL REFERENCES records(id), PRIMARY KEY (key, record) ) STRICT, WITHOUT ROWID
CREATE INDEX record_keys_by_record ON record_keys (record)
CREATE TABLE verdicts ( record INTEGER PRIMARY KEY REFERENCES records(id), tier TEXT NOT NULL CHECK (tier IN ('core', 'related', 'out')), excluded_by TEXT NOT NULL, reasons TEXT NOT NULL CHECK (json_valid(reasons)), rules TEXT NOT NULL, decided_at TEXT NOT NULL ) STRICT
CREATE TABLE works ( id INTEGER PRIMARY KEY AUTOINCREMENT, study INTEGER NOT NULL REFERENCES works(id) DEFERRABLE INITIALLY DEFERRED, merged_into INTEGER REFERENCES works(id), first_seen TEXT NOT NULL, tier TEXT NOT NULL CHECK (tier IN ('core', 'related', 'out')), excluded_by TEXT NOT NULL, reasons TEXT NOT NULL CHECK (json_valid(reasons)), content TEXT NOT NULL CHECK (json_valid(content)), facts TEXT NOT NULL CHECK (json_valid(facts)), title TEXT GENERATED ALWAYS AS (content ->> '$.title') VIRTUAL, journal TEXT GENERATED ALWAYS AS (content ->> '$.journal') VIRTUAL, doi TEXT GENERATED ALWAYS AS (content ->> '$.doi') VIRTUAL, pmid TEXT GENERATED ALWAYS AS (content ->> '$.pmid') VIRTUAL, pmcid TEXT GENERATED ALWAYS AS (content ->> '$.pmcid') VIRTUAL, design TEXT GENERATED ALWAYS AS (facts ->> '$.design.value') VIRTUAL, participants INTEGER GENERATED ALWAYS AS (facts ->> '$.participants.value') VIRTUAL ) STRICT
CREATE INDEX works_by_study ON works (study)
CREATE INDEX works_merged ON works (merged_into) WHERE merged_into IS NOT NULL
CREATE TABLE work_records ( record INTEGER PRIMARY KEY REFERENCES records(id), work INTEGER NOT NULL REFERENCES works(id), reason TEXT NOT NULL , came_with INTEGER, read_as TEXT NOT NULL DEFAULT '') STRICT
CREATE INDEX work_records_by_work ON work_records (work)
CREATE TABLE links ( from_record INTEGER NOT NULL REFERENCES records(id), to_record INTEGER NOT NULL REFERENCES records(id), relationship TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (from_record, to_record, relationship) ) STRICT, WITHOUT ROWID
CREATE INDEX links_to ON links (to_record)
CREATE VIRTUAL TABLE works_search USING fts5 ( title, abstract, authors, journal, keywords, tokenize = 'unicode61 remove_diacritics 2' )
CREATE TABLE subscriptions ( digest TEXT PRIMARY KEY, considered_at TEXT NOT NULL ) STRICT
CREATE TABLE issues ( id INTEGER PRIMARY KEY, digest TEXT NOT NULL, number INTEGER NOT NULL, composed_at TEXT NOT NULL, subject TEXT NOT NULL, out_of_cycle INTEGER NOT NULL DEFAULT 0 CHECK (out_of_cycle IN (0, 1)), told_map TEXT CHECK (told_map IS NULL OR json_valid(told_map)), UNIQUE (digest, number) ) STRICT
CREATE TABLE renderings ( issue INTEGER NOT NULL REFERENCES issues(id), format TEXT NOT NULL, content BLOB NOT NULL, PRIMARY KEY (issue, format) ) STRICT, WITHOUT ROWID
CREATE TABLE outbox ( id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, issue INTEGER NOT NULL REFERENCES issues(id), format TEXT NOT NULL, target TEXT NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('pending', 'sent')), attempts INTEGER NOT NULL DEFAULT 0, last_error TEXT NOT NULL DEFAULT '', delivered_at TEXT ) STRICT
CREATE INDEX outbox_pending ON outbox (id) WHERE state = 'pending'
CREATE VIEW publications AS SELECT 'W' || works.id AS id, works.title, works.content ->> '$.journal' AS journal, works.content ->> '$.published.year' AS year, works.design, works.participants, works.tier, works.doi, works.pmid, works.first_seen, 'W' || works.study AS study, (SELECT group_concat(DISTINCT records.label) FROM work_records JOIN records ON records.id = work_records.record WHERE work_records.work = works.id) AS sources FROM works WHERE works.merged_into IS NULL AND works.tier <> 'out'
CREATE VIEW screened_out AS SELECT records.source, records.source_id, records.title, verdicts.excluded_by FROM verdicts JOIN records ON records.id = verdicts.record WHERE verdicts.tier = 'out'
CREATE VIEW source_status AS SELECT source, label, max(asked_at) AS last_asked, max(asked_at) FILTER (WHERE status = 'complete') AS complete_until FROM harvests GROUP BY source
CREATE TABLE validators ( source TEXT PRIMARY KEY, reader_version INTEGER NOT NULL, etag TEXT NOT NULL, modified TEXT NOT NULL, obtained_at TEXT NOT NULL ) STRICT
CREATE INDEX records_matched ON records (matched_by)
CREATE TABLE pairs ( record_a INTEGER NOT NULL REFERENCES records(id), record_b INTEGER NOT NULL REFERENCES records(id), strength INTEGER NOT NULL, certain INTEGER NOT NULL CHECK (certain IN (0, 1)), reason TEXT NOT NULL, PRIMARY KEY (record_a, record_b) ) STRICT, WITHOUT ROWID
CREATE INDEX pairs_by_second ON pairs (record_b)
CREATE TABLE judgements ( id INTEGER PRIMARY KEY, kind TEXT NOT NULL, record INTEGER NOT NULL REFERENCES records(id), other INTEGER REFERENCES records(id), value TEXT NOT NULL, note TEXT NOT NULL, judged_at TEXT NOT NULL, undone_at TEXT ) STRICT
CREATE INDEX judgements_by_record ON judgements (record)
CREATE INDEX judgements_by_other ON judgements (other) WHERE other IS NOT NULL
CREATE INDEX verdicts_by_rules ON verdicts (rules)
CREATE TABLE events ( id INTEGER PRIMARY KEY, kind TEXT NOT NULL, work INTEGER NOT NULL REFERENCES works(id), at TEXT NOT NULL, run INTEGER NOT NULL REFERENCES runs(id), notice TEXT NOT NULL ) STRICT
CREATE TABLE told ( digest TEXT NOT NULL, event INTEGER NOT NULL REFERENCES events(id), issue INTEGER NOT NULL REFERENCES issues(id), shown INTEGER NOT NULL CHECK (shown IN (0, 1)), PRIMARY KEY (digest, event) ) STRICT, WITHOUT ROWID
CREATE INDEX events_by_work ON events (work)
CREATE INDEX told_by_event ON told (event)
