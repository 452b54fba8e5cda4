/**
 * Bearer tokens: whether one is valid, and whose it is. Signed ones (RFC 7519) are checked by an
 * issuer's keys, others by asking the issuer (RFC 7662). How a token comes is not here.
 */
package org.postrider.auth.oauth;
