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
