-- What holds across the API: a version for everything two devices may edit, and the answers of requests that carried
-- an Idempotency-Key.

-- Any update raises the version, also one a foreign key makes, so no statement can forget it.
create function coachwork.raise_version() returns trigger language plpgsql set search_path = '' as $$
begin
    new.version := old.version + 1;
    return new;
end
$$;

do $$
declare editable_table text;
begin
    foreach editable_table in array array['workouts', 'performance_logs', 'chat_threads']
    loop
        execute format('alter table public.%I add column version integer not null default 1', editable_table);
        execute format(
            'create trigger raise_version before update on public.%I'
            ' for each row execute function coachwork.raise_version()', editable_table);
    end loop;
end
$$;

-- One row a key, for a day: who holds it while the work is done, then the answer.
create table coachwork.idempotency_keys (
    user_id uuid not null references auth.users (id) on delete cascade,
    request_sha256 bytea not null,        -- method, path and key
    content_sha256 bytea not null,        -- query and body: the key stands for these and no others
    attempt_id uuid not null,             -- whose the lock is
    locked_until timestamptz not null,    -- an attempt that has not ended by then never will
    expires_at timestamptz not null,
    status integer check (status between 200 and 299),  -- null until it is done
    headers jsonb,
    body bytea,                           -- null as well when the answer was too large to keep
    primary key (user_id, request_sha256)
);
create index idempotency_keys_expires_at on coachwork.idempotency_keys (expires_at);
alter table coachwork.idempotency_keys enable row level security;
grant select, insert, update, delete on coachwork.idempotency_keys to coachwork_service;
create policy service on coachwork.idempotency_keys to coachwork_service using (true) with check (true);
