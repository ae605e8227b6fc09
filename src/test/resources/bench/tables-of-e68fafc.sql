-- The three tables that a page writes, with their indexes, as they were at commit e68fafc. This is what the bound is
-- measured on: it does not follow later migrations.
create schema bound;

create table bound.document (
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

create table bound.document_link (
    producer_url    text    not null,
    remote_doctype  text    not null,
    remote_name     text    not null,
    local_doctype   text    not null,
    local_name      text    not null,
    last_creation   timestamptz,
    remote_modified timestamptz,
    read_at         timestamptz,
    owned           boolean not null default true,
    left_at         timestamptz,
    target_site     text,
    version         bigint  not null default 1,
    remote_creation timestamptz,
    remote_owner    text,
    row_names       jsonb,
    primary key (producer_url, remote_doctype, remote_name, local_doctype),
    constraint document_link_local unique (local_name, local_doctype, producer_url)
) with (fillfactor = 50);

create table bound.event_sync_log (
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
    cause             text        not null default 'log' check (cause in ('log', 'reconcile', 'load', 'modified', 'diff')),
    error             text,
    note              text,
    data              text,
    waits_for         text[],
    attempts          integer     not null default 1,
    next_attempt_at   timestamptz,
    received_at       timestamptz not null default now(),
    synced_at         timestamptz,
    entry             text,
    constraint event_sync_log_entry unique (update_log, event_producer)
);
create index event_sync_log_document on bound.event_sync_log (producer_doc, producer_doctype, event_producer);
create index event_sync_log_unfinished on bound.event_sync_log (event_producer, producer_doctype, producer_doc, seq)
    where status <> 'Synced';
create index event_sync_log_waits_for on bound.event_sync_log (waits_for) where waits_for is not null;
create index event_sync_log_received on bound.event_sync_log using brin (received_at);
