"""What is an e-mail address, and when two are the same."""

from email_validator import EmailNotValidError, validate_email

from board.kit.forms import Form

LONGEST = 254  # RFC 5321, section 4.5.3.1.3, without the brackets


class BadAddress(ValueError):
    """The address can not be used; the sentence says why."""


def clean(text: str) -> str:
    """The address as a mail server takes it: in ASCII, the domain in lower case. Raises BadAddress with a sentence.

    Nobody is asked whether it exists: only the mail that is sent there can tell.
    """
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise BadAddress(f"This is no e-mail address that mail can be sent to. {error}") from None
    return str(found.ascii_email)


def key(text: str) -> str:
    """The form in which addresses are compared; the empty string for what is none.

    In small letters: no server of today tells Alice@ from alice@.
    """
    try:
        return clean(text).lower()
    except BadAddress:
        return ""


def shown(address: str) -> str:
    """The address as people write it: `bob@xn--mnchen-3ya.example` is `bob@münchen.example`."""
    return str(validate_email(address, check_deliverability=False).normalized)


def read(form: Form, name: str = "address", *, required: bool = True) -> str:
    """The address in a form's field, clean; the empty string for none, or with a sentence in the errors."""
    typed = form.line(name, "The address", most=LONGEST, least=1 if required else 0)
    if not typed or name in form.errors:
        return ""
    try:
        return clean(typed)
    except BadAddress as error:
        form.errors[name] = str(error)
        return ""
