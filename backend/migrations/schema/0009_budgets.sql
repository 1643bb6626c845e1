-- What language models and embedders used: per user and day, and of all users together, which no user may read.
-- Only the chassis's own role sees these tables: who could write theirs could take back what they used.

-- Of everybody together; a row a day, and the lock that makes reservations take turns.
create table coachwork.token_days (
    day date primary key,
    tokens bigint not null default 0 check (tokens >= 0)
);

create table coachwork.token_usage (
    user_id uuid not null references auth.users (id) on delete cascade,
    day date not null,                               -- in UTC
    calls integer not null default 0,
    input_tokens bigint not null default 0,
    output_tokens bigint not null default 0,
    embedding_tokens bigint not null default 0,
    primary key (user_id, day)
);

-- What calls under way may come to use. One that was never settled, because its process died, counts until it expires.
create table coachwork.token_reservations (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    day date not null,
    tokens bigint not null check (tokens >= 0),
    expires_at timestamptz not null
);
create index token_reservations_user on coachwork.token_reservations (user_id, day);
create index token_reservations_day on coachwork.token_reservations (day, expires_at);

do $$
declare chassis_table text;
begin
    foreach chassis_table in array array['token_days', 'token_usage', 'token_reservations']
    loop
        execute format('alter table coachwork.%I enable row level security', chassis_table);
        execute format('grant select, insert, update, delete on coachwork.%I to coachwork_service', chassis_table);
        execute format(
            'create policy service on coachwork.%I to coachwork_service using (true) with check (true)',
            chassis_table);
    end loop;
end
$$;
