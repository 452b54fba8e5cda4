"""Kerberos by Python's imaplib and MIT's library: python3 gssapi_session.py PORT CERTIFICATE TURN...

The turns happen on one connection, in order, each SERVICE:AUTHORIZATION or one of the words below; what the server says to each is a line.
"""

import imaplib
import ssl
import sys

import gssapi

PORT, CERTIFICATE, *TURNS = sys.argv[1:]


class Ticket:
    """What imaplib asks for answers to challenges."""

    def __init__(self, service, authorization, layer=1):
        self.context = gssapi.SecurityContext(
            name=gssapi.Name(service + "@localhost", gssapi.NameType.hostbased_service),
            mech=gssapi.MechType.kerberos,
            usage="initiate",
        )
        self.last = bytes([layer, 0, 0, 0]) + authorization.encode()

    def __call__(self, challenge):
        if not self.context.complete:
            return self.context.step(challenge or None) or b""
        offer = self.context.unwrap(challenge).message
        assert offer == bytes([1, 0, 0, 0]), offer
        return self.context.wrap(self.last, False).message


def answer(turn):
    if turn == "garbage":
        return lambda challenge: b"no token"
    if turn == "cancel":
        return lambda challenge: None
    if turn == "layer":
        return Ticket("imap", "", 2)
    return Ticket(*turn.split(":"))


client = imaplib.IMAP4_SSL("localhost", int(PORT), ssl_context=ssl.create_default_context(cafile=CERTIFICATE))
print("announced" if "AUTH=GSSAPI" in client.capabilities else "not announced")
for each in TURNS:
    try:
        said, text = client.authenticate("GSSAPI", answer(each))
        print(each, said)
        client.select("INBOX")
        print("selected", client.state)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as refusal:
        print(each, refusal)
client.logout()
