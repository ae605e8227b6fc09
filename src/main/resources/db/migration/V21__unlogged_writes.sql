-- A target site keeps what a run wrote that was killed before it was logged.
alter table document_link add column logged boolean not null default true;
comment on column document_link.logged is 'False from the moment a document was written to its target site until the page that wrote it is in the Event Sync Log: what stays false is read again, and gets its row.';
