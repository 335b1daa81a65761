/** What a launch costs, beside bubblewrap and Podman; run by hand, never by the test command. */
@NullMarked
package dev.caisson.bench;

import org.jspecify.annotations.NullMarked;
