-- Mail that leaves: each waits here until a server has taken it.
create table mails (
    id bigint generated always as identity primary key,
    -- Whom it is about; with the account goes what still waits.
    account_id bigint references accounts on delete cascade,
    -- The template, which says what kind of mail it is.
    template text not null,
    recipient text not null,
    subject text not null,
    -- With links that open an account: gone as soon as the mail is sent.
    text text not null,
    unsubscribe text not null default '',
    -- The same at each try, so that a mailbox can tell a second copy from a second mail.
    message_id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default now(),
    -- A link that has ended is not worth sending.
    useful_until timestamptz not null,
    -- Shown: there is no server, it stands in the log and on the page for admins.
    state text not null default 'waiting'
        constraint a_mail_is_somewhere check (state in ('waiting', 'sent', 'failed', 'shown')),
    ended_at timestamptz,
    tried_at timestamptz,
    error text,
    constraint a_mail_that_waits_has_not_ended check ((state = 'waiting') = (ended_at is null)),
    constraint a_sent_mail_keeps_no_text check (state <> 'sent' or text = '')
);

create index mails_by_account on mails (account_id);
create index mails_by_state on mails (state, id);
create index mails_by_end on mails (ended_at) where ended_at is not null;
