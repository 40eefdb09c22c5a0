-- What a person chose of how pages look, and whether to have mail about answers.
alter table accounts
    -- As board/settings writes it: the same text that strangers have in a cookie. Null: never chosen.
    add column settings text constraint settings_are_short check (char_length(settings) <= 200),
    add column answer_mail text not null default 'never'
        constraint mail_about_answers_has_a_pace check (answer_mail in ('never', 'soon', 'daily')),
    add column answers_mailed_at timestamptz;

-- Answers that a person is to have mail about, until that is written.
create table answers_to_mail (
    account_id bigint not null references accounts on delete cascade,
    message_id bigint not null references messages on delete cascade,
    primary key (account_id, message_id)
);

create index answers_to_mail_by_message on answers_to_mail (message_id);
