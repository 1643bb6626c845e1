-- Turns of the coach that have no answer: waiting, being worked on, failed, cancelled. A turn that is answered leaves
-- for chat_turns, in one transaction and under the same id, so a turn is never in both.

create table public.open_turns (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
    thread_id uuid,                                  -- the conversation it goes on with; none for a new one
    question text not null,
    state text not null check (state in ('queued', 'running', 'failed', 'cancelled')),
    attempt integer not null default 0,              -- the fencing token: whoever takes the turn up raises it
    due_at timestamptz not null,                     -- when it counts as abandoned, unless somebody shows a sign
    partial_text text not null default '',
    evidence jsonb,                                  -- what the answer is written from, once that is together
    problem jsonb check ((state = 'failed') = (problem is not null)),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    foreign key (thread_id, user_id) references public.chat_threads (id, user_id) on delete cascade
);
create index open_turns_by_user on public.open_turns (user_id, created_at desc, id desc);
create index open_turns_thread on public.open_turns (thread_id);

alter table public.open_turns enable row level security;
alter table public.open_turns force row level security;
revoke all on public.open_turns from anon;
grant select, insert, update, delete on public.open_turns to authenticated;
create policy own_rows on public.open_turns to authenticated
    using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));

-- For whom a task acts that goes on after its caller's request: an event carries the subject's id alone.
create table coachwork.task_principals (
    subject_id uuid primary key,
    user_id uuid not null references auth.users (id) on delete cascade,
    claims jsonb not null,                           -- of the verified token, never the token
    created_at timestamptz not null default now()
);
create index task_principals_user on coachwork.task_principals (user_id);
create index task_principals_created on coachwork.task_principals (created_at);
alter table coachwork.task_principals enable row level security;
grant select, insert, update, delete on coachwork.task_principals to coachwork_service;
create policy service on coachwork.task_principals to coachwork_service using (true) with check (true);
