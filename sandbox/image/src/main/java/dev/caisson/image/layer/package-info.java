/** Unpacking a layer beneath its directory, whatever the archive says. */
@NullMarked
package dev.caisson.image.layer;

import org.jspecify.annotations.NullMarked;
