-- How far each list of a producer's documents and child rows was looked through, beside its update log.
create table event_producer_watermark (
    producer_url   text        not null references event_producer on delete cascade,
    ref_doctype    text        not null,
    parent_doctype text        not null default '',
    modified       text        not null,
    moved_at       timestamptz not null,
    settled        boolean     not null default false,
    primary key (producer_url, ref_doctype, parent_doctype)
);
comment on table event_producer_watermark is 'How far the sweep has looked through each list of what changed on a producer.';
comment on column event_producer_watermark.ref_doctype is 'Whose documents or child rows are listed, in the producer''s words.';
comment on column event_producer_watermark.parent_doctype is 'The document type that the rows belong to; empty for documents.';
comment on column event_producer_watermark.modified is 'Everything up to it was looked at; the producer''s own text.';
comment on column event_producer_watermark.settled is 'Whether it was looked at once more after the overlap: nothing older can still become visible.';

alter table event_producer
    add column swept_at      timestamptz,
    add column rows_swept_at timestamptz;
comment on column event_producer.swept_at is 'When a sweep of its documents last began.';
comment on column event_producer.rows_swept_at is 'When a sweep of the rows of their child tables last began.';

alter table event_producer add column source text;
comment on column event_producer.source is 'What changes are read from: update_log or modified; null until found out.';

alter table event_sync_log drop constraint event_sync_log_cause_check;
alter table event_sync_log add constraint event_sync_log_cause_check
    check (cause in ('log', 'reconcile', 'load', 'modified', 'diff'));

-- The name first: while the tables have no statistics, an index that begins with the producer and the DocType looks as good
-- to the planner as the primary key, and finds every document of a type for each that is looked up.
alter table document_link drop constraint document_link_producer_url_local_doctype_local_name_key;
alter table document_link add constraint document_link_local unique (local_name, local_doctype, producer_url);
