/** The beans behind the pages of the console. */
package org.postrider.console;
