-- Up Migration

-- Pages of a large fleet waited for counting every device. Changes of a count are added as rows, so that no two
-- transactions wait for one another; a timed job sums them up.
create table device_tally (
  organization_id text not null references organization,
  change_number bigint generated always as identity,
  counted text not null check (counted in ('state', 'readiness')),
  name text not null,
  devices integer not null,
  primary key (organization_id, change_number)
);
create index device_tally_counted on device_tally (organization_id, counted) include (name, devices); -- serves: counts of devices

-- Devices by state.
create function tally_device_state() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    insert into device_tally (organization_id, counted, name, devices)
      values (old.organization_id, 'state', old.state, -1);
  end if;
  if tg_op <> 'DELETE' then
    insert into device_tally (organization_id, counted, name, devices)
      values (new.organization_id, 'state', new.state, 1);
  end if;
  return null;
end
$$;

-- Devices that told a readiness, by tenth of the score.
create function tally_device_readiness() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    insert into device_tally (organization_id, counted, name, devices)
      values (old.organization_id, 'readiness', least(9, old.score / 10), -1);
  end if;
  if tg_op <> 'DELETE' then
    insert into device_tally (organization_id, counted, name, devices)
      values (new.organization_id, 'readiness', least(9, new.score / 10), 1);
  end if;
  return null;
end
$$;

lock table device, device_readiness in share row exclusive mode;
insert into device_tally (organization_id, counted, name, devices)
  select organization_id, 'state', state, count(*) from device group by 1, 3;
insert into device_tally (organization_id, counted, name, devices)
  select organization_id, 'readiness', least(9, score / 10), count(*) from device_readiness group by 1, 3;

create trigger device_came_or_went after insert or delete on device
  for each row execute function tally_device_state();
create trigger device_changed_state after update of state on device
  for each row when (old.state <> new.state) execute function tally_device_state();
create trigger readiness_came_or_went after insert or delete on device_readiness
  for each row execute function tally_device_readiness();
create trigger readiness_changed_tenth after update of score on device_readiness
  for each row when (least(9, old.score / 10) <> least(9, new.score / 10)) execute function tally_device_readiness();

-- Down Migration
-- Forward only.
