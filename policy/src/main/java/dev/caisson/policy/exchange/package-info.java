/** Policies from the documents of other tools, and documents of other tools from policies. */
@NullMarked
package dev.caisson.policy.exchange;

import org.jspecify.annotations.NullMarked;
