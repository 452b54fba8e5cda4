package org.postrider.mail;

/** All that the application answers. */
public record Mail(
    Accounts accounts,
    Mailboxes mailboxes,
    Messages messages,
    Quotas quotas,
    AccessControl access) {}
