alter table event_producer add column compared_at timestamptz;
comment on column event_producer.compared_at is 'When all of its documents were last compared with what is here, by the clock.';
