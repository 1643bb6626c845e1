-- Body measurements and goals, and what the equations of resting energy ask of a profile.

alter table public.profiles
    -- only what published equations distinguish; nothing else reads it
    add column sex_for_equations text not null default 'unspecified'
        check (sex_for_equations in ('female', 'male', 'unspecified')),
    add column version integer not null default 1;

create table public.body_measurements (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
    measured_at timestamptz not null,
    weight_kg numeric(5, 2) check (weight_kg between 20 and 500),
    body_fat_percent numeric(4, 1) check (body_fat_percent between 1 and 75),
    circumferences_cm jsonb not null default '{}' check (jsonb_typeof(circumferences_cm) = 'object'),
    note text not null default '',
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (id, user_id),
    check (weight_kg is not null or body_fat_percent is not null or circumferences_cm <> '{}')
);
create index body_measurements_by_user on public.body_measurements (user_id, measured_at desc, id desc);
-- covering: a trend reads every weight a caller has
create index body_measurements_weights on public.body_measurements (user_id, measured_at, id) include (weight_kg)
    where weight_kg is not null;

create table public.goals (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
    kind text not null check (kind in ('body_weight', 'one_rep_max', 'weekly_sessions', 'measurement')),
    exercise_id uuid references public.exercises (id) on delete cascade,
    site text,                                       -- what is measured: body_fat or a circumference's site
    start_value numeric(7, 2) not null check (start_value >= 0),
    start_source text not null check (start_source in ('given', 'computed', 'profile')),
    started_at timestamptz not null default now(),
    target_value numeric(7, 2) not null check (target_value > 0),
    due_on date not null,
    note text not null default '',
    archived_at timestamptz,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (id, user_id),
    check ((kind = 'one_rep_max') = (exercise_id is not null)),
    check ((kind = 'measurement') = (site is not null)),
    check (start_value <> target_value)
);
create index goals_by_user on public.goals (user_id, created_at desc, id desc);
create index goals_exercise on public.goals (exercise_id);

do $$
declare tenant_table text;
begin
    foreach tenant_table in array array['body_measurements', 'goals']
    loop
        execute format('alter table public.%I enable row level security', tenant_table);
        execute format('alter table public.%I force row level security', tenant_table);
        execute format('revoke all on public.%I from anon', tenant_table);
        execute format('grant select, insert, update, delete on public.%I to authenticated', tenant_table);
        execute format(
            'create policy own_rows on public.%I to authenticated'
            ' using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()))', tenant_table);
    end loop;
end
$$;
