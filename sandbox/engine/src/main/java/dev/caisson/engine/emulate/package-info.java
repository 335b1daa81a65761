/** Root emulation: what changes of owners and ids seem to do ({@code process.rootEmulation}). */
@NullMarked
package dev.caisson.engine.emulate;

import org.jspecify.annotations.NullMarked;
