/** A strict reader of tar archives and gzip members, and a writer of deterministic ones. */
@NullMarked
package dev.caisson.image.tar;

import org.jspecify.annotations.NullMarked;
