-- A comparison is called so everywhere: command, key, cause and work.
alter table event_sync_log drop constraint event_sync_log_cause_check;
update event_sync_log set cause = 'compare' where cause = 'diff';
alter table event_sync_log add constraint event_sync_log_cause_check
    check (cause in ('log', 'reconcile', 'load', 'modified', 'compare'));

alter table event_producer_work drop constraint event_producer_work_work_check;
update event_producer_work set work = 'compare' where work = 'diff';
alter table event_producer_work add constraint event_producer_work_work_check
    check (work in ('poll', 'reconcile', 'retry', 'load', 'compare'));
