-- Documents that were there before their type was followed are loaded beside what changes, in turns.
alter table event_producer_document_type
    add column load_since     text,
    add column load_wished_at timestamptz,
    add column load_reached   text,
    add column load_total     bigint,
    add column load_done      bigint not null default 0,
    add column loaded_at      timestamptz;
comment on column event_producer_document_type.load_since is 'Documents that changed from then on, and before following began, are loaded; the producer''s own text. Null: none are.';
comment on column event_producer_document_type.load_wished_at is 'When that was wished.';
comment on column event_producer_document_type.load_reached is 'Those that changed before are loaded; the producer''s own text. Null: none are yet.';
comment on column event_producer_document_type.load_total is 'How many the producer counted as the load began; null until it was asked, and where it does not tell.';
comment on column event_producer_document_type.load_done is 'How many of them are loaded so far.';
comment on column event_producer_document_type.loaded_at is 'When the last of them was loaded; null while the load goes on.';
