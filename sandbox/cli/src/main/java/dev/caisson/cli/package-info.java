/** The command line. */
@NullMarked
package dev.caisson.cli;

import org.jspecify.annotations.NullMarked;
