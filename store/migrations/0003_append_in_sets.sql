-- An append of many events, as an import makes them, takes half the time: the same hashes in the same order, worked out in a loop that asks
-- nothing for events that follow one another, and then one insert into each table.
create or replace function record.append(
  originators uuid[], versions bigint[], topics text[], states bytea[], sealeds bytea[],
  command uuid, request bytea, times timestamptz[]
) returns setof bigint language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  position bigint;
  previous timestamptz;
  at timestamptz;
  prior bytea;
  leaf bytea;
  first bigint;
  n integer := coalesce(cardinality(originators), 0);
  ats timestamptz[] := array_fill(null::timestamptz, array[n]);
  leaves bytea[] := array_fill(null::bytea, array[n]);
  chains bytea[] := array_fill(null::bytea, array[n]);
  of_command bytea := case when command is null then int8send(0) else int8send(16) || uuid_send(command) end;
  sixteen bytea := int8send(16);
  eight bytea := int8send(8);
begin
  if times is not null and record.kind() <> 'synthetic' then
    raise exception 'times of recording are the database''s own' using errcode = 'insufficient_privilege';
  end if;
  perform pg_advisory_xact_lock(7402653117);
  select notification_id, recorded_at into position, previous from record.event order by notification_id desc limit 1;
  position := coalesce(position, 0);
  first := position + 1;
  for i in 1 .. n loop
    position := position + 1;
    at := greatest(case when times is null then clock_timestamp() else times[i] end, coalesce(previous, '-infinity'));
    previous := at;
    if i > 1 and originators[i] = originators[i - 1] and versions[i] = versions[i - 1] + 1 then
      prior := chains[i - 1];
    else
      prior := null;
      if versions[i] > 1 then
        select l.case_hash into prior from record.event e join record.leaf l on l.leaf_index = e.notification_id - 1
          where e.originator_id = originators[i] and e.originator_version = versions[i] - 1;
        if prior is null then -- events of one stream that stand apart in one call
          for j in reverse i - 1 .. 1 loop
            if originators[j] = originators[i] and versions[j] = versions[i] - 1 then
              prior := chains[j];
              exit;
            end if;
          end loop;
        end if;
        if prior is null then
          raise exception 'event % of % has no predecessor', versions[i], originators[i] using errcode = 'integrity_constraint_violation';
        end if;
      else
        prior := decode(repeat('00', 32), 'hex');
      end if;
    end if;
    leaf := sha256('\x00'::bytea || 'caseleaf/v1'::bytea
      || sixteen || uuid_send(originators[i])
      || eight || int8send(versions[i])
      || int8send(octet_length(topics[i])) || convert_to(topics[i], 'UTF8')
      || eight || int8send((extract(epoch from at) * 1000000)::bigint)
      || eight || int8send(position)
      || int8send(length(states[i])) || states[i]
      || case when sealeds[i] is null then int8send(0) else int8send(length(sealeds[i])) || sealeds[i] end
      || of_command
      || int8send(32) || prior);
    ats[i] := at;
    leaves[i] := leaf;
    chains[i] := sha256('casechain/v1'::bytea || uuid_send(originators[i]) || int8send(versions[i]) || prior || leaf);
  end loop;
  insert into record.event (originator_id, originator_version, topic, state, notification_id, recorded_at, sealed, command_id)
    select o, v, t, s, first + i - 1, a, x, command
    from unnest(originators, versions, topics, states, sealeds, ats) with ordinality as u(o, v, t, s, x, a, i);
  insert into record.leaf (leaf_index, originator_id, originator_version, leaf_hash, case_hash)
    select first + i - 2, o, v, l, c from unnest(originators, versions, leaves, chains) with ordinality as u(o, v, l, c, i);
  if command is not null then
    insert into record.command (command_id, request, first_position, last_position)
      values (command, coalesce(request, ''::bytea), first, position);
  end if;
  return query select generate_series(first, position);
end $$;
