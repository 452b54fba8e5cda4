/** The JAAS login modules. */
package org.postrider.auth;
