/** Caisson as a library: what is asked for, made ready to start, and started. */
@NullMarked
package dev.caisson.engine;

import org.jspecify.annotations.NullMarked;
