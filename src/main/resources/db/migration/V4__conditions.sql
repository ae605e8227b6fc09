-- Polls look back behind the cursor: what was passed over is not judged again, nor counted twice.
create table event_passed_over (
    event_producer text        not null,
    update_log     text        not null,
    passed_at      timestamptz not null,
    primary key (event_producer, update_log)
);
comment on table event_passed_over is 'Entries that did not meet the condition of their type: they have no row in the Event Sync Log.';
create index event_passed_over_age on event_passed_over using brin (passed_at);
