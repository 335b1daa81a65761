/** Digests, image references, keys and signatures, and the trust policy that judges them. */
@NullMarked
package dev.caisson.signing;

import org.jspecify.annotations.NullMarked;
