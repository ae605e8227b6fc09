alter table event_producer add column paused_until timestamptz;
comment on column event_producer.paused_until is 'Until when the site asked to be left alone; null where it did not.';
