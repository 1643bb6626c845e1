-- Programmes (what is planned) and sessions (what was asked for that day, and done). Sessions copy what they need, so
-- that a later change of the plan changes no history. What is done lies in performance_logs, as all training does.

create table public.programmes (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
    name text not null,
    notes text not null default '',
    status text not null default 'active' check (status in ('draft', 'active', 'archived')),
    source text not null default 'own' check (source in ('own', 'template', 'coach')),
    template text,                                   -- the slug of the template it was copied from
    days_per_week integer not null check (days_per_week between 1 and 7),
    cycle_weeks integer not null default 1 check (cycle_weeks between 1 and 16),
    active_since timestamptz,                        -- adherence counts from here; null for a draft
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (id, user_id)
);
create index programmes_by_user on public.programmes (user_id, created_at desc, id desc);

create table public.programme_days (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null default auth.uid(),
    programme_id uuid not null,
    position integer not null check (position >= 0),
    name text not null,
    unique (id, user_id),
    foreign key (programme_id, user_id) references public.programmes (id, user_id) on delete cascade
);
create index programme_days_by_programme on public.programme_days (user_id, programme_id, position);

create table public.programme_slots (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null default auth.uid(),
    day_id uuid not null,
    position integer not null check (position >= 0),
    exercise_id uuid not null references public.exercises (id),
    notes text not null default '',
    rounding_kg numeric(5, 2) not null check (rounding_kg between 0.1 and 50),
    progression jsonb not null,                      -- values, read and written whole: domain.programmes.plan says what
    sets jsonb not null check (jsonb_array_length(sets) > 0),
    counts_from timestamptz,                         -- sessions stored before do not count: its load was changed then
    unique (id, user_id),
    foreign key (day_id, user_id) references public.programme_days (id, user_id) on delete cascade
);
create index programme_slots_by_day on public.programme_slots (user_id, day_id, position);
create index programme_slots_exercise on public.programme_slots (exercise_id);

create table public.training_sessions (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
    programme_id uuid,
    day_id uuid,
    name text not null,
    notes text not null default '',
    cycle_week integer not null default 1,
    started_at timestamptz not null,
    finished_at timestamptz,
    rest_seconds integer check (rest_seconds between 0 and 3600),
    rest_started_at timestamptz,                     -- when the last set was logged
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (id, user_id),
    foreign key (programme_id, user_id) references public.programmes (id, user_id) on delete set null (programme_id),
    foreign key (day_id, user_id) references public.programme_days (id, user_id) on delete set null (day_id)
);
-- one open session a user: two devices that start at once end up in the same one
create unique index training_sessions_open on public.training_sessions (user_id) where finished_at is null;
create index training_sessions_by_user on public.training_sessions (user_id, started_at desc, id desc);
create index training_sessions_by_day on public.training_sessions (user_id, day_id, started_at);
create index training_sessions_by_programme on public.training_sessions (user_id, programme_id, started_at);

create table public.session_exercises (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null default auth.uid(),
    session_id uuid not null,
    position integer not null check (position >= 0),
    exercise_id uuid not null references public.exercises (id),
    slot_id uuid,                                    -- the plan's slot it was made from
    planned_exercise_id uuid references public.exercises (id),  -- what it was before it was swapped
    skipped boolean not null default false,
    notes text not null default '',
    targets jsonb not null default '[]',             -- values, read and written whole: domain.programmes.history
    decision jsonb,                                  -- why these targets; domain.programmes.progression
    log_id uuid,                                     -- there once a set is
    unique (id, user_id),
    unique (log_id),
    foreign key (session_id, user_id) references public.training_sessions (id, user_id) on delete cascade,
    foreign key (slot_id, user_id) references public.programme_slots (id, user_id) on delete set null (slot_id),
    foreign key (log_id, user_id) references public.performance_logs (id, user_id) on delete set null (log_id)
);
create index session_exercises_by_session on public.session_exercises (user_id, session_id, position);
create index session_exercises_by_slot on public.session_exercises (user_id, slot_id);
create index session_exercises_exercise on public.session_exercises (exercise_id);
create index session_exercises_planned on public.session_exercises (planned_exercise_id);

create trigger raise_version before update on public.programmes
    for each row execute function coachwork.raise_version();
create trigger raise_version before update on public.training_sessions
    for each row execute function coachwork.raise_version();

do $$
declare tenant_table text;
begin
    foreach tenant_table in array array[
        'programmes', 'programme_days', 'programme_slots', 'training_sessions', 'session_exercises'
    ]
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
