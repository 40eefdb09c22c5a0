-- What a person shows of themselves and to whom, the names they had, and their history in two orders.
create domain audience as text constraint an_audience_is_known check (value in ('everyone', 'members', 'nobody'));

alter table accounts
    add column about text not null default ''
        constraint an_about_text_has_500_characters check (char_length(about) <= 500),
    -- The text as safe HTML, made when it was written.
    add column about_html text not null default '',
    add column avatar_key text references pictures,
    add column renamed_at timestamptz,
    add column show_history audience not null default 'everyone',
    add column show_pictures audience not null default 'everyone',
    add column show_votes audience not null default 'everyone',
    add column show_given audience not null default 'nobody',
    add column show_statistics audience not null default 'everyone',
    add column show_joined audience not null default 'everyone';

create index accounts_by_avatar on accounts (avatar_key) where avatar_key is not null;

create table former_names (
    id bigint generated always as identity primary key,
    account_id bigint not null references accounts on delete cascade,
    name text not null,
    name_key text not null,
    given_up_at timestamptz not null default now()
);

create index former_names_by_key on former_names (name_key, given_up_at desc);
create index former_names_by_account on former_names (account_id, id desc);

-- Whether somebody else gave the name up within a year: so long it is theirs, that nobody passes for them.
create function is_kept_name(key text, for_account bigint) returns boolean
language sql stable
return exists (
    select from former_names
    where name_key = key
      and given_up_at > now() - interval '1 year'
      and account_id is distinct from for_account
);

-- The statements ask that themselves. This catches who takes a name in the moment in which it is given up, when they
-- could not see it yet; the error is one after which to try again.
create function refuse_kept_name() returns trigger language plpgsql as $$
begin
    if is_kept_name(new.name_key, new.id) then
        raise exception 'the name is kept for who had it' using errcode = 'serialization_failure';
    end if;
    return null;
end
$$;

create trigger a_name_is_not_kept_for_another after insert or update of name_key on accounts
for each row execute function refuse_kept_name();

-- By time instead of by id: a year is a range of it. What filters look at is in it too.
drop index messages_by_author;
create index messages_by_author on messages (author_id, created_at desc, id desc) include (thread_id, score)
where deleted_at is null;
create index messages_by_author_and_score on messages (author_id, score desc, id desc) where deleted_at is null;
