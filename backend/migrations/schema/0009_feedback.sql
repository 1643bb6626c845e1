-- What a user thinks of an answer. Shared with the deployment's owner only when they say so: the service's role sees
-- what is shared, and of that neither whose it is nor when it was given, for it may not read those columns.

alter table public.chat_turns add constraint chat_turns_id_user_id_key unique (id, user_id);

create table public.turn_feedback (
    turn_id uuid primary key,
    user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
    export_id uuid not null default gen_random_uuid() unique,  -- names it in an export; says nothing else
    verdict text not null check (verdict in ('up', 'down')),
    reason text not null default '',
    is_shared boolean not null default false,
    question text not null,                          -- as the turn had them when the feedback was given
    answer text not null,
    model text not null,
    passages jsonb not null,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    foreign key (turn_id, user_id) references public.chat_turns (id, user_id) on delete cascade
);
create index turn_feedback_by_user on public.turn_feedback (user_id, turn_id);
create trigger raise_version before update on public.turn_feedback
    for each row execute function coachwork.raise_version();

alter table public.turn_feedback enable row level security;
alter table public.turn_feedback force row level security;
revoke all on public.turn_feedback from anon;
grant select, insert, update, delete on public.turn_feedback to authenticated;
create policy own_rows on public.turn_feedback to authenticated
    using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));

grant usage on schema public to coachwork_service;
grant select (export_id, verdict, reason, is_shared, question, answer, model, passages)
    on public.turn_feedback to coachwork_service;
create policy shared_rows on public.turn_feedback for select to coachwork_service using (is_shared);
