/**
 * Conversations as tests: the language of {@code *.imap} files ({@link
 * org.postrider.transcript.TranscriptParser}), what plays them ({@link
 * org.postrider.transcript.TranscriptRunner}) and a whole mail store in memory to play them on.
 *
 * <p>Other modules play the same files on Maildirs and in the server: all they add is a {@link
 * org.postrider.transcript.Stage}.
 */
package org.postrider.transcript;
