alter table event_producer add column callback_url text;
comment on column event_producer.callback_url is 'The address under which we are an Event Consumer there: every process on this database is the same one.';
