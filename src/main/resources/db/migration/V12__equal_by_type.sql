-- The views read every bigint, numbers with blanks around them as sites do, and a Datetime with an offset as the naive time
-- before it, which is what a database behind a site makes of one.

create or replace function as_bigint(value text) returns bigint language plpgsql immutable strict parallel safe as $$
begin
    case
        when value ~ '^ *[-+]?[0-9]{1,19}(\.0*)? *$' then
            return case when value::numeric between -9223372036854775808 and 9223372036854775807 then trunc(value::numeric)::bigint end;
        when value = 'true' then return 1;
        when value = 'false' then return 0;
        else return null;
    end case;
end
$$;

create or replace function as_numeric(value text) returns numeric language plpgsql immutable strict parallel safe as $$
begin
    if length(value) <= 400 and value ~ '^ *[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,3})? *$' then
        return value::numeric;
    end if;
    return null;
end
$$;

create or replace function as_timestamp(value text) returns timestamp language plpgsql immutable strict parallel safe as $$
declare
    part text[] := regexp_match(value, '^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ]([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2})(?:\.([0-9]*))?)?(?:Z|[-+][0-9]{2}(?::?[0-9]{2})?)?)?$');
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
