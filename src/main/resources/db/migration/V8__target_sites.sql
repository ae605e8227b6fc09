-- Documents that are written to a Frappe site: the map is all that is kept of them here.
alter table document_link
    add column target_site     text,
    add column version         bigint not null default 1,
    add column remote_creation timestamptz,
    add column remote_owner    text,
    add column row_names       jsonb;
comment on column document_link.target_site is 'The site that the document was written to, with local_name its name there; null where it is in the table document.';
comment on column document_link.version is 'Grows by one with each write to the target site.';
comment on column document_link.remote_creation is 'When the document was made on its producer; with remote_owner what tells a rename. Only where it is on a target site.';
comment on column document_link.row_names is 'What the target site calls the child rows, by their names on the producer.';

-- Written before documents are created on a target site, removed when it is known what came of it: a call whose answer was
-- lost is looked into before anything else happens to these documents.
create table target_creation (
    producer_url   text not null,
    remote_doctype text not null,
    remote_name    text not null,
    local_doctype  text not null,
    primary key (producer_url, remote_doctype, remote_name, local_doctype)
);
comment on table target_creation is 'Documents whose creation on a target site was begun, and not yet answered.';
