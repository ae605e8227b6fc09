-- What a target site makes of the values that are written to it, and the rows of one document that others name.
alter table document_link add column rewritten jsonb;
comment on column document_link.rewritten is 'Values that the target site changed when they were written: by field, or table/row/field with the producer''s name of the row, digests of what was sent and of what was stored. As long as both stay, nothing is written again.';
create index document_link_rows on document_link using gin (row_names) where target_site is not null;
