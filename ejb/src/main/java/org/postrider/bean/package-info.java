/** The message endpoint and the session beans. */
package org.postrider.bean;
