-- What is due waits for its turn: each kind of work on a producer, and how it went last.
create table event_producer_work (
    producer_url    text not null references event_producer on delete cascade,
    work            text not null check (work in ('poll', 'reconcile', 'retry', 'load', 'diff')),
    requested_at    timestamptz,
    requested_until timestamptz,
    began_at        timestamptz,
    succeeded_at    timestamptz,
    failed_at       timestamptz,
    failing_since   timestamptz,
    ended_early     boolean not null default false,
    error           text,
    primary key (producer_url, work)
);
comment on table event_producer_work is 'Kinds of work on an Event Producer: which wait for its lease, when each ran last, and why it fails.';
comment on column event_producer_work.requested_at is 'Since when it waits for the lease, which is given in this order; null where it does not wait.';
comment on column event_producer_work.requested_until is 'Until then nothing that was requested later gets the lease.';
comment on column event_producer_work.began_at is 'When it last got the lease.';
comment on column event_producer_work.failing_since is 'When the first of the failures in a row came; null where the last one succeeded.';
comment on column event_producer_work.ended_early is 'Whether the last failure ended the work; otherwise a part of it failed.';
comment on column event_producer_work.error is 'Why the last one failed; null where it succeeded.';

insert into event_producer_work (producer_url, work, began_at, succeeded_at, failed_at, failing_since, ended_early, error)
select producer_url, 'poll', last_poll, last_success,
       case when last_error is not null then last_poll end,
       case when last_error is not null then last_poll end,
       last_error is not null, last_error
  from event_producer where last_poll is not null;

alter table event_producer add column first_document_at timestamptz;
comment on column event_producer.first_document_at is 'When the first of its documents was here.';
update event_producer p set first_document_at = now()
 where exists (select from document_link l where l.producer_url = p.producer_url);

alter table event_sync_log add column not_readable boolean not null default false;
comment on column event_sync_log.not_readable is 'Whether the producer has the document of waits_for and refuses it: it is asked for again every minute.';
create index event_sync_log_not_readable on event_sync_log (event_producer) where not_readable and status = 'Waiting';
