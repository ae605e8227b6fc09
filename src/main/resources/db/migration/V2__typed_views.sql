-- What the views with typed columns are made of, and the functions that they read values with.

create schema if not exists event_streaming_docs;
comment on schema event_streaming_docs is 'A view with typed columns for each known DocType, made by Event Streaming.';

-- AT TIME ZONE fails on a name that the server does not know, and with it the whole query
alter table event_producer add column sql_time_zone text;
comment on column event_producer.sql_time_zone is 'time_zone where this server knows it by that name, else null: the views read Datetimes in it.';
update event_producer p set sql_time_zone = z.name from pg_timezone_names z where z.name = p.time_zone;

create table doctype_view_column (
    position    bigint generated always as identity,
    doctype     text not null,
    column_name text not null,
    fieldname   text not null,
    type        text not null check (type in ('text', 'integer', 'bigint', 'numeric', 'date', 'time', 'timestamptz', 'jsonb')),
    primary key (doctype, column_name),
    unique (doctype, fieldname, type)
);
comment on table doctype_view_column is 'The columns of each DocType''s view, in order. They only become more: what others build on a view lives on.';

create table doctype_table_field (
    child       text not null,
    parent      text not null,
    parentfield text not null,
    primary key (child, parent, parentfield)
);
comment on table doctype_table_field is 'In which fields of which DocTypes the rows of a child table are found.';

-- The functions below read what a site wrote. What is not of the type is null: one bad value must not make a query fail.
-- They are no SQL functions, which would be inlined and then fetch a large document once for each mention of the value;
-- they catch no exceptions, which no parallel query may. They call nothing that a user of the views may not.

create function as_bigint(value text) returns bigint language plpgsql immutable strict parallel safe as $$
begin
    case
        when value ~ '^[-+]?[0-9]{1,18}(\.0*)?$' then return trunc(value::numeric)::bigint;
        when value = 'true' then return 1;
        when value = 'false' then return 0;
        else return null;
    end case;
end
$$;

create function as_numeric(value text) returns numeric language plpgsql immutable strict parallel safe as $$
begin
    if length(value) <= 400 and value ~ '^[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,3})?$' then
        return value::numeric;
    end if;
    return null;
end
$$;

create function as_timestamp(value text) returns timestamp language plpgsql immutable strict parallel safe as $$
declare
    part text[] := regexp_match(value, '^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ]([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2})(?:\.([0-9]*))?)?)?$');
    year int := part[1];
    month int := part[2];
    day int := part[3];
    hour int := coalesce(part[4], '0');
    minute int := coalesce(part[5], '0');
    second int := coalesce(part[6], '0');
begin
    if part is null or year < 1 or month not between 1 and 12 or day < 1 or hour > 23 or minute > 59 or second > 59
       or day > extract(day from make_date(year, month, 1) + interval '1 month' - interval '1 day') then
        return null;
    end if;
    return make_timestamp(year, month, day, hour, minute, second)
        + rpad(left(coalesce(part[7], ''), 6), 6, '0')::int * interval '1 microsecond';
end
$$;

create function show_doctype(shown text, view_name text, istable boolean) returns void language plpgsql as $$
declare
    source text := case when istable then 'r.value' else 'd.data' end;
    columns text;
begin
    select coalesce(string_agg(
               ', ' || format(
                   case c.type
                       when 'text' then '%1$s ->> %2$L'
                       when 'jsonb' then '%1$s -> %2$L'
                       when 'integer' then '(event_streaming.as_bigint(%1$s ->> %2$L) <> 0)::integer'
                       when 'bigint' then 'event_streaming.as_bigint(%1$s ->> %2$L)'
                       when 'numeric' then 'event_streaming.as_numeric(%1$s ->> %2$L)'
                       when 'date' then 'event_streaming.as_timestamp(%1$s ->> %2$L)::date'
                       when 'time' then 'event_streaming.as_timestamp(''2000-01-01 '' || (%1$s ->> %2$L))::time'
                       when 'timestamptz' then 'event_streaming.as_timestamp(%1$s ->> %2$L) at time zone p.sql_time_zone'
                   end || ' as %3$I', source, c.fieldname, c.column_name),
               '' order by c.position), '')
      into columns
      from event_streaming.doctype_view_column c
     where c.doctype = shown;
    if istable then
        execute format($view$
            create or replace view event_streaming_docs.%1$I as
            select r.value ->> 'name' as name, d.docstatus, r.value ->> 'owner' as owner,
                   event_streaming.as_timestamp(r.value ->> 'creation') at time zone p.sql_time_zone as creation,
                   event_streaming.as_timestamp(r.value ->> 'modified') at time zone p.sql_time_zone as modified,
                   r.value ->> 'modified_by' as modified_by, d.remote_site_name, d.remote_docname,
                   d.name as parent, d.doctype as parenttype, t.parentfield,
                   event_streaming.as_bigint(r.value ->> 'idx') as idx %2$s
              from event_streaming.doctype_table_field t
              join event_streaming.document d on d.doctype = t.parent
             cross join lateral jsonb_path_query(d.data -> t.parentfield, 'strict $[*]', '{}', true) as r (value)
              left join event_streaming.event_producer p on p.producer_url = d.remote_site_name
             where t.child = %3$L
            $view$, view_name, columns, shown);
    else
        execute format($view$
            create or replace view event_streaming_docs.%1$I as
            select d.name, d.docstatus, d.owner, d.creation, d.modified, d.modified_by, d.remote_site_name,
                   d.remote_docname %2$s
              from event_streaming.document d
              left join event_streaming.event_producer p on p.producer_url = d.remote_site_name
             where d.doctype = %3$L
            $view$, view_name, columns, shown);
    end if;
end
$$;
comment on function show_doctype is 'Makes or extends the view of a DocType from doctype_view_column.';
