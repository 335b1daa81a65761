/**
 * The policy language: reading gives a {@link Policy}, resolving it against host facts gives an
 * {@link EffectivePolicy} in which nothing is left to decide.
 */
@NullMarked
package dev.caisson.policy;

import org.jspecify.annotations.NullMarked;
