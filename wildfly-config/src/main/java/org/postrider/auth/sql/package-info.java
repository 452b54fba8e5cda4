/**
 * Accounts in a database: Courier's authmysql, authpgsql and authsqlite with their settings files,
 * through JDBC. Inside the server the connections are those of a datasource; elsewhere a driver on
 * the class path makes them.
 *
 * <p>No statement is ever put together from what a client sent: that travels as parameters.
 */
package org.postrider.auth.sql;
