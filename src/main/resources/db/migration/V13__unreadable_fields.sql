-- Fields above the permission levels of our key: whole reads of a type do not show them.
create table unreadable_field (
    site_url  text not null,
    doctype   text not null,
    row_type  text not null,
    fieldname text not null,
    primary key (site_url, doctype, row_type, fieldname)
);
comment on table unreadable_field is 'Fields that the key of a site may not read: what is stored of them comes from the update log alone.';
comment on column unreadable_field.row_type is 'The DocType that has the field: doctype itself, or one of its child tables.';

-- definitions that were read before do not hold permission levels: they are read again
update doctype set read_at = 'epoch' where source <> 'doctypes/';
