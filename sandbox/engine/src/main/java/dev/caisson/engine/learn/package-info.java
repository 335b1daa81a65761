/** Learns from one run of a program the smallest policy that would have let it pass. */
@NullMarked
package dev.caisson.engine.learn;

import org.jspecify.annotations.NullMarked;
