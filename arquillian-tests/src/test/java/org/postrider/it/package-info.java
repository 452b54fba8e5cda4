/**
 * The whole application in the provisioned WildFly, started as an operator starts it, and asked by
 * real clients over TLS.
 *
 * <p>{@link org.postrider.it.PostriderServer} is a server in processes of its own; most classes
 * share one ({@link org.postrider.it.SharedServer}), on ports that were free and with a fresh data
 * directory below {@code target/}. Each test has an account of its own. A program that is needed
 * and missing fails the test with the name of its package: nothing here is skipped.
 */
package org.postrider.it;
