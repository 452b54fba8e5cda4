"""SASL by Python's imaplib: python3 sasl_session.py PORT CERTIFICATE USER PASSWORD TOKEN

What the server says to each turn is a line.
"""

import imaplib
import ssl
import sys

PORT, CERTIFICATE, USER, PASSWORD, TOKEN = sys.argv[1:]


def connect():
    return imaplib.IMAP4_SSL(
        "localhost", int(PORT), ssl_context=ssl.create_default_context(cafile=CERTIFICATE)
    )


def turn(name, client, action):
    try:
        print(name, action(client)[0])
    except imaplib.IMAP4.error as refused:
        print(name, refused)


def plain(user, password, authorization=""):
    return lambda client: client.authenticate(
        "PLAIN", lambda challenge: f"{authorization}\0{user}\0{password}".encode()
    )


def bearer(token):
    answers = [f"n,a={USER},\1auth=Bearer {token}\1\1".encode(), b"\1"]
    return lambda client: client.authenticate("OAUTHBEARER", lambda challenge: answers.pop(0))


def xoauth2(token):
    answers = [f"user={USER}\1auth=Bearer {token}\1\1".encode(), b""]
    return lambda client: client.authenticate("XOAUTH2", lambda challenge: answers.pop(0))


turn("cram", connect(), lambda client: client.login_cram_md5(USER, PASSWORD))
turn("plain", connect(), plain(USER, PASSWORD))
turn("bearer", connect(), bearer(TOKEN))
turn("xoauth2", connect(), xoauth2(TOKEN))

client = connect()
turn("wrong", client, plain(USER, "wrong"))
turn("other", client, plain(USER, PASSWORD, "somebody@example.org"))
turn("cancelled", client, lambda client: client.authenticate("PLAIN", lambda challenge: None))
turn("unknown", client, lambda client: client.authenticate("NTLM", lambda challenge: b""))
turn("right", client, plain(USER, PASSWORD))
turn("selected", client, lambda client: client.select())

client = connect()
turn("refused", client, bearer("x" * 40_000))
turn("refused", client, xoauth2("x" * 40_000))
turn("too long", client, bearer("x" * 60_000))
turn("right", client, bearer(TOKEN))
