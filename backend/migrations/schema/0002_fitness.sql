-- The fitness service. Row level security decides who sees what: every tenant table carries user_id, and one policy
-- binds it to auth.uid(). `(select auth.uid())` is evaluated once a statement instead of once a row.

create table public.exercises (
    id uuid primary key default gen_random_uuid(),
    slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    name text not null unique,
    aliases text[] not null default '{}',
    level text not null check (level in ('beginner', 'intermediate', 'advanced')),
    mechanics text not null check (mechanics in ('compound', 'isolation')),
    movement text not null,
    measure text not null check (measure in ('reps', 'duration', 'distance')),
    primary_muscles text[] not null check (cardinality(primary_muscles) > 0),
    secondary_muscles text[] not null default '{}',
    equipment text[] not null default '{}',          -- everything needed; empty: nothing but the body
    stresses text[] not null default '{}',           -- body areas to spare when injured
    instructions text[] not null,
    cautions text[] not null default '{}'
);
create index exercises_name on public.exercises (name, id);
create index exercises_muscles on public.exercises using gin (primary_muscles, secondary_muscles);

create table public.profiles (
    user_id uuid primary key default auth.uid() references auth.users (id) on delete cascade,
    display_name text,
    birth_year integer check (birth_year between 1900 and 2100),
    height_cm numeric(5, 1) check (height_cm between 50 and 280),
    weight_kg numeric(5, 2) check (weight_kg between 20 and 500),
    level text not null default 'beginner' check (level in ('beginner', 'intermediate', 'advanced')),
    goal text not null default 'general' check (goal in ('general', 'strength', 'muscle', 'fat_loss', 'endurance')),
    days_per_week integer not null default 3 check (days_per_week between 1 and 7),
    equipment text[] not null default '{}',
    injuries text[] not null default '{}',           -- body areas, as exercises.stresses names them
    updated_at timestamptz not null default now()
);

create table public.workouts (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
    name text not null,
    notes text not null default '',
    scheduled_on date,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (id, user_id)
);
create index workouts_by_user on public.workouts (user_id, created_at desc, id desc);

create table public.workout_exercises (
    workout_id uuid not null,
    user_id uuid not null default auth.uid(),
    position integer not null check (position >= 0),
    exercise_id uuid not null references public.exercises (id),
    target_sets integer not null check (target_sets between 1 and 50),
    target_reps integer check (target_reps between 1 and 1000),
    target_seconds integer check (target_seconds between 1 and 86400),
    target_weight_kg numeric(6, 2) check (target_weight_kg between 0 and 1000),
    rest_seconds integer check (rest_seconds between 0 and 3600),
    notes text not null default '',
    primary key (workout_id, position),
    check (target_reps is null or target_seconds is null),
    -- the pair, so a row cannot hang on somebody else's workout
    foreign key (workout_id, user_id) references public.workouts (id, user_id) on delete cascade
);
create index workout_exercises_exercise on public.workout_exercises (exercise_id);

create table public.performance_logs (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
    exercise_id uuid not null references public.exercises (id),
    workout_id uuid,                                 -- the plan it followed, if any
    performed_at timestamptz not null,
    notes text not null default '',
    created_at timestamptz not null default now(),
    unique (id, user_id),
    foreign key (workout_id, user_id) references public.workouts (id, user_id) on delete set null (workout_id)
);
create index performance_logs_by_user on public.performance_logs (user_id, performed_at desc, id desc);
create index performance_logs_by_exercise on public.performance_logs (user_id, exercise_id, performed_at desc, id desc);
create index performance_logs_workout on public.performance_logs (workout_id);

create table public.logged_sets (
    log_id uuid not null,
    user_id uuid not null default auth.uid(),
    position integer not null check (position >= 0),
    reps integer not null check (reps between 1 and 1000),
    weight_kg numeric(6, 2) not null check (weight_kg between 0 and 1000),
    rpe numeric(3, 1) check (rpe between 1 and 10),
    primary key (log_id, position),
    foreign key (log_id, user_id) references public.performance_logs (id, user_id) on delete cascade
);
-- covering: a progress summary reads every set a caller ever did
create index logged_sets_by_user on public.logged_sets (user_id, log_id) include (reps, weight_kg);

create table public.chat_threads (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
    title text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (id, user_id)
);
create index chat_threads_by_user on public.chat_threads (user_id, updated_at desc, id desc);

-- One row a turn, question and answer together: a turn is stored whole or not at all.
create table public.chat_turns (
    id uuid primary key default gen_random_uuid(),
    thread_id uuid not null,
    user_id uuid not null default auth.uid(),
    question text not null,
    answer text not null,
    model text not null,
    safety jsonb,                                    -- why a safe answer was given instead, if one was
    citations jsonb not null default '[]',
    tool_runs jsonb not null default '[]',
    input_tokens integer not null default 0,
    output_tokens integer not null default 0,
    created_at timestamptz not null default clock_timestamp(),
    foreign key (thread_id, user_id) references public.chat_threads (id, user_id) on delete cascade
);
create index chat_turns_by_thread on public.chat_turns (thread_id, created_at, id);
create index chat_turns_by_user on public.chat_turns (user_id);

-- Who sees what.
alter table public.exercises enable row level security;
grant select on public.exercises to anon, authenticated;
create policy everyone_reads on public.exercises for select to anon, authenticated using (true);

do $$
declare tenant_table text;
begin
    foreach tenant_table in array array[
        'profiles', 'workouts', 'workout_exercises', 'performance_logs', 'logged_sets', 'chat_threads', 'chat_turns'
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
