-- What witnesses outside the service signed: one signature of each for a checkpoint, with the time at which they say that they saw it.
create table record.cosignature (
  number bigint not null references record.checkpoint (number),
  vkey text not null,
  size bigint not null,
  line text not null,
  kept_at timestamptz not null default clock_timestamp(),
  primary key (vkey, number)
);
create index cosignature_size on record.cosignature (vkey, size);
create trigger append_only before update or delete on record.cosignature for each row execute function record.refuse();
create trigger never_emptied before truncate on record.cosignature for each statement execute function record.refuse();
alter table record.cosignature enable always trigger append_only, enable always trigger never_emptied;

create function record.keep_cosignature(of_number bigint, of_vkey text, signed text) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into record.cosignature (number, vkey, size, line)
    select number, of_vkey, size, signed from record.checkpoint where number = of_number
    on conflict (vkey, number) do nothing
$$;
revoke execute on function record.keep_cosignature from public;
grant execute on function record.keep_cosignature to throughline_service;
grant select on record.cosignature to throughline_service;
