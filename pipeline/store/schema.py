"""The tables, by hand, in named migrations. A released migration is never edited: the next one changes what it left.

Records are evidence and only ever added to; everything below the line "conclusions" can be drawn again from them.
Times are UTC, ISO 8601 to the second (``2026-11-22T07:00:00Z``), so that they sort as text. Lists and nested values
are JSON.
"""

from sqlite_utils import Database, Migrations

APPLICATION_ID = 0x4C495457  # "LITW" in the file's header: how a litwatch database is told from any other

_EVIDENCE = (
    """
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        started_at TEXT NOT NULL,
        ended_at TEXT,
        version TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE harvests (
        id INTEGER PRIMARY KEY,
        run INTEGER NOT NULL REFERENCES runs(id),
        source TEXT NOT NULL,
        label TEXT NOT NULL,
        asked_at TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('complete', 'incomplete', 'failed', 'skipped')),
        query TEXT NOT NULL,
        query_version TEXT NOT NULL,
        total INTEGER,
        fetched INTEGER NOT NULL,
        new INTEGER NOT NULL,
        changed INTEGER NOT NULL,
        quarantined INTEGER NOT NULL,
        error TEXT NOT NULL,
        not_before TEXT
    ) STRICT
    """,
    "CREATE INDEX harvests_by_source ON harvests (source, status, asked_at)",
    """
    CREATE TABLE records (
        id INTEGER PRIMARY KEY,
        source TEXT NOT NULL,
        source_id TEXT NOT NULL,
        label TEXT NOT NULL,
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        fetched_at TEXT NOT NULL,
        missing_since TEXT,
        pending INTEGER NOT NULL CHECK (pending IN (0, 1)),
        content_hash TEXT NOT NULL,
        content TEXT NOT NULL CHECK (json_valid(content)),
        key TEXT GENERATED ALWAYS AS (source || ':' || source_id) VIRTUAL,
        title TEXT GENERATED ALWAYS AS (content ->> '$.title') VIRTUAL,
        journal TEXT GENERATED ALWAYS AS (content ->> '$.journal') VIRTUAL,
        doi TEXT GENERATED ALWAYS AS (content ->> '$.doi') VIRTUAL,
        pmid TEXT GENERATED ALWAYS AS (content ->> '$.pmid') VIRTUAL,
        UNIQUE (source, source_id)
    ) STRICT
    """,
    "CREATE UNIQUE INDEX records_by_key ON records (key)",
    "CREATE INDEX records_pending ON records (id) WHERE pending",
    """
    CREATE TABLE revisions (
        id INTEGER PRIMARY KEY,
        record INTEGER NOT NULL REFERENCES records(id),
        seen_at TEXT NOT NULL,
        content_hash TEXT NOT NULL,
        reader_version INTEGER NOT NULL,
        payload BLOB NOT NULL
    ) STRICT
    """,
    "CREATE INDEX revisions_by_record ON revisions (record)",
    """
    CREATE TABLE quarantine (
        id INTEGER PRIMARY KEY,
        source TEXT NOT NULL,
        content_hash TEXT NOT NULL,
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        error TEXT NOT NULL,
        payload BLOB NOT NULL,
        UNIQUE (source, content_hash)
    ) STRICT
    """,
    """
    CREATE TABLE record_keys (
        key TEXT NOT NULL,
        record INTEGER NOT NULL REFERENCES records(id),
        PRIMARY KEY (key, record)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX record_keys_by_record ON record_keys (record)",
)

_CONCLUSIONS = (
    """
    CREATE TABLE verdicts (
        record INTEGER PRIMARY KEY REFERENCES records(id),
        tier TEXT NOT NULL CHECK (tier IN ('core', 'related', 'out')),
        excluded_by TEXT NOT NULL,
        reasons TEXT NOT NULL CHECK (json_valid(reasons)),
        subject_version TEXT NOT NULL,
        decided_at TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX verdicts_by_subject ON verdicts (subject_version)",
    """
    CREATE TABLE works (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        study INTEGER NOT NULL REFERENCES works(id) DEFERRABLE INITIALLY DEFERRED,
        merged_into INTEGER REFERENCES works(id),
        first_seen TEXT NOT NULL,
        tier TEXT NOT NULL CHECK (tier IN ('core', 'related', 'out')),
        excluded_by TEXT NOT NULL,
        reasons TEXT NOT NULL CHECK (json_valid(reasons)),
        content TEXT NOT NULL CHECK (json_valid(content)),
        facts TEXT NOT NULL CHECK (json_valid(facts)),
        title TEXT GENERATED ALWAYS AS (content ->> '$.title') VIRTUAL,
        journal TEXT GENERATED ALWAYS AS (content ->> '$.journal') VIRTUAL,
        doi TEXT GENERATED ALWAYS AS (content ->> '$.doi') VIRTUAL,
        pmid TEXT GENERATED ALWAYS AS (content ->> '$.pmid') VIRTUAL,
        pmcid TEXT GENERATED ALWAYS AS (content ->> '$.pmcid') VIRTUAL,
        design TEXT GENERATED ALWAYS AS (facts ->> '$.design.value') VIRTUAL,
        participants INTEGER GENERATED ALWAYS AS (facts ->> '$.participants.value') VIRTUAL
    ) STRICT
    """,
    "CREATE INDEX works_by_study ON works (study)",
    "CREATE INDEX works_merged ON works (merged_into) WHERE merged_into IS NOT NULL",
    """
    CREATE TABLE work_records (
        record INTEGER PRIMARY KEY REFERENCES records(id),
        work INTEGER NOT NULL REFERENCES works(id),
        reason TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX work_records_by_work ON work_records (work)",
    """
    CREATE TABLE links (
        from_record INTEGER NOT NULL REFERENCES records(id),
        to_record INTEGER NOT NULL REFERENCES records(id),
        relationship TEXT NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (from_record, to_record, relationship)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX links_to ON links (to_record)",
    """
    CREATE VIRTUAL TABLE works_search USING fts5 (
        title, abstract, authors, journal, keywords, tokenize = 'unicode61 remove_diacritics 2'
    )
    """,
)

_TOLD = (
    """
    CREATE TABLE events (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('new', 'retracted', 'concern', 'corrected', 'withdrawn', 'published')),
        work INTEGER NOT NULL REFERENCES works(id),
        at TEXT NOT NULL,
        run INTEGER NOT NULL REFERENCES runs(id),
        notice TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX events_by_work ON events (work)",
    """
    CREATE TABLE subscriptions (
        digest TEXT PRIMARY KEY,
        considered_at TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE issues (
        id INTEGER PRIMARY KEY,
        digest TEXT NOT NULL,
        number INTEGER NOT NULL,
        composed_at TEXT NOT NULL,
        subject TEXT NOT NULL,
        UNIQUE (digest, number)
    ) STRICT
    """,
    """
    CREATE TABLE renderings (
        issue INTEGER NOT NULL REFERENCES issues(id),
        format TEXT NOT NULL,
        content BLOB NOT NULL,
        PRIMARY KEY (issue, format)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE told (
        digest TEXT NOT NULL,
        event INTEGER NOT NULL REFERENCES events(id),
        issue INTEGER NOT NULL REFERENCES issues(id),
        PRIMARY KEY (digest, event)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE outbox (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        issue INTEGER NOT NULL REFERENCES issues(id),
        format TEXT NOT NULL,
        target TEXT NOT NULL,
        name TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('pending', 'sent')),
        attempts INTEGER NOT NULL DEFAULT 0,
        last_error TEXT NOT NULL DEFAULT '',
        delivered_at TEXT
    ) STRICT
    """,
    "CREATE INDEX outbox_pending ON outbox (id) WHERE state = 'pending'",
)

# Answers to what people ask when they open the file with Datasette or sqlite-utils.
_VIEWS = (
    """
    CREATE VIEW publications AS
    SELECT 'W' || works.id AS id, works.title, works.content ->> '$.journal' AS journal,
        works.content ->> '$.published.year' AS year, works.design, works.participants, works.tier, works.doi,
        works.pmid, works.first_seen, 'W' || works.study AS study,
        (SELECT group_concat(DISTINCT records.label) FROM work_records JOIN records ON records.id = work_records.record
         WHERE work_records.work = works.id) AS sources
    FROM works WHERE works.merged_into IS NULL AND works.tier <> 'out'
    """,
    """
    CREATE VIEW screened_out AS
    SELECT records.source, records.source_id, records.title, verdicts.excluded_by
    FROM verdicts JOIN records ON records.id = verdicts.record WHERE verdicts.tier = 'out'
    """,
    """
    CREATE VIEW source_status AS
    SELECT source, label, max(asked_at) AS last_asked,
        max(asked_at) FILTER (WHERE status = 'complete') AS complete_until
    FROM harvests GROUP BY source
    """,
)


def m001_first_schema(db: Database) -> None:
    """Evidence, conclusions, what was told, and views over them."""
    for statement in (*_EVIDENCE, *_CONCLUSIONS, *_TOLD, *_VIEWS):
        db.execute(statement)


def m002_conditional_requests(db: Database) -> None:
    """What to ask by later whether an answer still holds, and how many records a source no longer lists."""
    db.execute("ALTER TABLE harvests ADD COLUMN gone INTEGER NOT NULL DEFAULT 0")
    db.execute(
        """
        CREATE TABLE validators (
            source TEXT PRIMARY KEY,
            reader_version INTEGER NOT NULL,
            etag TEXT NOT NULL,
            modified TEXT NOT NULL,
            obtained_at TEXT NOT NULL
        ) STRICT
        """
    )


def m003_pairs_and_judgements(db: Database) -> None:
    """What was found by comparing records in pairs, the operator's word, and which command a run was.

    ``came_with`` is the work that a record was in when that became part of another one: its id is the record's again if
    the two part.
    """
    db.execute("ALTER TABLE work_records ADD COLUMN came_with INTEGER")
    db.execute("ALTER TABLE runs ADD COLUMN command TEXT NOT NULL DEFAULT 'run'")
    db.execute("ALTER TABLE records ADD COLUMN matched_by INTEGER NOT NULL DEFAULT 0")
    db.execute("CREATE INDEX records_matched ON records (matched_by)")
    db.execute(
        """
        CREATE TABLE pairs (
            record_a INTEGER NOT NULL REFERENCES records(id),
            record_b INTEGER NOT NULL REFERENCES records(id),
            strength INTEGER NOT NULL,
            certain INTEGER NOT NULL CHECK (certain IN (0, 1)),
            reason TEXT NOT NULL,
            PRIMARY KEY (record_a, record_b)
        ) STRICT, WITHOUT ROWID
        """
    )
    db.execute("CREATE INDEX pairs_by_second ON pairs (record_b)")
    db.execute(
        """
        CREATE TABLE judgements (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            record INTEGER NOT NULL REFERENCES records(id),
            other INTEGER REFERENCES records(id),
            value TEXT NOT NULL,
            note TEXT NOT NULL,
            judged_at TEXT NOT NULL,
            undone_at TEXT
        ) STRICT
        """
    )
    db.execute("CREATE INDEX judgements_by_record ON judgements (record)")
    db.execute("CREATE INDEX judgements_by_other ON judgements (other) WHERE other IS NOT NULL")
    db.execute("CREATE INDEX told_by_event ON told (event)")


def m004_rules_and_mistakes(db: Database) -> None:
    """By which rules and from which content was concluded, what readers were shown, and mistakes of ours.

    ``read_as`` is the content hash of a record when its work was concluded, ``shown`` whether an event was told by an
    item or a correction, rather than counted as told by a first issue. Kinds of events are listed by the program alone.
    """
    db.execute("ALTER TABLE verdicts RENAME COLUMN subject_version TO rules")
    db.execute("UPDATE verdicts SET rules = 'subject ' || rules || ', screening 1, appraisal 1'")
    db.execute("DROP INDEX verdicts_by_subject")
    db.execute("CREATE INDEX verdicts_by_rules ON verdicts (rules)")
    db.execute("ALTER TABLE work_records ADD COLUMN read_as TEXT NOT NULL DEFAULT ''")
    db.execute(
        "UPDATE work_records SET read_as = (SELECT iif(pending, '', content_hash) FROM records WHERE id = record)"
    )
    db.execute("ALTER TABLE told RENAME TO told_before")
    db.execute("ALTER TABLE events RENAME TO events_before")
    db.execute(
        """
        CREATE TABLE events (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            work INTEGER NOT NULL REFERENCES works(id),
            at TEXT NOT NULL,
            run INTEGER NOT NULL REFERENCES runs(id),
            notice TEXT NOT NULL
        ) STRICT
        """
    )
    db.execute(
        """
        CREATE TABLE told (
            digest TEXT NOT NULL,
            event INTEGER NOT NULL REFERENCES events(id),
            issue INTEGER NOT NULL REFERENCES issues(id),
            shown INTEGER NOT NULL CHECK (shown IN (0, 1)),
            PRIMARY KEY (digest, event)
        ) STRICT, WITHOUT ROWID
        """
    )
    db.execute("INSERT INTO events SELECT id, kind, work, at, run, notice FROM events_before")
    db.execute(
        "INSERT INTO told SELECT told.digest, event, issue, number > 1 FROM told_before AS told "
        "JOIN issues ON issues.id = issue"
    )
    db.execute("DROP TABLE told_before")
    db.execute("DROP TABLE events_before")
    db.execute("CREATE INDEX events_by_work ON events (work)")
    db.execute("CREATE INDEX told_by_event ON told (event)")


def m005_out_of_cycle(db: Database) -> None:
    """Which issues stand between two regular ones, so that they neither begin a period nor take a turn; what each told.

    ``told_map`` is what the evidence map counted for the digest's readers after the issue.
    """
    db.execute("ALTER TABLE issues ADD COLUMN out_of_cycle INTEGER NOT NULL DEFAULT 0 CHECK (out_of_cycle IN (0, 1))")
    db.execute("ALTER TABLE issues ADD COLUMN told_map TEXT CHECK (told_map IS NULL OR json_valid(told_map))")


def m006_results_in_works(db: Database) -> None:
    """Works say that a registry shows results of the trial, as their records did all along: that is no news."""
    db.execute(
        """
        UPDATE works SET content = json_set(works.content, '$.results_posted', json(stated.posted)) FROM (
            SELECT work, max(records.content -> '$.results_posted') AS posted
            FROM work_records JOIN records ON records.id = record
            WHERE read_as = content_hash AND records.content -> '$.results_posted' IS NOT NULL GROUP BY work
        ) AS stated WHERE works.id = stated.work
        """
    )


def m007_outbox(db: Database) -> None:
    """Messages to people, besides those to files: what each of them is, byte for byte, and how its delivery stands.

    ``doubts`` counts how often nobody knew whether it had arrived, ``answer`` is what was said when it did.
    """
    db.execute("ALTER TABLE outbox RENAME TO outbox_before")
    db.execute(
        """
        CREATE TABLE outbox (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            issue INTEGER NOT NULL REFERENCES issues(id),
            format TEXT NOT NULL,
            target TEXT NOT NULL,
            name TEXT NOT NULL,
            message_id TEXT NOT NULL DEFAULT '',
            content BLOB,
            state TEXT NOT NULL
                CHECK (state IN ('pending', 'sending', 'sent', 'failed', 'dead', 'doubtful', 'dropped')),
            attempts INTEGER NOT NULL DEFAULT 0,
            doubts INTEGER NOT NULL DEFAULT 0,
            not_before TEXT,
            last_error TEXT NOT NULL DEFAULT '',
            answer TEXT NOT NULL DEFAULT '',
            delivered_at TEXT,
            CHECK ((format = 'email') = (content IS NOT NULL))
        ) STRICT
        """
    )
    kept = "id, key, issue, format, target, name, state, attempts, last_error, delivered_at"
    db.execute(f"INSERT INTO outbox ({kept}) SELECT {kept} FROM outbox_before")
    db.execute("DROP TABLE outbox_before")
    db.execute("CREATE INDEX outbox_unsent ON outbox (id) WHERE state <> 'sent'")


_STEPS = (
    m001_first_schema,
    m002_conditional_requests,
    m003_pairs_and_judgements,
    m004_rules_and_mistakes,
    m005_out_of_cycle,
    m006_results_in_works,
    m007_outbox,
)
KNOWN = frozenset(step.__name__ for step in _STEPS)

migrations = Migrations("litwatch")
for _step in _STEPS:
    migrations()(_step)
