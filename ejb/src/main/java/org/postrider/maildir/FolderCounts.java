package org.postrider.maildir;

/**
 * The numbers of a folder.
 *
 * @param messages those still in {@code new} included
 * @param recent messages that no session was told of yet
 * @param uidNext the UID that the next arrival gets, those in {@code new} counted as numbered
 * @param unseen without {@code \Seen}
 * @param deleted with {@code \Deleted}
 */
public record FolderCounts(
    long messages, long recent, long uidNext, long uidValidity, long unseen, long deleted) {}
