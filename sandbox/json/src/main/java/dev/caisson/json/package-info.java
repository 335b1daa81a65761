/**
 * Strict JSON (RFC 8259) as a tree with positions. Every mistake and every duplicate key is
 * recorded, so that a person sees all of them at once.
 */
@NullMarked
package dev.caisson.json;

import org.jspecify.annotations.NullMarked;
