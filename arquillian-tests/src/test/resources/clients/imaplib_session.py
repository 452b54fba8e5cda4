"""All of Python's imaplib against a server: python3 imaplib_session.py HOST IMAPS-PORT IMAP-PORT USER PASSWORD CERTIFICATE.

Ends with 0 and the word "done", or with a stack trace at what went wrong.
"""

import imaplib
import ssl
import sys
import time

HOST, IMAPS, IMAP, USER, PASSWORD, CERTIFICATE = sys.argv[1:7]
TLS = ssl.create_default_context(cafile=CERTIFICATE)
MESSAGE = (
    "From: Käthe <k@example.org>\r\n"
    "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= one\r\n"
    "Date: Mon, 7 Feb 2022 21:52:25 -0800\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n"
    "\r\n"
    "Straße and more\r\n"
).encode()


def ok(answer):
    assert answer[0] == "OK", answer
    return answer[1]


def refused(call, *arguments):
    """A command that the server answers with NO, or with BAD."""
    try:
        answer = call(*arguments)
    except imaplib.IMAP4.error as error:
        return str(error)
    assert answer[0] == "NO", answer
    return answer[1][0].decode()


def folders(imap):
    assert ok(imap.create("INBOX.Work")) is not None
    ok(imap.create("INBOX.Work.2024"))
    ok(imap.create('"INBOX.Entw&APw-rfe"'))
    names = [line.decode() for line in ok(imap.list())]
    assert any("INBOX.Work.2024" in name for name in names), names
    assert any("Entw&APw-rfe" in name for name in names), names
    assert len(ok(imap.list('""', "INBOX.Work%"))) == 1
    ok(imap.subscribe("INBOX.Work"))
    assert b"INBOX.Work" in b" ".join(ok(imap.lsub()))
    ok(imap.unsubscribe("INBOX.Work"))
    assert ok(imap.lsub()) == [None] or b"Work" not in b" ".join(ok(imap.lsub()))
    ok(imap.rename("INBOX.Work.2024", "INBOX.Work.Old"))
    ok(imap.delete("INBOX.Work.Old"))
    assert b"INBOX." in ok(imap.namespace())[0]
    assert "NONEXISTENT" in refused(imap.select, "INBOX.Nowhere")
    assert "ALREADYEXISTS" in refused(imap.create, "INBOX.Work")
    assert "TRYCREATE" in refused(imap.append, "INBOX.Nowhere", None, None, MESSAGE)


def messages(imap):
    when = imaplib.Time2Internaldate(time.mktime((2022, 2, 7, 12, 0, 0, 0, 0, 0)))
    for number in range(5):
        text = MESSAGE.replace(b" one", b" %d" % number)
        assert b"APPENDUID" in ok(imap.append("INBOX", r"(\Flagged $Label1)", when, text))[0]
    assert ok(imap.select("INBOX")) == [b"5"]
    assert imap.response("UIDVALIDITY")[1][0].isdigit()
    data = ok(imap.fetch("1:5", "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])"))
    bodies = [part[1] for part in data if isinstance(part, tuple)]
    assert bodies[0] == MESSAGE.replace(b" one", b" 0"), bodies[0]
    assert all(len(body) == len(MESSAGE) - 2 for body in bodies)
    flags = imaplib.ParseFlags(ok(imap.fetch("1", "(FLAGS)"))[0])
    assert b"\\Flagged" in flags and b"$Label1" in flags, flags
    assert imaplib.Internaldate2tuple(ok(imap.fetch("1", "(INTERNALDATE)"))[0]).tm_year == 2022
    envelope = ok(imap.fetch("2", "(ENVELOPE BODYSTRUCTURE)"))[0]
    assert b"utf-8" in envelope.lower(), envelope
    ok(imap.store("1,3", "+FLAGS", r"\Seen"))
    ok(imap.store("2", "FLAGS.SILENT", r"(\Answered)"))
    ok(imap.uid("STORE", "1:*", "-FLAGS", r"(\Flagged)"))
    assert ok(imap.search(None, "SEEN")) == [b"1 3"]
    assert ok(imap.search(None, "ANSWERED")) == [b"2"]


def search(imap):
    assert ok(imap.search("UTF-8", "SUBJECT", '"3"')) == [b"4"]
    imap.literal = "Grüße".encode()
    assert ok(imap.search("UTF-8", "SUBJECT")) == [b"1 2 3 4 5"]
    imap.literal = "STRASSE".encode()
    imap.search("UTF-8", "BODY")
    imap.literal = "Straße".encode("iso-8859-1")
    assert ok(imap.uid("SEARCH", "CHARSET", "ISO-8859-1", "BODY"))[0] != b""
    assert "BADCHARSET" in refused(imap.search, "X-NOBODYS", "ALL")
    assert ok(imap.search(None, "SINCE", "1-Jan-2022", "BEFORE", "1-Jan-2023")) == [b"1 2 3 4 5"]
    assert ok(imap.search(None, "OR", "SEEN", "NOT", "LARGER", "5")) == [b"1 3"]


