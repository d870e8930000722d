-- Who opened what in a case, when, and by which rule they were let in. Append-only, like the record; no measure of staff reads it.
create table record.read (
  at timestamptz not null default clock_timestamp(),
  stream_id uuid not null,
  staff text not null,
  what text not null,
  entry integer not null default 0,
  because text not null
);
create index on record.read (stream_id, at);
create trigger append_only before update or delete on record.read for each row execute function record.refuse();
create trigger never_emptied before truncate on record.read for each statement execute function record.refuse();
alter table record.read enable always trigger append_only, enable always trigger never_emptied;
grant select, insert on record.read to throughline_service;
