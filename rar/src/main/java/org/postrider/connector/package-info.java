/** The resource adapter: listeners, connections, TLS and their limits. */
package org.postrider.connector;
