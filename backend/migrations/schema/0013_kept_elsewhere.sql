-- Which services keep something of a user's outside this database (DynamoDB, S3, a vector index): noted before they make
-- anything, taken back by their own erasure. The reference does not cascade: no account goes, whoever removes it, while
-- something would be left behind that nobody could remove.
create table coachwork.kept_elsewhere (
    user_id uuid not null references auth.users (id),
    service text not null,
    erased_by text not null,              -- the operation that erases it: DELETE /api/v1/knowledge
    noted_at timestamptz not null default now(),
    primary key (user_id, service)
);
alter table coachwork.kept_elsewhere enable row level security;
grant select, insert, update, delete on coachwork.kept_elsewhere to coachwork_service;
create policy service on coachwork.kept_elsewhere to coachwork_service using (true) with check (true);
