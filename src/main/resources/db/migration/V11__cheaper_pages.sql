-- What tells rows apart comes first: an index that begins with what most rows share compares that first, at every step of
-- every search. The stream looks all of these up by all of their columns.
alter table event_sync_log drop constraint event_sync_log_event_producer_update_log_key;
alter table event_sync_log add constraint event_sync_log_entry unique (update_log, event_producer);

drop index event_sync_log_document;
create index event_sync_log_document on event_sync_log (producer_doc, producer_doctype, event_producer);

alter table event_passed_over drop constraint event_passed_over_pkey;
alter table event_passed_over add primary key (update_log, event_producer);

-- Every change of a document changes its row here. Where the page has room for that, both indexes are left alone.
alter table document_link set (fillfactor = 50);
