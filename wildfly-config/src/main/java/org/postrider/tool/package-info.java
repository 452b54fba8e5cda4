/**
 * The command line of the operator: making a data directory, and running a server in the
 * foreground. Nothing here is loaded by the server; what it knows about accounts and certificates
 * it takes from {@code org.postrider.auth} and {@code org.postrider.connector}.
 */
package org.postrider.tool;
