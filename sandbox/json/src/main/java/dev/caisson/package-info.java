/** What every module shares: refusals and Unix paths as bytes. */
@NullMarked
package dev.caisson;

import org.jspecify.annotations.NullMarked;
