-- What administrators add to the coach's knowledge: each document whole, so that its passages can be made and embedded
-- anew without the file it came from. The passages themselves are in the vector index. Only the chassis's own role sees
-- these tables: the knowledge is everybody's to be answered from, and nobody's to read or write past an administrator.

create table coachwork.knowledge_documents (
    id text primary key check (id ~ '^doc-[0-9a-f]{16}$'),   -- of the title: another text of that title replaces it
    title text not null,
    topic text not null check (topic in ('training', 'nutrition', 'recovery', 'safety')),
    format text not null check (format in ('markdown', 'text', 'pdf')),
    source jsonb not null,                           -- what a citation names
    pages text[] not null check (cardinality(pages) > 0),    -- one, unless it is a PDF
    text_sha256 bytea not null unique,               -- of the pages: no text is there twice
    content_sha256 bytea not null,                   -- of everything above
    passage_count integer not null check (passage_count > 0),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index knowledge_documents_title on coachwork.knowledge_documents (title, id);

-- Passages that came with the seeds, taken out of an index that another embedder made, until they are embedded anew.
create table coachwork.knowledge_displaced (
    id text primary key,
    text text not null,
    metadata jsonb not null
);

do $$
declare chassis_table text;
begin
    foreach chassis_table in array array['knowledge_documents', 'knowledge_displaced']
    loop
        execute format('alter table coachwork.%I enable row level security', chassis_table);
        execute format('grant select, insert, update, delete on coachwork.%I to coachwork_service', chassis_table);
        execute format(
            'create policy service on coachwork.%I to coachwork_service using (true) with check (true)',
            chassis_table);
    end loop;
end
$$;
