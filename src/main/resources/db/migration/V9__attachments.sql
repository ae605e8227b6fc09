-- Files that are attached to documents of the producers, and their copies.
create table attachment (
    producer_url    text    not null references event_producer on delete cascade,
    file            text    not null,
    remote_doctype  text    not null,
    remote_name     text    not null,
    local_doctype   text    not null,
    field           text    not null default '',
    file_name       text    not null,
    file_url        text    not null,
    is_private      boolean not null,
    file_size       bigint  not null,
    content_hash    text    not null,
    remote_modified text    not null,
    state           text    not null default 'Waiting' check (state in ('Waiting', 'Copied', 'Left', 'Gone')),
    note            text,
    left_at_limit   bigint,
    attempts        integer not null default 0,
    next_attempt_at timestamptz,
    sha256          text,
    size            bigint,
    copied_at       timestamptz,
    seen_at         timestamptz,
    target_begun    boolean not null default false,
    target_site     text,
    target_file     text,
    target_url      text,
    primary key (producer_url, file)
);
comment on table attachment is 'Files of the producers that are attached to documents of types whose files are copied, and their copies.';
comment on column attachment.file is 'Name of the File on its producer.';
comment on column attachment.field is 'The field of the document that shows it; empty where none does.';
comment on column attachment.file_url is 'Where its content is on its producer.';
comment on column attachment.file_size is 'In bytes, as its producer says; 0 where it does not.';
comment on column attachment.content_hash is 'MD5 of its content, as its producer says; empty where it does not.';
comment on column attachment.remote_modified is 'When the File changed on its producer, in that site''s own text.';
comment on column attachment.state is 'Waiting to be copied (for its document, or for another attempt), Copied, Left where it is, or Gone from its producer.';
comment on column attachment.note is 'Why it is not copied.';
comment on column attachment.left_at_limit is 'The limit that it was too large for, in bytes.';
comment on column attachment.sha256 is 'Of the content that was copied: the name of the file in the directory of our own.';
comment on column attachment.seen_at is 'When it was last seen on its producer.';
comment on column attachment.target_begun is 'It was being sent to the target site, and what came of that is not known.';
comment on column attachment.target_file is 'Name of the File on the target site; null where the content is in the directory of our own.';
comment on column attachment.target_url is 'Where its content is on the target site.';
create index on attachment (producer_url, state);
create index on attachment (producer_url, remote_doctype, remote_name);
create index on attachment (sha256);
create index on attachment (target_site, target_file);

alter table event_producer
    add column attachments_owner text,
    add column attachments_until timestamptz;
comment on column event_producer.attachments_owner is 'Who copies its attached files now; until attachments_until.';

-- A file goes with its document when that is renamed.
create function attachment_follows() returns trigger language plpgsql as $$
begin
    update event_streaming.attachment
       set remote_name = new.remote_name
     where producer_url = new.producer_url and remote_doctype = new.remote_doctype
       and remote_name = old.remote_name and local_doctype = new.local_doctype;
    return null;
end $$;
create trigger attachment_follows after update of remote_name on document_link
    for each row when (old.remote_name is distinct from new.remote_name)
    execute function attachment_follows();

create view document_attachment as
select l.local_doctype as doctype, l.local_name as name, a.field, a.file_name, a.is_private, a.state, a.note,
       coalesce(a.size, nullif(a.file_size, 0)) as size, a.sha256, a.copied_at,
       case when a.state = 'Copied' and a.target_file is null
            then 'files/' || substr(a.sha256, 1, 2) || '/' || substr(a.sha256, 3) end as path,
       a.target_site, a.target_url, a.producer_url, a.file as remote_file, a.file_url as remote_url
  from attachment a
  join document_link l
    on l.producer_url = a.producer_url and l.remote_doctype = a.remote_doctype
   and l.remote_name = a.remote_name and l.local_doctype = a.local_doctype
 where a.state <> 'Gone';
comment on view document_attachment is 'The files of the documents that are here or on a target site.';
comment on column document_attachment.path is 'Where the content is, in eventstreaming.data-dir; null where it is not there.';
