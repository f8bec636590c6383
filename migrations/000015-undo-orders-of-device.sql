-- Up Migration

create index undo_order_by_device on undo_order (organization_id, device_id, asked_at desc); -- serves: what was to be taken back on a machine

-- Down Migration
-- Forward only.
