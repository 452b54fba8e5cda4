/**
 * Where the server meets network and container: the resource adapter, its listeners and
 * connections, TLS, limits, and what administrators see of them.
 *
 * <p>Nothing of the IMAP grammar is here: a connection runs a {@code session.Conversation}. Jakarta
 * Connectors 2.1.
 */
package org.postrider.connector;
