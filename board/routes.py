"""The map of the site: every address, and who answers there."""

from starlette.convertors import Convertor, register_url_convertor
from starlette.routing import Route

from board import (
    addresses,
    answers,
    boards,
    health,
    help,
    images,
    joining,
    messages,
    notices,
    people,
    roles,
    signin,
    statistics,
    threads,
    traffic,
    votes,
)
from board.jobs import page as jobs_page
from board.leaving import deletion, exports, receipts
from board.mail import page as mail_page
from board.settings import page as settings_page


class _Id(Convertor[int]):
    """A row's id: 5,000 digits are an address that leads nowhere, not a crash."""

    regex = "[0-9]{1,18}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("id", _Id())

ROUTES = [
    Route("/", threads.index),
    Route("/threads/{id:id}", threads.show),
    Route("/boards/new", boards.new),
    Route("/boards/{slug}", threads.index),
    Route("/threads/{id:id}/views", traffic.show_thread),
    Route("/messages/{id:id}/vote", votes.cast, methods=["POST"]),
    Route("/messages/{id:id}", messages.show),
    Route("/threads/{id:id}/messages", messages.create, methods=["POST"]),
    Route("/threads/new", threads.new),
    Route("/threads", threads.create, methods=["POST"]),
    Route("/threads/{id:id}/delete", threads.delete, methods=["POST"]),
    Route("/threads/{id:id}/restore", threads.restore, methods=["POST"]),
    Route("/threads/{id:id}/lock", threads.lock, methods=["POST"]),
    Route("/threads/{id:id}/unlock", threads.unlock, methods=["POST"]),
    Route("/messages/{id:id}/edit", messages.edit),
    Route("/messages/{id:id}/edit", messages.update, methods=["POST"]),
    Route("/messages/{id:id}/history", messages.history),
    Route("/messages/{id:id}/quote", messages.quote),
    Route("/messages/{id:id}/delete", messages.delete, methods=["POST"]),
    Route("/messages/{id:id}/restore", messages.restore, methods=["POST"]),
    Route("/pictures/{key}/{file}", images.show),
    Route("/people/{name}", people.show),
    Route("/people/{name}/statistics", statistics.show_person),
    Route("/account", people.account),
    Route("/account/address", addresses.own.show),
    Route("/account/address", addresses.own.ask, methods=["POST"]),
    Route("/account/address/again", addresses.own.ask_again, methods=["POST"]),
    Route("/account/address/forget", addresses.own.forget, methods=["POST"]),
    Route("/account/address/remove", addresses.own.remove, methods=["POST"]),
    Route("/address/confirm", addresses.changes.confirm_form),
    Route("/address/confirm", addresses.changes.confirm, methods=["POST"]),
    Route("/address/confirmed", addresses.changes.confirmed),
    Route("/address/undo", addresses.changes.undo_form),
    Route("/address/undo", addresses.changes.undo, methods=["POST"]),
    Route("/account/password", addresses.change_password.show),
    Route("/account/password", addresses.change_password.change, methods=["POST"]),
    Route("/account/security", notices.index),
    Route("/forgot", addresses.new_password.forgot_form),
    Route("/forgot", addresses.new_password.forgot, methods=["POST"]),
    Route("/reset", addresses.new_password.reset_form),
    Route("/reset", addresses.new_password.reset, methods=["POST"]),
    Route("/reset/done", addresses.new_password.done),
    Route("/admin/people/{name}/new-password", addresses.by_admin.show),
    Route("/admin/people/{name}/new-password", addresses.by_admin.make, methods=["POST"]),
    Route("/account/export", exports.show),
    Route("/account/export", exports.ask, methods=["POST"]),
    Route("/account/exports/{id:id}", exports.download),
    Route("/account/delete", deletion.show),
    Route("/account/delete", deletion.ask, methods=["POST"]),
    Route("/account/keep", deletion.keep, methods=["POST"]),
    Route("/receipts/{token}", receipts.show),
    Route("/receipts/{token}", receipts.forget, methods=["POST"]),
    Route("/sign-up", joining.sign_up_form),
    Route("/sign-up", joining.sign_up, methods=["POST"]),
    Route("/account/invitations", joining.invitations.index),
    Route("/account/invitations", joining.invitations.create, methods=["POST"]),
    Route("/account/invitations/{id:id}/revoke", joining.invitations.revoke, methods=["POST"]),
    Route("/account/waiting", joining.applications.waiting),
    Route("/invitations", joining.tree.show),
    Route("/admin/applications", joining.applications.index),
    Route("/admin/applications/{id:id}", joining.applications.decide, methods=["POST"]),
    Route("/sign-in", signin.sign_in_form),
    Route("/sign-in", signin.sign_in, methods=["POST"]),
    Route("/sign-out", signin.sign_out, methods=["POST"]),
    Route("/account/sessions", signin.list_sessions),
    Route("/account/sessions/end", signin.end_sessions, methods=["POST"]),
    Route("/account/sessions/{id:id}/end", signin.end_session, methods=["POST"]),
    Route("/boards", boards.index),
    Route("/boards", boards.create, methods=["POST"]),
    Route("/boards/{slug}/edit", boards.edit),
    Route("/boards/{slug}/edit", boards.update, methods=["POST"]),
    Route("/boards/{slug}/moderators", roles.moderators.index),
    Route("/boards/{slug}/moderators", roles.moderators.appoint, methods=["POST"]),
    Route("/boards/{slug}/moderators/{id:id}/dismiss", roles.moderators.dismiss, methods=["POST"]),
    Route("/admin/people", roles.people.index),
    Route("/admin/people/{id:id}", roles.person.show),
    Route("/admin/people/{id:id}/role", roles.person.give, methods=["POST"]),
    Route("/admin/people/{id:id}/trust", roles.person.trust, methods=["POST"]),
    Route("/admin/people/{id:id}/suspend", roles.person.suspend, methods=["POST"]),
    Route("/admin/people/{id:id}/unsuspend", roles.person.unsuspend, methods=["POST"]),
    Route("/admin/log", roles.log.index),
    Route("/jobs", jobs_page.index),
    Route("/jobs/{id:id}/retry", jobs_page.retry, methods=["POST"]),
    Route("/jobs/{id:id}/drop", jobs_page.drop, methods=["POST"]),
    Route("/mail", mail_page.index),
    Route("/mail/test", mail_page.test, methods=["POST"]),
    Route("/mail/{id:id}/retry", mail_page.retry, methods=["POST"]),
    Route("/mail/{id:id}/drop", mail_page.drop, methods=["POST"]),
    Route("/settings", settings_page.show),
    Route("/settings", settings_page.save, methods=["POST"]),
    Route("/unsubscribe/{token}", answers.unsubscribing.ask),
    Route("/unsubscribe/{token}", answers.unsubscribing.stop, methods=["POST"]),
    Route("/help", help.show),
    Route("/help/rights", roles.rights.show),
    Route("/health", health.page.show),
    Route("/health/live", health.probes.live),
    Route("/health/ready", health.probes.ready),
    Route("/metrics", health.metrics.show),
    Route("/traffic", traffic.show),
    Route("/statistics", statistics.show),
]
