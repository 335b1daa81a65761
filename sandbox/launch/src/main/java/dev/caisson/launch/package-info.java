/**
 * The launch: a program of system calls that Java computes and a few hundred bytes of machine code
 * run, and all native calls that Caisson makes itself.
 */
@NullMarked
package dev.caisson.launch;

import org.jspecify.annotations.NullMarked;
