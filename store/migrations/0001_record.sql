-- The record: an append-only log, its ledger, the commands it has answered, and the keys of the people in it.
-- Run once by the owner of the database; the service itself works as throughline_service.

do $$ begin
  create role throughline_service nologin;
exception when duplicate_object or unique_violation then null;  -- roles are shared by all databases of a server
end $$;

create schema record;
create schema keys;
create schema app;
create schema live authorization throughline_service;
grant usage on schema record, keys, app to throughline_service;
do $$ begin execute format('grant create on database %I to throughline_service', current_database()); end $$;

-- What this database is for. 'synthetic' lets made-up history carry made-up times of recording; it can be chosen only while the
-- log is empty, every page says so, and a real record can never become one.
create table record.deployment (
  one boolean primary key default true check (one),
  kind text not null check (kind in ('real', 'synthetic')),
  chosen_at timestamptz not null default clock_timestamp()
);

-- Events are named as the library names them. notification_id is dense: append() numbers events itself, under a lock that is held
-- until the commit, so that order of numbers is order of commits and a gap means that something is missing.
create table record.event (
  originator_id uuid not null,
  originator_version bigint not null,
  topic text not null,
  state bytea not null,
  notification_id bigint not null,
  recorded_at timestamptz not null,
  sealed bytea,
  command_id uuid,
  primary key (originator_id, originator_version)
) with (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);
create unique index event_notification_id on record.event (notification_id);

-- One leaf an event, in a table of its own: to remove an event unseen one must alter both.
create table record.leaf (
  leaf_index bigint primary key,
  originator_id uuid not null,
  originator_version bigint not null,
  leaf_hash bytea not null,
  case_hash bytea not null,
  check (leaf_index >= 0)
);

-- A command is answered once. `request` is a keyed digest of what was asked, to tell pressing twice from asking something else.
create table record.command (
  command_id uuid primary key,
  request bytea not null,
  first_position bigint not null,
  last_position bigint not null
);

create table keys.person_key (
  person_id uuid primary key,
  wrapped bytea not null,
  created_at timestamptz not null default clock_timestamp()
);
create table keys.master_check (one boolean primary key default true check (one), digest bytea not null);

create function record.refuse() returns trigger language plpgsql as $$
begin
  raise exception 'the record is append-only: % on % refused', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end $$;
do $$
declare t text;
begin
  foreach t in array array['event', 'leaf', 'command', 'deployment'] loop
    execute format('create trigger append_only before update or delete on record.%I for each row execute function record.refuse()', t);
    execute format('create trigger never_emptied before truncate on record.%I for each statement execute function record.refuse()', t);
    execute format('alter table record.%I enable always trigger append_only, enable always trigger never_emptied', t);
  end loop;
end $$;

create function record.kind() returns text language sql stable as $$
  select coalesce((select kind from record.deployment), 'real')
$$;

create function record.choose_kind(chosen text) returns void language plpgsql as $$
begin
  if chosen = 'synthetic' and exists (select from record.event) and record.kind() <> 'synthetic' then
    raise exception 'this record holds real history and cannot become synthetic' using errcode = 'insufficient_privilege';
  end if;
  insert into record.deployment (kind) values (chosen) on conflict do nothing;
end $$;

-- A field of a leaf: its length in 8 bytes, then its bytes.
create function record.lp(field bytea) returns bytea language sql immutable parallel safe as $$
  select int8send(length(field)) || field
$$;

-- The one way into the log. The lock makes it one writer at a time; it is taken last and held for one commit.
-- `times` are times of recording and are taken only in a synthetic record; otherwise the database's own clock is.
-- recorded_at never runs backwards, so that an instant is a position and "as known on" has one answer for ever.
create function record.append(
  originators uuid[], versions bigint[], topics text[], states bytea[], sealeds bytea[],
  command uuid, request bytea, times timestamptz[]
) returns setof bigint language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  position bigint;
  previous timestamptz;
  at timestamptz;
  prior bytea;
  leaf bytea;
  chain bytea;
  first bigint;
begin
  if times is not null and record.kind() <> 'synthetic' then
    raise exception 'times of recording are the database''s own' using errcode = 'insufficient_privilege';
  end if;
  perform pg_advisory_xact_lock(7402653117);
  select notification_id, recorded_at into position, previous from record.event order by notification_id desc limit 1;
  position := coalesce(position, 0);
  first := position + 1;
  for i in 1 .. cardinality(originators) loop
    position := position + 1;
    at := greatest(case when times is null then clock_timestamp() else times[i] end, coalesce(previous, '-infinity'));
    previous := at;
    select l.case_hash into prior from record.event e join record.leaf l on l.leaf_index = e.notification_id - 1
      where e.originator_id = originators[i] and e.originator_version = versions[i] - 1;
    if prior is null then
      if versions[i] > 1 then
        raise exception 'event % of % has no predecessor', versions[i], originators[i] using errcode = 'integrity_constraint_violation';
      end if;
      prior := decode(repeat('00', 32), 'hex');
    end if;
    insert into record.event (originator_id, originator_version, topic, state, notification_id, recorded_at, sealed, command_id)
      values (originators[i], versions[i], topics[i], states[i], position, at, sealeds[i], command);
    leaf := sha256('\x00'::bytea || 'caseleaf/v1'::bytea
      || int8send(16) || uuid_send(originators[i])
      || int8send(8) || int8send(versions[i])
      || record.lp(convert_to(topics[i], 'UTF8'))
      || int8send(8) || int8send((extract(epoch from at) * 1000000)::bigint)
      || int8send(8) || int8send(position)
      || record.lp(states[i])
      || record.lp(coalesce(sealeds[i], ''::bytea))
      || case when command is null then int8send(0) else int8send(16) || uuid_send(command) end
      || int8send(32) || prior);
    chain := sha256('casechain/v1'::bytea || uuid_send(originators[i]) || int8send(versions[i]) || prior || leaf);
    insert into record.leaf (leaf_index, originator_id, originator_version, leaf_hash, case_hash)
      values (position - 1, originators[i], versions[i], leaf, chain);
    return next position;
  end loop;
  if command is not null then
    insert into record.command (command_id, request, first_position, last_position)
      values (command, coalesce(request, ''::bytea), first, position);
  end if;
end $$;

-- The last position recorded by an instant: recorded_at rises with the position, so halving the range finds it.
create function record.position_at(instant timestamptz) returns bigint language plpgsql stable as $$
declare
  low bigint := 0;
  high bigint;
  middle bigint;
begin
  select coalesce(max(notification_id), 0) into high from record.event;
  while low < high loop
    middle := (low + high + 1) / 2;
    if (select recorded_at from record.event where notification_id = middle) <= instant then
      low := middle;
    else
      high := middle - 1;
    end if;
  end loop;
  return low;
end $$;

-- Where each follower of the log has come to, and the streams that it could not fold.
create table app.follower (name text primary key, position bigint not null, at timestamptz not null default clock_timestamp());
create table app.job_run (job text not null, due timestamptz not null, finished_at timestamptz, said text, primary key (job, due));
create table app.session (
  id bytea primary key,
  staff text not null,
  created_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp()
);
create table app.snapshot (name text primary key, position bigint not null, built_at timestamptz, used_at timestamptz not null default clock_timestamp());

revoke all on all tables in schema record, keys, app from public;
revoke execute on all functions in schema record from public;
grant select on all tables in schema record to throughline_service;
grant execute on function record.append, record.position_at, record.kind, record.lp to throughline_service;
grant select, insert on all tables in schema keys to throughline_service;
grant select, insert, update, delete on all tables in schema app to throughline_service;
