-- Disabled masters of a target site that are enabled while documents which link to them are written (history: as_is of a site
-- file). A row is committed before the master is enabled, so that whoever comes next can restore it. Rows are kept.
create table opened_master (
    id              bigint      generated always as identity primary key,
    target_site     text        not null,
    doctype         text        not null,
    name            text        not null,
    fieldname       text        not null,
    value           smallint    not null,
    modified_before text        not null,
    modified_open   text,
    modified_after  text,
    producer_url    text        not null,
    documents       text[]      not null,
    opened_at       timestamptz not null default clock_timestamp(),
    restored_at     timestamptz,
    ending          text        check (ending in ('Restored', 'Found restored', 'Changed', 'Gone', 'Not enabled')),
    error           text,
    check ((restored_at is null) = (ending is null))
);
comment on table opened_master is 'Disabled masters of target sites that were enabled while documents which link to them were written.';
comment on column opened_master.fieldname is 'The Check field that was changed: disabled or enabled.';
comment on column opened_master.value is 'What the field held before, and is given back.';
comment on column opened_master.modified_before is 'modified of the master before, in the site''s own text.';
comment on column opened_master.modified_open is 'modified of the master once it was enabled; null where that was not read any more.';
comment on column opened_master.modified_after is 'modified of the master once its field was found as before.';
comment on column opened_master.producer_url is 'The Event Producer whose documents were written.';
comment on column opened_master.documents is 'Those documents: DocType and name on the producer.';
comment on column opened_master.restored_at is 'When it was restored, or seen that nothing is to be restored; null while it is open.';
comment on column opened_master.ending is 'Restored by us; Found restored, by a call of ours whose answer was lost or by a person; Changed by a person meanwhile, and left so; Gone; Not enabled.';
comment on column opened_master.error is 'Why it could not be restored, as the site said last.';

create unique index opened_master_open on opened_master (target_site, doctype, name) where restored_at is null;
create index opened_master_document on opened_master (target_site, doctype, name);
