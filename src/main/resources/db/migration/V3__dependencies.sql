alter table document_link
    add column owned   boolean not null default true,
    add column left_at timestamptz;
comment on column document_link.owned is 'False where a document that came from elsewhere stands for the producer''s: this producer does not change it.';
comment on column document_link.left_at is 'When the document stopped meeting the condition of its type: since then it is not followed. Null while it is.';
