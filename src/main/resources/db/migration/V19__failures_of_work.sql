-- How often a kind of work has failed in a row.
alter table event_producer_work add column failures integer not null default 0;
comment on column event_producer_work.failures is 'How often it failed in a row; 0 where the last one succeeded.';
update event_producer_work set failures = 1 where error is not null;
