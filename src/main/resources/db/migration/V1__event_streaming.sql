-- The document store, the identity map, the cursors and the Event Sync Log.
-- Times that a site wrote as naive text are read in that site's time zone before they come here.

create table document (
    doctype          text        not null,
    name             text        not null,
    docstatus        smallint    not null default 0,
    data             jsonb       not null,
    owner            text,
    creation         timestamptz,
    modified         timestamptz,
    modified_by      text,
    version          bigint      not null default 1,
    remote_site_name text,
    remote_docname   text,
    origin           text,
    primary key (doctype, name)
);
comment on table document is 'Every document that is held here; data is the truth, the other columns are copies of it for keys and queries.';
comment on column document.version is 'Grows by one with each change here.';
comment on column document.origin is 'The site that the last change came from.';

create table document_link (
    producer_url    text not null,
    remote_doctype  text not null,
    remote_name     text not null,
    local_doctype   text not null,
    local_name      text not null,
    last_creation   timestamptz,
    remote_modified timestamptz,
    read_at         timestamptz,
    primary key (producer_url, remote_doctype, remote_name, local_doctype),
    unique (producer_url, local_doctype, local_name)
);
comment on table document_link is 'Identity map: which document here is which document of which producer.';
comment on column document_link.last_creation is 'Creation of the last update log entry applied.';
comment on column document_link.remote_modified is 'Greatest modified of document and rows when the document was last read whole; null once a diff came on top.';
comment on column document_link.read_at is 'When it was last read whole.';

create table doctype (
    name       text primary key,
    definition jsonb       not null,
    source     text        not null,
    read_at    timestamptz not null default now()
);
comment on table doctype is 'DocType definitions in Frappe''s own form, and where each came from.';

create table event_producer (
    producer_url  text primary key,
    method_prefix text,
    read          text,
    time_zone     text,
    last_update   text,
    notified      boolean not null default false,
    lease_owner   text,
    lease_until   timestamptz,
    last_poll     timestamptz,
    last_success  timestamptz,
    last_error    text
);
comment on table event_producer is 'What was learnt of each Event Producer, and who pulls from it now.';
comment on column event_producer.last_update is 'The furthest cursor of its document types, in the producer''s own text.';

create table event_producer_document_type (
    producer_url text   not null references event_producer on delete cascade,
    ref_doctype  text   not null,
    status       text   not null default 'Pending' check (status in ('Pending', 'Approved', 'Rejected', 'Not asked for')),
    start_update text,
    last_update  text,
    passed_over  bigint not null default 0,
    primary key (producer_url, ref_doctype)
);
comment on column event_producer_document_type.start_update is 'Where following this type began: nothing before it is asked for.';
comment on column event_producer_document_type.last_update is 'Cursor of this type, in the producer''s own text.';
comment on column event_producer_document_type.passed_over is 'Entries that came and were not followed.';

create table event_sync_log (
    seq               bigint generated always as identity primary key,
    update_log        text        not null,
    event_producer    text        not null,
    producer_doctype  text        not null,
    producer_doc      text        not null,
    creation          timestamptz,
    update_type       text        not null,
    ref_doctype       text,
    docname           text,
    use_same_name     boolean     not null,
    mapping           text,
    status            text        not null check (status in ('Synced', 'Failed', 'Waiting')),
    cause             text        not null default 'log' check (cause in ('log', 'reconcile', 'load', 'diff')),
    error             text,
    note              text,
    data              text,
    waits_for         text[],
    attempts          integer     not null default 1,
    next_attempt_at   timestamptz,
    received_at       timestamptz not null default now(),
    synced_at         timestamptz,
    entry             text,
    unique (event_producer, update_log)
);
comment on table event_sync_log is 'One row for every followed entry of every producer''s update log: what became of it.';
comment on column event_sync_log.seq is 'Order of arrival.';
comment on column event_sync_log.update_log is 'The name of the entry on its producer.';
comment on column event_sync_log.ref_doctype is 'The local document type; empty until known, like docname.';
comment on column event_sync_log.waits_for is 'DocType and name of the document here that has to come first.';
comment on column event_sync_log.data is 'What was applied, as JSON text.';
comment on column event_sync_log.entry is 'The original entry, kept until it is Synced.';

-- "what became of this document?"
create index event_sync_log_document on event_sync_log (event_producer, producer_doctype, producer_doc);
-- the waiting lines
create index event_sync_log_unfinished on event_sync_log (event_producer, producer_doctype, producer_doc, seq)
    where status <> 'Synced';
create index event_sync_log_waits_for on event_sync_log (waits_for) where waits_for is not null;
create index event_sync_log_received on event_sync_log using brin (received_at);

create table naming_series (
    prefix  text primary key,
    current bigint not null
);
comment on table naming_series is 'The last number given under each prefix.';

create table api_key (
    key         text primary key,
    secret_hash text        not null,
    "user"      text        not null,
    scope       text        not null,
    created_at  timestamptz not null default now()
);
comment on table api_key is 'Keys that open something here; scope says what. Of secrets only the hash is kept.';
