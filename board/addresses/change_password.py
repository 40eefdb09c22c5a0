"""A new password for who knows the old one."""

from starlette.requests import Request
from starlette.responses import Response

from board import notices, signin
from board.addresses.new_password import check_new, set_anew
from board.kit import forms
from board.kit.sessions import signed_in
from board.kit.templates import page, see_other


@signed_in
async def show(request: Request) -> Response:
    """GET /account/password, and once it was changed: /account/password?changed"""
    return _show(request)


@signed_in
async def change(request: Request) -> Response:
    """POST /account/password: set it, and sign out everywhere else."""
    state, viewer = request.app.state, request.state.viewer
    async with forms.read(request) as form:
        password = form.secret("new_password")
    check_new(form, password, viewer["name"], request.app.state.config.site_name)
    await signin.confirmed(request, form)
    if form.errors:
        return _show(request, form)
    hashed = await state.passwords.hash(password)
    async with state.database.transaction() as connection:
        await set_anew(request, connection, viewer["id"], hashed, but=state.sessions.token(request.scope))
        await notices.tell(request, connection, viewer["id"], "password changed")
    return see_other(request, "/account/password?changed")


def _show(request: Request, form: forms.Form | None = None) -> Response:
    return page(
        request,
        "addresses/password.html",
        422 if form else 200,
        changed="changed" in request.query_params,
        errors=form.errors if form else {},
    )
