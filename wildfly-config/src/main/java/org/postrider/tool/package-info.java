/** The command line of the operator. */
package org.postrider.tool;
