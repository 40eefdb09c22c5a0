-- One vote per person and message; 0 is a vote that was taken back.
create table votes (
    message_id bigint not null references messages on delete cascade,
    account_id bigint not null references accounts on delete cascade,
    value smallint not null constraint a_vote_is_up_down_or_taken_back check (value in (-1, 0, 1)),
    cast_at timestamptz not null default now(),
    constraint one_vote_per_person_and_message primary key (message_id, account_id)
);

create index votes_by_account on votes (account_id);