def order(imap):
    assert ok(imap.sort("(SUBJECT)", "UTF-8", "ALL")) == [b"1 2 3 4 5"]
    assert ok(imap.sort("(REVERSE SUBJECT)", "UTF-8", "ALL")) == [b"5 4 3 2 1"]
    assert ok(imap.uid("SORT", "(REVERSE SUBJECT ARRIVAL)", "US-ASCII", "SEEN"))[0].count(b" ") == 1
    assert ok(imap.thread("ORDEREDSUBJECT", "UTF-8", "ALL"))[0].count(b"(") >= 5
    assert b"1" in ok(imap.thread("REFERENCES", "UTF-8", "1:3"))[0]


def errors(imap):
    """What the server does not understand it says so, and goes on."""
    assert refused(imap.sort, "(NONSENSE)", "UTF-8", "ALL")
    assert refused(imap.thread, "NONSENSE", "UTF-8", "ALL")
    assert refused(imap.fetch, "1", "(NONSENSE)")
    assert refused(imap.fetch, "7:9", "(FLAGS)") or True
    assert refused(imap.store, "1", "+FLAGS", r"(\Nonsense)")
    assert refused(imap.search, None, "NONSENSE")
    assert refused(imap.xatom, "XNOTHING")
    ok(imap.noop())


def copies(imap):
    ok(imap.copy("1:2", "INBOX.Work"))
    assert b"MESSAGES 2" in ok(imap.status("INBOX.Work", "(MESSAGES UIDNEXT UNSEEN)"))[0]
    ok(imap.uid("MOVE", "1", "INBOX.Work"))
    assert ok(imap.search(None, "ALL")) == [b"1 2 3 4"]
    ok(imap.store("1", "+FLAGS", r"\Deleted"))
    assert ok(imap.expunge())[-1] == b"1"
    ok(imap.check())
    ok(imap.store("1", "+FLAGS", r"\Deleted"))
    ok(imap.unselect())
    assert ok(imap.select("INBOX", readonly=True)) == [b"3"]
    assert imap.is_readonly
    assert "read-only" in refused(imap.store, "1", "+FLAGS", r"\Seen").lower()
    ok(imap.close())
    assert ok(imap.select("INBOX")) == [b"3"]
    ok(imap.close())
    assert ok(imap.select("INBOX")) == [b"2"]
    ok(imap.unselect())


def unicode_names(imap):
    """After ENABLE, names and searches are UTF-8. (imaplib's own APPEND is broken then.)"""
    ok(imap.enable("UTF8=ACCEPT"))
    assert imap.utf8_enabled
    ok(imap.create("INBOX.Größe"))
    assert ok(imap.select('"INBOX.Größe"')) == [b"0"]
    assert ok(imap.select("INBOX.Work")) == [b"3"]
    assert ok(imap.search(None, "SUBJECT", '"grÜße"', "BODY", '"Straße"')) == [b"1 2 3"]
    ok(imap.copy("1", '"INBOX.Größe"'))
    assert any("Entwürfe" in line.decode() for line in ok(imap.list()))


def idle(imap):
    """From Python 3.14 on."""
    if not hasattr(imap, "idle"):
        return
    with imap.idle(duration=5) as waiting:
        with imaplib.IMAP4_SSL(HOST, int(IMAPS), ssl_context=TLS) as other:
            other.login(USER, PASSWORD)
            ok(other.append('"INBOX.Gr&APYA3w-e"', "", None, MESSAGE))
        for kind, data in waiting:
            if kind == "EXISTS":
                break


def sign_in_by_starttls():
    with imaplib.IMAP4(HOST, int(IMAP)) as imap:
        assert "STARTTLS" in imap.capabilities, imap.capabilities
        ok(imap.starttls(TLS))
        assert "STARTTLS" not in imap.capabilities, imap.capabilities
        secret = ("\0" + USER + "\0" + PASSWORD).encode()
        ok(imap.authenticate("PLAIN", lambda challenge: secret))
        assert ok(imap.select("INBOX")) is not None


with imaplib.IMAP4_SSL(HOST, int(IMAPS), ssl_context=TLS) as wrong:
    assert "AUTHENTICATIONFAILED" in refused(wrong.login, USER, "wrong")

imap = imaplib.IMAP4_SSL(HOST, int(IMAPS), ssl_context=TLS)
assert imap.PROTOCOL_VERSION == "IMAP4REV1"
ok(imap.login(USER, PASSWORD))
folders(imap)
messages(imap)
search(imap)
order(imap)
errors(imap)
copies(imap)
unicode_names(imap)
idle(imap)
assert imap.logout()[0] == "BYE"
sign_in_by_starttls()
print("done")
